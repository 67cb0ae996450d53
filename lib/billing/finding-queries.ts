// What is found in a contract of the customer's.
import { and, eq, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { seesInvoices, selectAccess } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import type { Threshold } from '../tariffs/schema.ts'
import { meterState } from '../tariffs/threshold-columns.ts'
import { type MeterState, thresholdOf } from '../tariffs/threshold-rules.ts'
import {
  findingKey,
  isWatchedWith,
  openRequests,
  owedJson,
  readOwed,
  readWatched,
  watchedJson,
  watchedTerms,
} from './finding-columns.ts'
import { type Finding, findingsOf } from './finding-rules.ts'

/**
 * `shown`: the most important first; `dismissed`: what the customer put away, and is still so. `threshold`: how near the month's use is
 * to a limit, null where it is not near or not known.
 */
export type Findings = { shown: Finding[]; dismissed: Finding[]; threshold: Threshold | null }

/** Nothing where the contract is not theirs to look into. */
export async function getFindings(
  customer: { id: string },
  biller: string,
  code: string,
  now: Date,
): Promise<Findings> {
  const rows = await selectAccess(database(), {
    code: contracts.code,
    ...watchedTerms,
    watched: watchedJson(customer, now, sql`${contracts.code} = ${code}`),
    owed: owedJson(now),
    requests: openRequests(customer, now),
    meter: sql<MeterState | null>`case when ${contracts.code} = ${code} then ${meterState(now)} end`,
  }).where(
    and(
      eq(contractAccess.accountId, customer.id),
      eq(billers.code, biller as 'kesco'),
      seesInvoices,
      isWatchedWith(biller, code, now),
    ),
  )
  const all = rows.map(row => readWatched(row, new Map(readOwed(row.owed)), now))
  const watched = all.find(one => one.code === code)
  if (!watched) return { shown: [], dismissed: [], threshold: null }
  const found = findingsOf(
    watched,
    all.filter(one => one !== watched),
  )
  // A payment is told of with two contracts, and put away with either.
  const meter = rows.find(row => row.code === code)?.meter
  const putAway = new Set(rows.flatMap(row => row.watched.dismissed ?? []))
  return {
    shown: found.filter(finding => !putAway.has(findingKey(finding))),
    dismissed: found.filter(finding => putAway.has(findingKey(finding))),
    threshold: meter ? thresholdOf(meter, now) : null,
  }
}

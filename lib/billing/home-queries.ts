// What home tells of a customer's contracts.
import { and, eq, isNull, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import {
  accessLevel,
  hasAccess,
  hasMovedOut,
  holdsNow,
  isOwn,
  isOwnInvoice,
  selectAccess,
  todayAt,
} from '../contracts/access.ts'
import { listOrder, summaryColumns } from '../contracts/queries.ts'
import { database } from '../platform/database.ts'
import { addMonths, dayIn, type IsoDate } from '../platform/dates.ts'
import {
  disconnectionOfContract,
  outagesOfContract,
  readDisconnection,
  readOutage,
} from '../supply/columns.ts'
import { meterState } from '../tariffs/threshold-columns.ts'
import { type MeterState, thresholdOf } from '../tariffs/threshold-rules.ts'
import type { BilledUnits } from './consumption.ts'
import { openRequests, type WatchedJson, watchedJson, watchedTerms } from './finding-columns.ts'
import { HISTORY_MONTHS } from './statement-rules.ts'

/** So many contracts at most have their year on home; of more, reading them all would be most of the page's work. */
export const MOST_YEARS = 3
/** So many at most are looked through for what stands out in their bills and payments. */
const MOST_WATCHED = 12

/** An invoice of a contract's last twelve months, of which none is cancelled. */
type YearInvoice = BilledUnits & { issuedOn: string }

type Latest = { id: number; period: IsoDate; units: string | null }

/** The newest invoice of the joined contract, of months that have come. */
function latest(now: Date) {
  const { id, period, number, units } = invoices
  return sql<Latest | null>`(select json_build_object('id', ${id}, 'period', ${period}, 'units', ${units}::text) from ${invoices}
    where ${invoices.contractId} = ${contracts.id} and ${invoices.cancelledOn} is null and ${isOwnInvoice} and ${period} <= ${todayAt(now)}
    order by ${period} desc, ${number} desc limit 1)`
}

export type HomeContract = Awaited<ReturnType<typeof listHomeContracts>>[number]

/** Somebody else has the contract, is not its holder too, and waits for the holder's decision. */
const somebodyWaits = (holder: string) => sql<boolean>`exists (
  select from ${contractAccess} inner join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
  where ${contractAccess.contractId} = ${contracts.id} and ${contractAccess.accountId} <> ${holder}
    and ${contractAccess.removedAt} is null and (${contractAccess.holderDecision} is null or ${contractAccess.handoverAt} <= now())
    and ${accessLevel} <> 'holder' and not ${hasMovedOut})`

/**
 * The customer's contracts by biller, the newest added first, those too that their holder refused. `latest`, of months that have come,
 * `year` and `watched`: null where the level does not show invoices, or there are none; `year` and `threshold` (how near the month's
 * use is to a limit) also of more than MOST_YEARS, `watched` of more than MOST_WATCHED.
 */
export async function listHomeContracts(customer: { id: string }, now: Date) {
  const rows = await selectAccess(database(), {
    ...summaryColumns,
    isOwn,
    isRefused: sql<boolean>`${contractAccess.holderDecision} is not distinct from 'refused'`,
    addedAt: contractAccess.addedAt,
    meterRemote: contracts.meterRemote,
    openRequests: openRequests(customer, now),
    somebodyWaits: sql<boolean>`${holdsNow} and ${somebodyWaits(customer.id)}`,
    disconnection: disconnectionOfContract(now),
    outages: outagesOfContract(now),
    ...watchedTerms,
    // Of those that are watched, the latest is among what is.
    latest: sql<Latest | null>`case when count(*) over () > ${MOST_WATCHED} then ${latest(now)} end`,
    watched: sql<WatchedJson | null>`case when count(*) over () <= ${MOST_WATCHED} then ${watchedJson(customer, now, sql`true`)} end`,
    meter: sql<MeterState | null>`case when count(*) over () <= ${MOST_YEARS} then ${meterState(now)} end`,
  })
    .where(and(eq(contractAccess.accountId, customer.id), isNull(contractAccess.removedAt)))
    .orderBy(...listOrder)
  return rows.map(({ disconnection, outages, meter, ...row }) => ({
    ...row,
    threshold: meter && thresholdOf(meter, now),
    ...(row.level === 'amounts'
      ? { latest: null, year: null, watched: null }
      : billedOf(row, rows.length, now)),
    disconnection: disconnection && readDisconnection(disconnection),
    outages: outages.map(readOutage),
  }))
}

export type UsedContract = Awaited<ReturnType<typeof listUsedContracts>>[number]

/** The customer's contracts in the same order, to choose whose history is opened. `latest`: as of home. */
export const listUsedContracts = (customer: { id: string }, now: Date) =>
  selectAccess(database(), {
    ...summaryColumns,
    latest: sql<Latest | null>`case when ${accessLevel} <> 'amounts' then ${latest(now)} end`,
  })
    .where(and(eq(contractAccess.accountId, customer.id), hasAccess))
    .orderBy(...listOrder)

type Billed = { timeZone: string; latest: Latest | null; watched: WatchedJson | null }

/** A contract's latest invoice and the year that ends with it, of so many contracts. */
function billedOf({ timeZone, latest, watched }: Billed, contracts: number, now: Date) {
  if (!watched) return { latest, year: null }
  const today = dayIn(timeZone, now)
  // An invoice for months to come does not hide those of now.
  const come = watched.invoices.filter(({ period }) => period <= today)
  const newest = come.at(-1)
  if (!newest) return { latest: null, year: null }
  const { id, period, units } = newest
  const since = addMonths(period, -HISTORY_MONTHS)
  const year: YearInvoice[] = come
    .filter(invoice => invoice.period > since)
    .map(invoice => ({ ...invoice, cancelledOn: null }))
  return { latest: { id, period, units }, year: contracts <= MOST_YEARS ? year : null }
}

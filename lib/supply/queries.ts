// Reads of outages and disconnections: of a customer's own contracts, and of anybody's area.
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { feedRuns } from '../../db/schema/feed.ts'
import { outages } from '../../db/schema/supply.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { isSupply } from '../billers/supply.ts'
import {
  accessLevel,
  billerColumns,
  hasAccess,
  hasContract,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTries } from '../platform/rate-limits.ts'
import {
  areasOf,
  disconnectionOfContract,
  isToldOf,
  type OutageJson,
  outageJson,
  outagesOfContract,
  readDisconnection,
  readOutage,
} from './columns.ts'

export type OwnSupply = Awaited<ReturnType<typeof listOwnSupply>>[number]

/** The customer's contracts that are supplied, by biller, the newest added first, each with what concerns its supply. */
export async function listOwnSupply(customer: { id: string }, now: Date) {
  const rows = await selectAccess(database(), {
    id: contracts.id,
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
    level: accessLevel,
    disconnection: disconnectionOfContract(now),
    outages: outagesOfContract(now),
  })
    .where(and(eq(contractAccess.accountId, customer.id), hasAccess, isNull(contracts.closedOn)))
    .orderBy(asc(billers.id), desc(contractAccess.addedAt), asc(contracts.code))
  const supplied = rows.filter(({ biller }) => isSupply(biller.code))
  return supplied.map(({ disconnection, outages, ...contract }) => ({
    ...contract,
    disconnection: disconnection && readDisconnection(disconnection),
    outages: outages.map(readOutage),
  }))
}

/** What outages are looked for: all, those at a place, or those of a contract's area. */
export type Search = { place?: string; contract?: { biller: BillerCode; code: string } }

/** So many of a biller; of more, one that is searched for is found. */
export const MOST_OUTAGES = 20

export type BillerOutages = Awaited<ReturnType<typeof listOutages>>[number]

/**
 * What anybody may know: each biller that supplies something with its outages, whether it tells of any at all, whom to call, and when
 * its newest feed was loaded. Of a contract that does not
 * exist it tells what it does of one of whose area nothing is known.
 */
export async function listOutages({ place, contract }: Search, now: Date) {
  const found = database()
    .select({ json: sql<OutageJson>`${outageJson}`.as('json') })
    .from(sql`${outages} o`)
    .where(
      and(
        sql`o.biller_id = ${billers.id}`,
        isToldOf(now),
        place === undefined ? undefined : hasWords(place),
        contract && isOfArea(contract),
      ),
    )
    .orderBy(
      sql`o.cancelled_on is not null`,
      sql`o.ends_at <= ${now.toISOString()}::timestamptz`,
      sql`o.starts_at`,
    )
    .limit(MOST_OUTAGES + 1)
  const rows = await database()
    .select({
      code: billers.code,
      name: billers.name,
      unit: billers.unit,
      timeZone: billers.timeZone,
      phone: billers.contactPhone,
      email: billers.contactEmail,
      updatedAt: sql<string | null>`(select r.finished_at from ${feedRuns} r
        where r.biller_id = billers.id and r.status in ('loaded', 'loaded_with_refusals') order by r.started_at desc limit 1)`,
      tells: sql<boolean>`coalesce((select true from ${outages} o where o.biller_id = billers.id order by o.reference limit 1), false)`,
      outages: sql<OutageJson[]>`(select coalesce(json_agg(found.json), '[]') from (${found}) found)`,
    })
    .from(billers)
    .orderBy(asc(billers.id))
  const supplying = rows.filter(({ code }) => isSupply(code))
  return supplying.map(({ outages, updatedAt, ...biller }) => ({
    ...biller,
    updatedAt: updatedAt === null ? null : new Date(updatedAt),
    hasMore: outages.length > MOST_OUTAGES,
    outages: outages.slice(0, MOST_OUTAGES).map(readOutage),
  }))
}

/** Each word that was typed begins one of the outage's; nothing that is a word finds all. */
const hasWords = (place: string) =>
  sql`not exists (select from unnest(string_to_array(place_words(${place}), ' ')) word
    where o.words not like '% ' || word || '%')`

/** One statement, and one answer, whether there is such a contract or not. */
const isOfArea = ({ biller, code }: { biller: BillerCode; code: string }) =>
  sql`${billers.code} = ${biller} and o.area = any(array(select unnest(own.areas) from (select) nothing
    left join ${contracts} c on c.biller_id = ${billers.id} and c.code = ${code}
    cross join lateral ${areasOf({ region: sql`c.region`, branch: sql`c.branch`, zone: sql`c.zone` })} own))`

/**
 * Counts a search by a contract's code, whether there is one or not; of one that is on the customer's own list none is counted.
 * Returns 0 where it is allowed, else the seconds to wait.
 */
export async function countCodeSearch(
  { biller, code }: { biller: BillerCode; code: string },
  customer: { id: string } | undefined,
  address: string | null,
): Promise<number> {
  if (customer && (await hasOnList(customer, biller, code))) return 0
  const about = `${biller} ${code}`
  const { seconds } = await countTries(
    [limits.outagesOfAddressAndContract(), { address, about }],
    [limits.outagesOfAddress(), { address }],
    [limits.outagesOfContract(), about],
  )
  return seconds
}

async function hasOnList(customer: { id: string }, biller: BillerCode, code: string): Promise<boolean> {
  const rows = await selectAccess(database(), { id: contracts.id }).where(
    hasContract(customer.id, biller, code),
  )
  return rows.length > 0
}

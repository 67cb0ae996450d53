// What statements over contracts read of their supply: the disconnection that matters, and the outages of their area.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { contractAreas, disconnections, outages } from '../../db/schema/supply.ts'
import { accessLevel, hasAccess, inOwnTime, paymentBegins, whenInOwnTime } from '../contracts/access.ts'
import { dayIn, PORTAL_ZONE } from '../platform/dates.ts'
import { AHEAD_DAYS, ENDED_HOURS, FORGOTTEN_DAYS } from './rules.ts'
import type { Disconnection, Outage } from './schema.ts'

/** As JSON has them: times are texts. */
type AsJson<Of> = {
  [Name in keyof Of]: Of[Name] extends Date ? string : Of[Name] extends Date | null ? string | null : Of[Name]
}
export type OutageJson = AsJson<Outage>
export type DisconnectionJson = AsJson<Omit<Disconnection, 'payments'>> & {
  payments: { amount: number; at: string }[]
}

const at = (time: string | null) => (time === null ? null : new Date(time))

export const readOutage = (json: OutageJson): Outage => ({
  ...json,
  startsAt: new Date(json.startsAt),
  endsAt: at(json.endsAt),
})

export const readDisconnection = (json: DisconnectionJson): Disconnection => ({
  ...json,
  doneAt: at(json.doneAt),
  reconnectedAt: at(json.reconnectedAt),
  payments: json.payments.map(payment => ({ ...payment, at: new Date(payment.at) })),
})

/** Reads an outage `o` as JSON. */
export const outageJson = sql`json_build_object('id', o.id, 'kind', o.kind, 'region', o.region, 'branch', o.branch, 'zone', o.zone,
  'place', o.place, 'startsAt', o.starts_at, 'endsAt', o.ends_at, 'textSq', o.text_sq, 'textEn', o.text_en, 'textSr', o.text_sr,
  'isCancelled', o.cancelled_on is not null)`

/** The outage `o` is told of: it is going on, near, or has just ended. Its first two conditions are a range of an index. */
export const isToldOf = (now: Date): SQL => {
  const moment = sql`${now.toISOString()}::timestamptz`
  return sql`(o.starts_at > ${moment} - make_interval(days => ${FORGOTTEN_DAYS})
    and o.starts_at < ${moment} + make_interval(days => ${AHEAD_DAYS})
    and (o.ends_at is null or o.ends_at > ${moment} - make_interval(hours => ${ENDED_HOURS}))
    and (o.cancelled_on is null or coalesce(o.ends_at, o.starts_at) > ${moment}))`
}

/**
 * What outages may call the area of a contract: one concerns it where each of region, branch and zone that it names is the contract's,
 * compared without regard to case and diacritics. `of`: the columns region, branch and zone; unknown ones agree with none that is named.
 * Of what a feed named it is read; to work it out takes ten times as long.
 */
export function areasOf(of: { region: SQLWrapper; branch: SQLWrapper; zone: SQLWrapper }): SQL {
  const [region, branch, zone] = [of.region, of.branch, of.zone].map(name => sql`coalesce(${name}, '')`)
  return sql`(select coalesce(
    (select known.areas from ${contractAreas} known
      where known.region = ${region} and known.branch = ${branch} and known.zone = ${zone}),
    areas_of(${region}, ${branch}, ${zone})) as areas)`
}

/** So many outages of a contract at most. */
const OF_CONTRACT = 5

/** The outages of the joined contract's area, those that have not ended first. For queries over contracts. */
export const outagesOfContract = (now: Date) => sql<OutageJson[]>`(
  select coalesce(json_agg(near.json), '[]') from (
    select ${outageJson} as json from ${areasOf(contracts)} own
      join ${outages} o on o.biller_id = ${contracts.billerId} and o.area = any(own.areas)
    where ${isToldOf(now)}
    order by o.cancelled_on is not null, o.ends_at <= ${now.toISOString()}::timestamptz, o.starts_at limit ${OF_CONTRACT}) near)`

/** So long a disconnection that was not done is told of after the day it was announced for, and one that is over afterwards. */
const OPEN_DAYS = 60
const OVER_DAYS = 3

const payment = sql`coalesce(p.transaction_at, p.received_at)`

/**
 * What was paid of a disconnection's contract since the day it was announced, as JSON, in the order in which it became known. `isSeen`:
 * which payments `p`.
 */
export const paymentsSince = (of: { contractId: SQLWrapper; announcedOn: SQLWrapper }, isSeen: SQL) =>
  sql<
    DisconnectionJson['payments']
  >`(select coalesce(json_agg(json_build_object('amount', p.amount, 'at', ${payment}) order by ${payment}), '[]')
    from ${payments} p where p.contract_id = ${of.contractId} and p.paid_on >= ${of.announcedOn} and p.reversed_on is null
      and ${isSeen})`

/** Reads a disconnection `d` as JSON; `ownTimeAlone`: without what was done and paid when the contract was not its reader's. */
function disconnectionJson({ ownTimeAlone }: { ownTimeAlone: boolean }): SQL {
  const seen = (instant: SQL) => (ownTimeAlone ? whenInOwnTime(instant) : instant)
  const isSeen = ownTimeAlone ? inOwnTime(paymentBegins('p')) : sql`true`
  const of = { contractId: sql`d.contract_id`, announcedOn: sql`d.announced_on` }
  return sql`json_build_object('announcedOn', d.announced_on, 'notBefore', d.not_before, 'reason', d.reason, 'amount', d.amount,
    'doneAt', ${seen(sql`d.done_at`)}, 'reconnectedAt', ${seen(sql`d.reconnected_at`)}, 'cancelledOn', d.cancelled_on,
    'payments', ${paymentsSince(of, isSeen)})`
}

/**
 * Whoever sees amounts alone learns of a disconnection `d` what to pay until when, and not whether anybody sits in the dark:
 * `seesMore` is true of all others.
 */
export const learnsOfDisconnection = (seesMore: SQL): SQL =>
  sql`(${seesMore} or d.reason = 'debt' and d.done_at is null and d.reconnected_at is null)`

/**
 * The disconnection of the joined contract that matters most: one that was done before one that is announced. For queries over
 * accounts ⨝ contract_access ⨝ contracts ⨝ billers.
 */
export function disconnectionOfContract(now: Date) {
  const today = sql`${dayIn(PORTAL_ZONE, now)}::date`
  const doneAt = whenInOwnTime(sql`d.done_at`)
  return sql<DisconnectionJson | null>`(select ${disconnectionJson({ ownTimeAlone: true })} from ${disconnections} d
    where d.contract_id = ${contracts.id} and ${hasAccess} and ${inOwnTime(sql`d.announced_on`)}
      and ${learnsOfDisconnection(sql`${accessLevel} <> 'amounts'`)}
      and coalesce(d.cancelled_on > ${today} - ${OVER_DAYS}::int, true)
      and coalesce(d.reconnected_at::date > ${today} - ${OVER_DAYS}::int, true)
      and (${doneAt} is not null or d.not_before > ${today} - ${OPEN_DAYS}::int)
    order by d.cancelled_on is not null, ${doneAt} is null or d.reconnected_at is not null, d.announced_on desc limit 1)`
}

/** The newest disconnections of the joined contract, whatever became of them, for staff. For queries over contracts. */
export const newestDisconnections = (most: number) => sql<DisconnectionJson[]>`(
  select coalesce(json_agg(newest.json), '[]') from (
    select ${disconnectionJson({ ownTimeAlone: false })} as json from ${disconnections} d
    where d.contract_id = ${contracts.id} order by d.announced_on desc, d.id desc limit ${most}) newest)`

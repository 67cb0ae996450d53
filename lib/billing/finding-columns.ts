// What findings are made of, as a column of a statement over the contracts that accounts have.
import { type SQL, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { invoiceLines, invoices } from '../../db/schema/billing.ts'
import { cases } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { dismissedFindings } from '../../db/schema/findings.ts'
import { payments } from '../../db/schema/ledger.ts'
import { contractIdsOf, inOwnTime, isOwnInvoice, paymentBegins, todayAt } from '../contracts/access.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { type InvoiceBalance, nothingPaid } from '../ledger/rules.ts'
import { dayIn } from '../platform/dates.ts'
import { knownTariffsJson } from '../tariffs/queries.ts'
import type { Tariff } from '../tariffs/schema.ts'
import type { Finding, StrayPayment, Watched, WatchedInvoice } from './finding-rules.ts'
import { underWay } from './under-way.ts'

/** A year, the year before it, and the months around its first one. */
const WATCHED_MONTHS = 28
/** A payment that pays nothing for longer is not looked at. */
const STRAY_MONTHS = 12

export type WatchedJson = {
  /** By month and number. */
  invoices: (Omit<WatchedInvoice, keyof Owed | 'units' | 'isComplainedOf'> & { units: string | null })[]
  strays: StrayPayment[] | null
  tariffs: Tariff[] | null
  interest: InterestTerm[]
  dismissed: string[] | null
}

/** What is paid of an invoice that is not paid in full, and whether the rest is being paid. */
export type Owed = InvoiceBalance & { isUnderWay: boolean }

type OwedJson = Record<string, Omit<Owed, 'interestMillionths'> & { interestMillionths: string }>

/** One of the account's own. `isExpected`: its answer is, from the account. `isLate`: from staff, who should have decided. */
export type OpenRequest = { kind: string; invoice: string | null; isExpected: boolean; isLate: boolean }

/**
 * Of the joined contract, in the joined account's own time. `whole`: whether all of its bills are looked at, and not what is unpaid alone.
 * They are read from the index `invoices_of_contract`, which does not say what is paid of one that is not paid in full: owedJson does.
 */
export const watchedJson = (
  customer: { id: string },
  now: Date,
  whole: SQL,
) => sql<WatchedJson>`json_build_object(
  'invoices', (select coalesce(json_agg(${billJson} order by period, number), '[]')
    from (select ${indexed}, max(period) filter (where period <= ${todayAt(now)}) over () as latest
      from ${invoices} where ${ofContract}) invoices
    where unpaid > 0 or ${whole} and period > latest - make_interval(months => ${WATCHED_MONTHS})),
  'strays', case when ${hasStrays(customer.id)} then (
    select json_agg(json_build_object('id', ${payments.id}, 'paidOn', ${payments.paidOn}, 'amount', ${payments.amount},
      'left', ${payments.amount} - ${payments.allocated} - ${payments.refunded}, 'invoiceNumber', ${payments.invoiceNumber}))
    from ${payments} where ${isStray(now)} and ${payments.contractId} = ${contracts.id} and ${inOwnTime(paymentBegins())}) end,
  'tariffs', case when ${whole} then ${knownTariffsJson(contracts.billerId, contracts.tariffGroup)} end,
  'interest', (select ${joinedTerms} from ${interestOf(contracts.billerId)}),
  'dismissed', (with own as materialized (
      select d.contract_id, json_agg(d.kind || ' ' || d.cause) as keys from ${dismissedFindings} d
      where d.account_id = ${customer.id} group by d.contract_id)
    select own.keys from own where own.contract_id = ${contracts.id}))`

/** Of the unpaid invoices of the joined contract, by their ids. */
export const owedJson = (
  now: Date,
) => sql<OwedJson>`(select coalesce(json_object_agg(${invoices.id}, json_build_object(
    'principalPaid', ${invoices.principalPaid}, 'tvTaxPaid', ${invoices.tvTaxPaid}, 'interestPaid', ${invoices.interestPaid},
    'interestMillionths', ${invoices.interestMillionths}::text, 'interestCountedTo', ${invoices.interestCountedTo},
    'isUnderWay', ${underWay(now)} is not null)), '{}')
  from ${invoices} where ${ofContract} and ${invoices.unpaid} > 0)`

const ofContract = sql`${invoices.contractId} = ${contracts.id} and ${invoices.cancelledOn} is null and ${isOwnInvoice}`

/** What `invoices_of_contract` has of an invoice. */
const indexed = sql.raw(
  'id, contract_id, number, period, period_from, period_to, issued_on, due_on, previous_reading, current_reading, reading_kind, units, principal, tv_tax, unpaid, cancelled_on',
)

/** What was used at night, where it matters: of a bill that says that it is for longer than a month. */
const unitsLow = sql`case when ${invoices.periodTo} - ${invoices.periodFrom} >= 31 then (
  select coalesce(sum(${invoiceLines.quantity}), 0) from ${invoiceLines}
  where ${invoiceLines.invoiceId} = ${invoices.id} and ${invoiceLines.code} in ('A2B1', 'A2B2')) else 0 end`

const billJson = sql`json_build_object(
  'id', ${invoices.id}, 'number', ${invoices.number}, 'period', ${invoices.period}, 'periodFrom', ${invoices.periodFrom},
  'periodTo', ${invoices.periodTo}, 'issuedOn', ${invoices.issuedOn}, 'dueOn', ${invoices.dueOn},
  'previousReading', ${invoices.previousReading}, 'currentReading', ${invoices.currentReading},
  'readingKind', ${invoices.readingKind}, 'units', ${invoices.units}::text, 'unitsLow', ${unitsLow},
  'principal', ${invoices.principal}, 'tvTax', ${invoices.tvTax})`

/** Of the joined contract: all of the account's own are read once a statement. */
export const openRequests = (customer: { id: string }, now: Date) => sql<OpenRequest[]>`(
  with own as materialized (
    select k.contract_id, json_agg(json_build_object('kind', k.kind, 'invoice', k.answers ->> 'invoice', 'isExpected', k.state = 'waiting',
      'isLate', k.state <> 'waiting' and coalesce(k.due_at <= ${now.toISOString()}::timestamptz, false))) as requests
    from ${cases} k where k.account_id = ${customer.id} and k.queue = 'requests' and k.state in ('pending', 'taken', 'waiting')
    group by k.contract_id)
  select coalesce((select own.requests from own where own.contract_id = ${contracts.id}), '[]'))`

/** Of a payment something pays no invoice: the condition of the index `payments_stray`. */
const hasRest = sql`${payments.reversedOn} is null and ${payments.allocated} + ${payments.refunded} < ${payments.amount}`

/** The same, and it is not long ago. For queries over payments, and billers. */
const isStray = (now: Date) =>
  sql`(${hasRest} and ${payments.paidOn} > ${todayAt(now)} - make_interval(months => ${STRAY_MONTHS}))`

/** Whether the joined contract has such payments, however old: asked at once of all of the account's contracts, for few have. */
const hasStrays = (accountId: string) => sql`${contracts.id} = any (array(
  select ${payments.contractId} from ${payments} where ${hasRest} and ${payments.contractId} = any (${contractIdsOf(accountId)})))`

/**
 * The joined contract is the one of this code, or one that a payment of it may have been meant for, or the other way round: of hundreds
 * of contracts, these are few. All are of the biller of that code, whose own payments are looked for once.
 */
export const isWatchedWith = (
  biller: string,
  code: string,
  now: Date,
): SQL => sql`(${contracts.code} = ${code}
  or exists (select from ${payments} where ${payments.contractId} = ${contracts.id} and ${isStray(now)})
  or (select exists (select from ${payments} join ${contracts} own on own.id = ${payments.contractId}
    join ${billers} on ${billers.id} = own.biller_id where ${billers.code} = ${biller} and own.code = ${code} and ${isStray(now)})))`

/** Of the joined biller. */
export const watchedTerms = { remindFrom: billers.remindFrom, timeZone: billers.timeZone }

type WatchedRow = {
  code: string
  remindFrom: number
  timeZone: string
  watched: WatchedJson
  requests: OpenRequest[]
}

/** `owed`: of what is not paid in full, by the invoice's id. An unpaid one that is not among them was paid between two statements. */
export function readWatched(row: WatchedRow, owed: ReadonlyMap<number, Owed>, now: Date): Watched {
  const { invoices, strays, tariffs, interest } = row.watched
  return {
    code: row.code,
    tariffs: tariffs ?? [],
    strays: strays ?? [],
    terms: { remindFrom: row.remindFrom, interest },
    today: dayIn(row.timeZone, now),
    asksToMove: row.requests.some(({ kind }) => kind === 'P2'),
    invoices: invoices.map(invoice => ({
      ...invoice,
      ...(owed.get(invoice.id) ?? paidInFull(invoice)),
      units: invoice.units === null ? null : Number(invoice.units),
      isComplainedOf: row.requests.some(request => request.invoice === String(invoice.id)),
    })),
  }
}

/** Interest is paid first: none of it is left, and how much it was is nothing to look at. */
const paidInFull = ({ principal, tvTax }: { principal: number; tvTax: number }): Owed => ({
  ...nothingPaid(),
  principalPaid: principal,
  tvTaxPaid: tvTax,
  isUnderWay: false,
})

export const readOwed = (json: OwedJson): [id: number, Owed][] =>
  Object.entries(json).map(([id, { interestMillionths, ...one }]) => [
    Number(id),
    { ...one, interestMillionths: BigInt(interestMillionths) },
  ])

/** As it is told apart from others, where it was put away. */
export const findingKey = ({ kind, cause }: Pick<Finding, 'kind' | 'cause'>): string => `${kind} ${cause}`

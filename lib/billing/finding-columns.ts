// What findings are made of, as a column of a statement over the contracts that accounts have.
import { type SQL, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoiceLines, invoices } from '../../db/schema/billing.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { dismissedFindings } from '../../db/schema/findings.ts'
import { payments } from '../../db/schema/ledger.ts'
import { inOwnTime, isOwnInvoice, paymentBegins, todayAt } from '../contracts/access.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { dayIn } from '../platform/dates.ts'
import { tariffsJson } from '../tariffs/queries.ts'
import type { Tariff } from '../tariffs/schema.ts'
import type { Finding, StrayPayment, Watched, WatchedInvoice } from './finding-rules.ts'
import { underWay } from './under-way.ts'

/** A year, the year before it, and the months around its first one. */
const WATCHED_MONTHS = 28
/** A payment that pays nothing for longer is not looked at. */
const STRAY_MONTHS = 12

export type WatchedJson = {
  /** By month and number. */
  invoices: (Omit<WatchedInvoice, 'units' | 'interestMillionths' | 'isComplainedOf'> & {
    units: string | null
    interestMillionths: string
  })[]
  strays: StrayPayment[]
  tariffs: Tariff[]
  interest: InterestTerm[]
  /** The account's own open requests about the contract. */
  requests: { kind: string; invoice: string | null }[]
  dismissed: string[]
}

/**
 * Of the joined contract, in the joined account's own time. `whole`: whether its bills are looked at; of the others only what is unpaid,
 * and payments that pay nothing. What is paid is read from the index `invoices_of_contract` alone, which has all of it.
 */
export const watchedJson = (now: Date, whole: SQL) => sql<WatchedJson>`json_build_object(
  'invoices', (select coalesce(json_agg(one.bill order by one.period, one.number), '[]') from (
      select ${invoices.period}, ${invoices.number}, ${billJson(owedFields(now))} as bill
      from ${invoices} where ${ofContract} and ${invoices.unpaid} > 0
      union all
      select ${invoices.period}, ${invoices.number}, ${billJson(paidFields)}
      from (select ${indexed}, max(period) filter (where period <= ${todayAt(now)}) over () as latest
        from ${invoices} where ${whole} and ${ofContract}) invoices
      where unpaid = 0 and period > latest - make_interval(months => ${WATCHED_MONTHS})) one),
  'strays', (select coalesce(json_agg(json_build_object('id', ${payments.id}, 'paidOn', ${payments.paidOn}, 'amount', ${payments.amount},
      'left', ${payments.amount} - ${payments.allocated} - ${payments.refunded}, 'invoiceNumber', ${payments.invoiceNumber})), '[]')
    from ${payments} where ${isStray(now)} and ${payments.contractId} = ${contracts.id} and ${inOwnTime(paymentBegins())}),
  'tariffs', case when ${whole} then ${tariffsJson(contracts.billerId, contracts.tariffGroup)} else '[]' end,
  'interest', (select ${joinedTerms} from ${interestOf(contracts.billerId)}),
  'requests', (select coalesce(json_agg(json_build_object('kind', ${cases.kind}, 'invoice', ${cases.answers} ->> 'invoice')), '[]')
    from ${cases} where ${cases.contractId} = ${contracts.id} and ${cases.accountId} = ${accounts.id}
      and ${cases.queue} = 'requests' and ${cases.state} in ('pending', 'taken', 'waiting')),
  'dismissed', (select coalesce(json_agg(${dismissedFindings.kind} || ' ' || ${dismissedFindings.cause}), '[]')
    from ${dismissedFindings} where ${dismissedFindings.accountId} = ${contractAccess.accountId}
      and ${dismissedFindings.contractId} = ${contracts.id}))`

const ofContract = sql`${invoices.contractId} = ${contracts.id} and ${invoices.cancelledOn} is null and ${isOwnInvoice}`

/** What `invoices_of_contract` has of an invoice. */
const indexed = sql.raw(
  'id, contract_id, number, period, period_from, period_to, issued_on, due_on, previous_reading, current_reading, reading_kind, units, principal, tv_tax, unpaid, cancelled_on',
)

/** What was used at night, where it matters: of a bill that says that it is for longer than a month. */
const unitsLow = sql`case when ${invoices.periodTo} - ${invoices.periodFrom} >= 31 then (
  select coalesce(sum(${invoiceLines.quantity}), 0) from ${invoiceLines}
  where ${invoiceLines.invoiceId} = ${invoices.id} and ${invoiceLines.code} in ('A2B1', 'A2B2')) else 0 end`

/** `balance`: the fields that tell what is paid of it. */
const billJson = (balance: SQL) => sql`json_build_object(
  'id', ${invoices.id}, 'number', ${invoices.number}, 'period', ${invoices.period}, 'periodFrom', ${invoices.periodFrom},
  'periodTo', ${invoices.periodTo}, 'issuedOn', ${invoices.issuedOn}, 'dueOn', ${invoices.dueOn},
  'previousReading', ${invoices.previousReading}, 'currentReading', ${invoices.currentReading},
  'readingKind', ${invoices.readingKind}, 'units', ${invoices.units}::text, 'unitsLow', ${unitsLow},
  'principal', ${invoices.principal}, 'tvTax', ${invoices.tvTax}, ${balance})`

const owedFields = (
  now: Date,
) => sql`'principalPaid', ${invoices.principalPaid}, 'tvTaxPaid', ${invoices.tvTaxPaid},
  'interestPaid', ${invoices.interestPaid}, 'interestMillionths', ${invoices.interestMillionths}::text,
  'interestCountedTo', ${invoices.interestCountedTo}, 'isUnderWay', ${underWay(now)} is not null`

/** Interest is paid first: of what is paid none is left, and how much it was is nothing to look at. */
const paidFields = sql`'principalPaid', ${invoices.principal}, 'tvTaxPaid', ${invoices.tvTax}, 'interestPaid', 0,
  'interestMillionths', '0', 'interestCountedTo', null, 'isUnderWay', false`

/** Of a payment something pays no invoice. For queries over payments, and billers. */
const isStray = (
  now: Date,
) => sql`(${payments.reversedOn} is null and ${payments.allocated} + ${payments.refunded} < ${payments.amount}
  and ${payments.paidOn} > ${todayAt(now)} - make_interval(months => ${STRAY_MONTHS}))`

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

export function readWatched(
  code: string,
  { remindFrom, timeZone }: { remindFrom: number; timeZone: string },
  { invoices, strays, tariffs, interest, requests }: WatchedJson,
  now: Date,
): Watched {
  return {
    code,
    tariffs,
    strays,
    terms: { remindFrom, interest },
    today: dayIn(timeZone, now),
    asksToMove: requests.some(({ kind }) => kind === 'P2'),
    invoices: invoices.map(invoice => ({
      ...invoice,
      units: invoice.units === null ? null : Number(invoice.units),
      interestMillionths: BigInt(invoice.interestMillionths),
      isComplainedOf: requests.some(request => request.invoice === String(invoice.id)),
    })),
  }
}

/** As it is told apart from others, where it was put away. */
export const findingKey = ({ kind, cause }: Pick<Finding, 'kind' | 'cause'>): string => `${kind} ${cause}`

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
  invoices: (Omit<WatchedInvoice, 'interestMillionths' | 'isComplainedOf'> & { interestMillionths: string })[]
  strays: StrayPayment[]
  tariffs: Tariff[]
  interest: InterestTerm[]
  /** The account's own open requests about the contract. */
  requests: { kind: string; invoice: string | null }[]
  dismissed: string[]
}

/**
 * Of the joined contract, in the joined account's own time. `whole`: whether its bills are looked at; of the others only what is unpaid,
 * and payments that pay nothing.
 */
export const watchedJson = (now: Date, whole: SQL) => sql<WatchedJson>`json_build_object(
  'invoices', (select coalesce(json_agg(json_build_object(
      'id', ${invoices.id}, 'number', ${invoices.number}, 'period', ${invoices.period}, 'periodFrom', ${invoices.periodFrom},
      'periodTo', ${invoices.periodTo}, 'issuedOn', ${invoices.issuedOn}, 'dueOn', ${invoices.dueOn},
      'previousReading', ${invoices.previousReading}, 'currentReading', ${invoices.currentReading},
      'readingKind', ${invoices.readingKind}, 'units', ${invoices.units}, 'unitsLow', ${unitsLow},
      'principal', ${invoices.principal}, 'tvTax', ${invoices.tvTax}, 'principalPaid', ${invoices.principalPaid},
      'tvTaxPaid', ${invoices.tvTaxPaid}, 'interestPaid', ${invoices.interestPaid},
      'interestMillionths', ${invoices.interestMillionths}::text, 'interestCountedTo', ${invoices.interestCountedTo},
      'isUnderWay', case when ${invoices.unpaid} > 0 then ${underWay(now)} is not null else false end)
      order by ${invoices.period}, ${invoices.number}), '[]')
    from ${invoices} where ${invoices.contractId} = ${contracts.id} and ${invoices.cancelledOn} is null and ${isOwnInvoice}
      and (${invoices.unpaid} > 0 or ${whole} and ${invoices.period} > (select max(latest.period) from ${invoices} latest
        where latest.contract_id = ${contracts.id} and latest.period <= ${todayAt(now)}) - make_interval(months => ${WATCHED_MONTHS}))),
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

/** Of a payment something pays no invoice. For queries over payments, and billers. */
const isStray = (
  now: Date,
) => sql`(${payments.reversedOn} is null and ${payments.allocated} + ${payments.refunded} < ${payments.amount}
  and ${payments.paidOn} > ${todayAt(now)} - make_interval(months => ${STRAY_MONTHS}))`

/**
 * The joined contract is the one of this code, or one that a payment of it may have been meant for, or the other way round: of hundreds
 * of contracts, these are few.
 */
export const isWatchedWith = (code: string, now: Date): SQL => sql`(${contracts.code} = ${code}
  or exists (select from ${payments} where ${payments.contractId} = ${contracts.id} and ${isStray(now)})
  or exists (select from ${payments} join ${contracts} own on own.id = ${payments.contractId}
    where own.biller_id = ${billers.id} and own.code = ${code} and ${isStray(now)}))`

/** What was used at night, where it matters: of a bill for longer than a month. */
const unitsLow = sql`case when ${invoices.periodTo} - ${invoices.periodFrom} < 31 then 0 else (
  select coalesce(sum(${invoiceLines.quantity}), 0) from ${invoiceLines}
  where ${invoiceLines.invoiceId} = ${invoices.id} and ${invoiceLines.code} in ('A2B1', 'A2B2')) end`

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
      interestMillionths: BigInt(invoice.interestMillionths),
      isComplainedOf: requests.some(request => request.invoice === String(invoice.id)),
    })),
  }
}

/** As it is told apart from others, where it was put away. */
export const findingKey = ({ kind, cause }: Pick<Finding, 'kind' | 'cause'>): string => `${kind} ${cause}`

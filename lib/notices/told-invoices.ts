// The invoices that notices tell of: what is due of them now, and whether they were paid before they came.
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { invoices } from '../../db/schema/billing.ts'
import { isOverdue } from '../billing/reminder-rules.ts'
import { invoiceBegins, isWithin } from '../contracts/access.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { amountDue, type InvoiceBalance } from '../ledger/rules.ts'
import { dayIn, type IsoDate } from '../platform/dates.ts'
import type { NoticeContract, NoticeItem } from './schema.ts'

/** A list says nothing of the month before, which a message does. */
export type Use = 'message' | 'list'

/** What of an invoice its reader may see. */
type Sight = {
  /** Whether it is more than amounts. */
  units: SQL
  /** Whether a day is in their time. */
  inTime: (day: SQL) => SQL
}

/**
 * What the reader of the month before was billed for. From an index in its order, of which a row or two are read: by what else is asked,
 * PostgreSQL would expect few and sort all months.
 */
const unitsBefore = ({ inTime }: Sight) => sql<
  string | null
>`(select before.units::text from (select earlier.* from invoices earlier
    where earlier.contract_id = ${invoices.contractId} and earlier.period < ${invoices.period}
    order by earlier.period desc, earlier.number desc offset 0) before
  where before.cancelled_on is null and ${inTime(invoiceBegins('before'))}
  order by before.period desc, before.number desc limit 1)`

/** What an item tells of the joined invoice: all of it lies in the index `invoices_of_contract`. */
export const invoiceColumns = (sight: Sight, use: Use) => ({
  id: invoices.id,
  period: invoices.period,
  dueOn: invoices.dueOn,
  principal: invoices.principal,
  tvTax: invoices.tvTax,
  total: sql<number>`${invoices.principal} + ${invoices.tvTax}`.mapWith(Number),
  cancelledOn: invoices.cancelledOn,
  units: sql<string | null>`case when ${sight.units} then ${invoices.units}::text end`,
  unitsBefore:
    use === 'list'
      ? sql<null>`null`
      : sql<string | null>`case when ${sight.units} then ${unitsBefore(sight)} end`,
})

/** Which invoice an item tells of, and what its reader may see of the contract: `after` and `until` bound their time. */
export type Told = {
  /** Null: an item that tells of something else. */
  invoiceId: number | null
  contractId: number
  seesUnits: boolean
  after: IsoDate | null
  until: IsoDate | null
}

type Balance = Omit<InvoiceBalance, 'interestMillionths'> & { interestMillionths: string }

/** Of the invoices of these contracts (SQL) of which something is unpaid, by their ids, what is paid. */
const owedOf = (contractIds: SQL) => sql<Record<string, Balance>>`(
  select coalesce(json_object_agg(id, json_build_object('principalPaid', principal_paid, 'tvTaxPaid', tv_tax_paid, 'interestPaid', interest_paid,
    'interestMillionths', interest_millionths::text, 'interestCountedTo', interest_counted_to)), '{}')
  from invoices where contract_id = any (${contractIds}) and unpaid > 0 and cancelled_on is null)`

/** The days on which the invoices of these contracts (SQL) were paid last, by their ids. */
const lastPaidOf = (contractIds: SQL) => sql<Record<string, IsoDate>>`(
  select coalesce(json_object_agg(invoice_id, paid_on), '{}') from (
    select a.invoice_id, max(p.paid_on) as paid_on from payment_allocations a join payments p on p.id = a.payment_id
    where a.contract_id = any (${contractIds}) and p.contract_id = any (${contractIds}) group by a.invoice_id) paid)`

/** With the first row alone: it is the same in all of them. */
const once = <Type>(value: SQL<Type>) =>
  sql<Type | null>`case when row_number() over () = 1 then ${value} end`

/**
 * These invoices by their place in `told`; none where it is not of that contract, or of that time. All is asked for by contract, of which
 * the months lie together in an index each: by invoice, each would be pages of its own.
 */
export async function listToldInvoices(
  db: Executor,
  told: readonly Told[],
  use: Use,
): Promise<Map<number, InvoiceRow>> {
  const ofInvoices = told.flatMap(({ invoiceId, contractId }) =>
    invoiceId ? [{ invoiceId, contractId }] : [],
  )
  if (ofInvoices.length === 0) return new Map()
  const idsOf = (name: 'invoiceId' | 'contractId') =>
    sql`${sql.param([...new Set(ofInvoices.map(one => one[name]))])}::bigint[]`
  const contractIds = idsOf('contractId')
  const column = (name: keyof Told) => sql.param(told.map(one => one[name]))
  const inTime = (day: SQL) => isWithin(day, sql`told.after`, sql`told.until`)
  const rows = await db
    .select({
      place: sql<number>`told.place::integer - 1`,
      invoice: invoiceColumns({ units: sql`told.sees_units`, inTime }, use),
      issuedOn: invoices.issuedOn,
      unpaid: invoices.unpaid,
      owed: once(owedOf(contractIds)),
      lastPaid: once(lastPaidOf(contractIds)),
    })
    .from(invoices)
    .innerJoin(
      sql`unnest(${column('invoiceId')}::bigint[], ${column('contractId')}::bigint[], ${column('seesUnits')}::boolean[],
        ${column('after')}::date[], ${column('until')}::date[]) with ordinality told (invoice_id, contract_id, sees_units, after, until, place)`,
      sql`told.invoice_id = ${invoices.id} and told.contract_id = ${invoices.contractId}`,
    )
    .where(
      sql`${invoices.contractId} = any (${contractIds}) and ${invoices.id} = any (${idsOf('invoiceId')}) and ${inTime(invoiceBegins())}`,
    )
  const [owed, lastPaid] = [rows[0]?.owed ?? {}, rows[0]?.lastPaid ?? {}]
  return new Map(
    rows.map(({ place, invoice, issuedOn, unpaid }) => {
      const balance = owed[invoice.id]
      const paidOn = lastPaid[invoice.id]
      return [
        place,
        {
          ...invoice,
          balance: balance ? { ...balance, interestMillionths: BigInt(balance.interestMillionths) } : null,
          isPaidInAdvance: unpaid === 0 && invoice.total > 0 && !(paidOn && paidOn >= issuedOn),
        },
      ]
    }),
  )
}

type Row = {
  biller: Pick<NoticeContract['biller'], 'timeZone'>
  remindFrom: number
  terms: InterestTerm[]
}
/** `balance`: what is paid of one of which something is owed. */
type InvoiceRow = { principal: number; tvTax: number; balance: InvoiceBalance | null } & Omit<
  NonNullable<NoticeItem['invoice']>,
  'due' | 'isOverdue'
>

/** What is due of it today, and what else an item tells of it. */
export function invoiceOf(
  { principal, tvTax, balance, ...invoice }: InvoiceRow,
  { biller, remindFrom, terms }: Row,
  now: Date,
): NonNullable<NoticeItem['invoice']> {
  const { dueOn, cancelledOn } = invoice
  const today = dayIn(biller.timeZone, now)
  const billed = { dueOn, principal, tvTax, cancelled: cancelledOn !== null }
  const due = balance ? amountDue(billed, balance, terms, today).total : 0
  return { ...invoice, due, isOverdue: isOverdue(dueOn, due, { remindFrom }, today) }
}

// Two bills of one contract, to be compared, and the others that they can be compared with.
import { desc, sql } from 'drizzle-orm'
import { invoices } from '../../db/schema/billing.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { accessLevel, billerColumns, titleColumns } from '../contracts/access.ts'
import { balanceColumns, joinedTerms } from '../ledger/queries.ts'
import { amountDue } from '../ledger/rules.ts'
import { dayIn } from '../platform/dates.ts'
import { tariffsJson } from '../tariffs/queries.ts'
import type { Tariff } from '../tariffs/schema.ts'
import { invoiceLinesJson } from './queries.ts'
import type { InvoiceLine } from './schema.ts'
import { selectSeenInvoices } from './seen-invoices.ts'

export type Comparison = NonNullable<Awaited<ReturnType<typeof getComparison>>>

/**
 * The invoice with the id and the one that it is compared with (`to`), of one contract; null where the customer may not see one of
 * them. `before`: undefined where none is named; then `suggested` is the one to name, if there is any. `all`: those of the contract that the customer may see, the
 * latest first.
 */
export async function getComparison(customer: { id: string }, id: number, to: number | undefined, now: Date) {
  const rows = await selectSeenInvoices(
    customer,
    {
      id: invoices.id,
      number: invoices.number,
      period: invoices.period,
      periodFrom: invoices.periodFrom,
      periodTo: invoices.periodTo,
      previousReading: invoices.previousReading,
      currentReading: invoices.currentReading,
      readingKind: invoices.readingKind,
      units: invoices.units,
      total: invoices.total,
      cancelledOn: invoices.cancelledOn,
      correctedAt: invoices.correctedAt,
      ...balanceColumns,
      // Of the two alone: a contract may have hundreds.
      lines: sql<
        InvoiceLine[]
      >`case when ${invoices.id} in (${id}, ${to ?? id}) then ${invoiceLinesJson} else '[]' end`,
      tariffs: sql<
        Tariff[] | null
      >`case when ${invoices.id} = ${id} then ${tariffsJson(contracts.billerId, contracts.tariffGroup)} end`,
      terms: joinedTerms,
      biller: billerColumns,
      contract: {
        code: contracts.code,
        ...titleColumns,
        level: accessLevel,
        tariffGroup: contracts.tariffGroup,
        meterRemote: contracts.meterRemote,
      },
    },
    sql`${invoices.contractId} = (select one.contract_id from invoices one where one.id = ${id})`,
  ).orderBy(desc(invoices.period), desc(invoices.number))
  const [first] = rows
  const bills = rows.map(
    ({ contract: _contract, biller, correctedAt, terms, tariffs: _tariffs, ...bill }) => {
      const today = dayIn(biller.timeZone, now)
      const balance = { ...bill, cancelled: bill.cancelledOn !== null }
      return {
        ...bill,
        correctedOn: correctedAt && dayIn(biller.timeZone, correctedAt),
        /** Counted to today, still to be paid. */
        interest: amountDue(balance, bill, terms, today).interest,
      }
    },
  )
  const at = bills.findIndex(bill => bill.id === id)
  const before = to === undefined ? undefined : bills.find(bill => bill.id === to)
  if (!first || at < 0 || (to !== undefined && !before)) return null
  const standing = (some: typeof bills) => some.find(bill => bill.cancelledOn === null)
  // The one before it; of the oldest, the one after it.
  const suggested =
    standing(bills.slice(at + 1)) ?? standing(bills.slice(0, at).reverse()) ?? bills[at + 1] ?? bills[at - 1]
  const tariffs = rows[at]!.tariffs ?? []
  const contract = { ...first.contract, biller: first.biller }
  return { contract, bill: bills[at]!, before, suggested: suggested?.id, tariffs, all: bills }
}

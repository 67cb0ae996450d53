// Invoices with their lines. Amounts are minor units (cents; hundredths of a lek) of the biller's currency.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { readingKinds } from '../enums.ts'
import { contracts } from './contracts.ts'

/**
 * An invoice as the feed gave it, and what is paid of it. The paid sums are written by the trigger on
 * payment_allocations alone, so they are always the sum of the allocations, and never above what was billed.
 */
export const invoices = pgTable(
  'invoices',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: c.smallint().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    number: c.text().notNull(),
    /** First day of the billing month. */
    period: c.date({ mode: 'string' }).notNull(),
    periodFrom: c.date({ mode: 'string' }),
    periodTo: c.date({ mode: 'string' }),
    issuedOn: c.date({ mode: 'string' }).notNull(),
    dueOn: c.date({ mode: 'string' }).notNull(),
    previousReading: c.numeric({ precision: 14, scale: 3 }),
    currentReading: c.numeric({ precision: 14, scale: 3 }),
    readingKind: c.text({ enum: readingKinds }),
    units: c.numeric({ precision: 14, scale: 3 }),
    principal: c.bigint({ mode: 'number' }).notNull(),
    tvTax: c.bigint({ mode: 'number' }).notNull(),
    total: c.bigint({ mode: 'number' }).notNull(),
    cancelledOn: c.date({ mode: 'string' }),
    /** Albania's tax codes of a fiscalised invoice (law 87/2019), as the biller gave them; never made here. */
    nivf: c.text(),
    nslf: c.text(),
    /** What the tax authority's QR code says. */
    fiscalQr: c.text(),
    /** What banks take instead of the customer code. */
    paymentReference: c.text(),
    /** When a feed last changed what the invoice had said before; null: never. A cancellation alone is none. */
    correctedAt: c.timestamp({ withTimezone: true }),
    principalPaid: c.bigint({ mode: 'number' }).notNull().default(0),
    tvTaxPaid: c.bigint({ mode: 'number' }).notNull().default(0),
    interestPaid: c.bigint({ mode: 'number' }).notNull().default(0),
    /** Interest accrued up to `interestCountedTo`, in millionths of a minor unit; more than a bigint may hold. */
    interestMillionths: c.numeric({ mode: 'bigint', precision: 28, scale: 0 }).notNull().default(sql`0`),
    /** The day up to which payments have counted interest; null: none yet, counting starts at the due date. */
    interestCountedTo: c.date({ mode: 'string' }),
    /** Principal and TV tax still unpaid. */
    unpaid: c
      .bigint({ mode: 'number' })
      .notNull()
      .generatedAlwaysAs(sql`principal - principal_paid + tv_tax - tv_tax_paid`),
  }),
  t => [
    unique('invoices_biller_number').on(t.billerId, t.number),
    unique('invoices_id_contract').on(t.id, t.contractId),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    // With it lie (0097) the columns that pages read of many months at once: an invoice is a page of its own, for they come month by month.
    index('invoices_of_contract').on(t.contractId, t.period, t.number),
    // The same of what lists of unpaid invoices read.
    index('invoices_unpaid_of_contract')
      .on(t.contractId, t.dueOn, t.number)
      .where(sql`unpaid > 0 and cancelled_on is null`),
    check('invoices_period', sql`extract(day from ${t.period}) = 1`),
    check(
      'invoices_amounts',
      sql`${t.principal} >= 0 and ${t.tvTax} >= 0 and ${t.total} = ${t.principal} + ${t.tvTax}`,
    ),
    check('invoices_principal_paid', sql`${t.principalPaid} between 0 and ${t.principal}`),
    check('invoices_tv_tax_paid', sql`${t.tvTaxPaid} between 0 and ${t.tvTax}`),
    check('invoices_interest', sql`${t.interestPaid} >= 0 and ${t.interestMillionths} >= 0`),
    check('invoices_reading_kind', isOneOf(t.readingKind, readingKinds)),
  ],
)

/** A line of an invoice, before VAT; unit prices may have four decimals. */
export const invoiceLines = pgTable(
  'invoice_lines',
  c => ({
    invoiceId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => invoices.id, { onDelete: 'cascade' }),
    position: c.smallint().notNull(),
    code: c.text().notNull(),
    quantity: c.numeric({ precision: 14, scale: 3 }).notNull(),
    /** Major units. */
    unitPrice: c.numeric({ precision: 14, scale: 4 }).notNull(),
    amount: c.bigint({ mode: 'number' }).notNull(),
    vatPercent: c.numeric({ precision: 5, scale: 2 }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.invoiceId, t.position] }),
    check('invoice_lines_vat', sql`${t.vatPercent} between 0 and 100`),
  ],
)

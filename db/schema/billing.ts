// Invoices with their lines. Amounts are minor units (cents; hundredths of a lek) of the biller's currency.
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  foreignKey,
  index,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { readingKinds } from '../enums.ts'
import { contracts } from './contracts.ts'

/**
 * An invoice as the feed gave it, and what is paid of it. The paid sums are written by the trigger on
 * payment_allocations alone, so they are always the sum of the allocations, and never above what was billed.
 */
export const invoices = pgTable(
  'invoices',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: smallint().notNull(),
    contractId: bigint({ mode: 'number' }).notNull(),
    number: text().notNull(),
    /** First day of the billing month. */
    period: date({ mode: 'string' }).notNull(),
    periodFrom: date({ mode: 'string' }),
    periodTo: date({ mode: 'string' }),
    issuedOn: date({ mode: 'string' }).notNull(),
    dueOn: date({ mode: 'string' }).notNull(),
    previousReading: numeric({ precision: 14, scale: 3 }),
    currentReading: numeric({ precision: 14, scale: 3 }),
    readingKind: text({ enum: readingKinds }),
    units: numeric({ precision: 14, scale: 3 }),
    principal: bigint({ mode: 'number' }).notNull(),
    tvTax: bigint({ mode: 'number' }).notNull(),
    total: bigint({ mode: 'number' }).notNull(),
    cancelledOn: date({ mode: 'string' }),
    /** Albania's tax codes of a fiscalised invoice (law 87/2019), as the biller gave them; never made here. */
    nivf: text(),
    nslf: text(),
    /** What the tax authority's QR code says. */
    fiscalQr: text(),
    /** What banks take instead of the customer code. */
    paymentReference: text(),
    /** When a feed last changed what the invoice had said before; null: never. A cancellation alone is none. */
    correctedAt: timestamp({ withTimezone: true }),
    principalPaid: bigint({ mode: 'number' }).notNull().default(0),
    tvTaxPaid: bigint({ mode: 'number' }).notNull().default(0),
    interestPaid: bigint({ mode: 'number' }).notNull().default(0),
    /** Interest accrued up to `interestCountedTo`, in millionths of a minor unit; more than a bigint may hold. */
    interestMillionths: numeric({ mode: 'bigint', precision: 28, scale: 0 }).notNull().default(sql`0`),
    /** The day up to which payments have counted interest; null: none yet, counting starts at the due date. */
    interestCountedTo: date({ mode: 'string' }),
    /** Principal and TV tax still unpaid. */
    unpaid: bigint({ mode: 'number' })
      .notNull()
      .generatedAlwaysAs(sql`principal - principal_paid + tv_tax - tv_tax_paid`),
  },
  t => [
    unique('invoices_biller_number').on(t.billerId, t.number),
    unique('invoices_id_contract').on(t.id, t.contractId),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('invoices_newest').on(t.contractId, t.period, t.number),
    index('invoices_unpaid')
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
  {
    invoiceId: bigint({ mode: 'number' })
      .notNull()
      .references(() => invoices.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    code: text().notNull(),
    quantity: numeric({ precision: 14, scale: 3 }).notNull(),
    /** Major units. */
    unitPrice: numeric({ precision: 14, scale: 4 }).notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    vatPercent: numeric({ precision: 5, scale: 2 }).notNull(),
  },
  t => [
    primaryKey({ columns: [t.invoiceId, t.position] }),
    check('invoice_lines_vat', sql`${t.vatPercent} between 0 and 100`),
  ],
)

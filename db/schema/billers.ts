// Billers, and their terms of late interest.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, smallint } from 'drizzle-orm/pg-core'
import { billerCodes } from '../billers.ts'
import { isOneOf } from '../checks.ts'
import { countries, currencies, paperProofs, units } from '../enums.ts'

/** Whoever issues invoices: db/billers.ts. Contacts are data, so that a deployment can correct them. */
export const billers = pgTable(
  'billers',
  c => ({
    id: c.smallint().primaryKey(),
    code: c.text({ enum: billerCodes }).notNull().unique(),
    name: c.text().notNull(),
    country: c.text({ enum: countries }).notNull(),
    currency: c.text({ enum: currencies }).notNull(),
    timeZone: c.text().notNull(),
    unit: c.text({ enum: units }).notNull(),
    remindFrom: c.integer().notNull().default(0),
    paperProof: c.text({ enum: paperProofs }).notNull().default('none'),
    contactPhone: c.text(),
    contactEmail: c.text(),
    /** Head of its documents: the name in full, the NIPT or NUI, the address. */
    legalName: c.text(),
    businessNumber: c.text(),
    address: c.text(),
  }),
  t => [
    check('billers_country', isOneOf(t.country, countries)),
    check('billers_currency', isOneOf(t.currency, currencies)),
    check('billers_paper_proof', isOneOf(t.paperProof, paperProofs)),
    check('billers_remind_from', sql`${t.remindFrom} >= 0`),
    check('billers_unit', isOneOf(t.unit, units)),
  ],
)

/** A column that names a biller. */
export const ofBiller = () =>
  smallint()
    .notNull()
    .references(() => billers.id)

/**
 * A biller's terms of late interest, from a day on or for a time. Rows are added, never changed: which of them is in
 * force on a day, and which were known when a day was counted, is lib/ledger/interest-rules.ts' to say.
 */
export const interestTerms = pgTable(
  'interest_terms',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    fromOn: c.date({ mode: 'string' }).notNull(),
    /** The last day of terms for a time, an amnesty or a plan; null: until others follow. */
    untilOn: c.date({ mode: 'string' }),
    /** In millionths of the unpaid principal per day; 1000 = 0.1 %. */
    perDayPpm: c.integer().notNull(),
    /** Interest never exceeds this share of the principal. */
    capPercent: c.integer().notNull(),
    /** Where they come from, and what about them is unverified. */
    source: c.text().notNull(),
    recordedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  t => [
    index('interest_terms_biller').on(t.billerId),
    check('interest_terms_days', sql`${t.untilOn} >= ${t.fromOn}`),
    check('interest_terms_rates', sql`${t.perDayPpm} >= 0 and ${t.capPercent} >= 0`),
  ],
)

// Billers, the contracts they hand over, and their meters' readings.
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'

/** Whoever issues invoices. Contacts are data, so that a deployment can correct them. */
export const billers = pgTable(
  'billers',
  {
    id: smallint().primaryKey(),
    code: text().notNull().unique(),
    name: text().notNull(),
    country: text().notNull(),
    currency: text().notNull(),
    timeZone: text().notNull(),
    /** What `units` of an invoice count. */
    unit: text().notNull(),
    /** Less than this, in minor units, is due but not called overdue: what a payment made a day later left over. */
    remindFrom: integer().notNull().default(0),
    /**
     * What of a paper bill proves that one has it (lib/contracts/proof.ts). meter: its number and reading. number: the
     * invoice's number and total, where numbers cannot be worked out from month and contract. none: nothing.
     */
    paperProof: text().notNull().default('none'),
    contactPhone: text(),
    contactEmail: text(),
  },
  t => [
    check('billers_country', sql`${t.country} in ('AL', 'XK')`),
    check('billers_currency', sql`${t.currency} in ('ALL', 'EUR')`),
    check('billers_paper_proof', sql`${t.paperProof} in ('meter', 'number', 'none')`),
    check('billers_remind_from', sql`${t.remindFrom} >= 0`),
    check('billers_unit', sql`${t.unit} in ('kWh', 'm3', 'none')`),
  ],
)

/**
 * A biller's terms of late interest, from a day on or for a time. Rows are added, never changed: which of them is in
 * force on a day, and which were known when a day was counted, is lib/ledger/interest-rules.ts' to say.
 */
export const interestTerms = pgTable(
  'interest_terms',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: smallint()
      .notNull()
      .references(() => billers.id),
    fromOn: date({ mode: 'string' }).notNull(),
    /** The last day of terms for a time, an amnesty or a plan; null: until others follow. */
    untilOn: date({ mode: 'string' }),
    /** In millionths of the unpaid principal per day; 1000 = 0.1 %. */
    perDayPpm: integer().notNull(),
    /** Interest never exceeds this share of the principal. */
    capPercent: integer().notNull(),
    /** Where they come from, and what about them is unverified. */
    source: text().notNull(),
    recordedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  t => [
    index('interest_terms_biller').on(t.billerId),
    check('interest_terms_days', sql`${t.untilOn} >= ${t.fromOn}`),
    check('interest_terms_rates', sql`${t.perDayPpm} >= 0 and ${t.capPercent} >= 0`),
  ],
)

/** A contract as its biller's feed last described it. */
export const contracts = pgTable(
  'contracts',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: smallint()
      .notNull()
      .references(() => billers.id),
    code: text().notNull(),
    holderFirstName: text(),
    holderLastName: text(),
    holderFatherName: text(),
    holderPersonalNumber: text(),
    /** foldName(first, last); null where the holder's name is unknown. */
    holderNameFolded: text(),
    businessName: text(),
    businessNumber: text(),
    category: text().notNull(),
    region: text(),
    branch: text(),
    zone: text(),
    address: text(),
    phone: text(),
    connectedOn: date({ mode: 'string' }),
    phases: smallint(),
    powerConnectedKw: numeric({ precision: 10, scale: 2 }),
    powerContractedKw: numeric({ precision: 10, scale: 2 }),
    tariffGroup: text(),
    meterNumber: text(),
    meterRemote: boolean(),
    closedOn: date({ mode: 'string' }),
    /** The category by the contract, in the regulator's words (ERE, since December 2025). */
    customerCategory: text(),
  },
  t => [
    unique('contracts_biller_code').on(t.billerId, t.code),
    unique('contracts_biller_id').on(t.billerId, t.id),
    index('contracts_holder').on(t.holderPersonalNumber),
    index('contracts_business').on(t.businessNumber),
    check('contracts_category', sql`${t.category} in ('household', 'business', 'public')`),
  ],
)

/** A meter's reading as the feed gave it; the present reading of a remote meter is the newest. */
export const readings = pgTable(
  'readings',
  {
    billerId: smallint().notNull(),
    meterNumber: text().notNull(),
    register: text().notNull(),
    readAt: timestamp({ withTimezone: true }).notNull(),
    contractId: bigint({ mode: 'number' }).notNull(),
    value: numeric({ precision: 14, scale: 3 }).notNull(),
  },
  t => [
    primaryKey({ columns: [t.billerId, t.meterNumber, t.register, t.readAt] }),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('readings_newest').on(t.contractId, t.register, t.readAt.desc().nullsFirst()),
    check('readings_register', sql`${t.register} in ('A1', 'A2', 'R1', 'R2')`),
    check('readings_value', sql`${t.value} >= 0`),
  ],
)

// The contracts that billers hand over, and their meters' readings.
import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { contractCategories, registers } from '../enums.ts'
import { ofBiller } from './billers.ts'

/** A contract as its biller's feed last described it. */
export const contracts = pgTable(
  'contracts',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    code: c.text().notNull(),
    holderFirstName: c.text(),
    holderLastName: c.text(),
    holderFatherName: c.text(),
    holderPersonalNumber: c.text(),
    /** foldName(first, last); null where the holder's name is unknown. */
    holderNameFolded: c.text(),
    businessName: c.text(),
    businessNumber: c.text(),
    category: c.text({ enum: contractCategories }).notNull(),
    region: c.text(),
    branch: c.text(),
    zone: c.text(),
    address: c.text(),
    phone: c.text(),
    connectedOn: c.date({ mode: 'string' }),
    phases: c.smallint(),
    powerConnectedKw: c.numeric({ precision: 10, scale: 2 }),
    powerContractedKw: c.numeric({ precision: 10, scale: 2 }),
    tariffGroup: c.text(),
    meterNumber: c.text(),
    meterRemote: c.boolean(),
    closedOn: c.date({ mode: 'string' }),
    /** The category by the contract, in the regulator's words (ERE, since December 2025). */
    customerCategory: c.text(),
  }),
  t => [
    unique('contracts_biller_code').on(t.billerId, t.code),
    unique('contracts_biller_id').on(t.billerId, t.id),
    index('contracts_holder').on(t.holderPersonalNumber),
    index('contracts_business').on(t.businessNumber),
    // Whom a change of a tariff concerns.
    index('contracts_tariff_group').on(t.billerId, t.tariffGroup),
    // Whoever calls says it.
    index('contracts_phone').on(t.phone).where(sql`phone is not null`),
    check('contracts_category', isOneOf(t.category, contractCategories)),
  ],
)

/** A column that names a contract. */
export const ofContract = () =>
  bigint({ mode: 'number' })
    .notNull()
    .references(() => contracts.id)

/** A meter's reading as the feed gave it; the present reading of a remote meter is the newest. */
export const readings = pgTable(
  'readings',
  c => ({
    billerId: c.smallint().notNull(),
    meterNumber: c.text().notNull(),
    register: c.text({ enum: registers }).notNull(),
    readAt: c.timestamp({ withTimezone: true }).notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    value: c.numeric({ precision: 14, scale: 3 }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.billerId, t.meterNumber, t.register, t.readAt] }),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('readings_newest').on(t.contractId, t.register, t.readAt.desc().nullsFirst()),
    check('readings_register', isOneOf(t.register, registers)),
    check('readings_value', sql`${t.value} >= 0`),
  ],
)

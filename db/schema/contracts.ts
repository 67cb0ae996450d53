// The contracts that billers hand over, and their meters' readings.
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
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
import { contractCategories, registers } from '../enums.ts'
import { billers } from './billers.ts'

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
    category: text({ enum: contractCategories }).notNull(),
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
    check('contracts_category', isOneOf(t.category, contractCategories)),
  ],
)

/** A meter's reading as the feed gave it; the present reading of a remote meter is the newest. */
export const readings = pgTable(
  'readings',
  {
    billerId: smallint().notNull(),
    meterNumber: text().notNull(),
    register: text({ enum: registers }).notNull(),
    readAt: timestamp({ withTimezone: true }).notNull(),
    contractId: bigint({ mode: 'number' }).notNull(),
    value: numeric({ precision: 14, scale: 3 }).notNull(),
  },
  t => [
    primaryKey({ columns: [t.billerId, t.meterNumber, t.register, t.readAt] }),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('readings_newest').on(t.contractId, t.register, t.readAt.desc().nullsFirst()),
    check('readings_register', isOneOf(t.register, registers)),
    check('readings_value', sql`${t.value} >= 0`),
  ],
)

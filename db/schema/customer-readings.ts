// Readings of meters that customers send, for their biller.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'
import { contracts } from './contracts.ts'

/**
 * What somebody read on a meter on a day at the biller: one a day and contract of each account. It can be withdrawn until the biller has
 * fetched the readings of its day; from then on that day stays as it is.
 */
export const customerReadings = pgTable(
  'customer_readings',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Null: they closed their account since. */
    accountId: c.uuid().references(() => accounts.id),
    /** They held the contract when they sent it. */
    byHolder: c.boolean().notNull().default(false),
    billerId: c.smallint().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    readOn: c.date({ mode: 'string' }).notNull(),
    /** As they typed it; null: they did not. */
    meterNumber: c.text(),
    /** The only register, or that of the high rate. */
    high: c.numeric({ precision: 14, scale: 3 }).notNull(),
    low: c.numeric({ precision: 14, scale: 3 }),
    /** Far above what is usual there: they were asked, and confirmed it. */
    isUnusual: c.boolean().notNull(),
    sentAt: c.timestamp({ withTimezone: true }).notNull(),
    withdrawnAt: c.timestamp({ withTimezone: true }),
    handedOverAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    uniqueIndex('customer_readings_day_of_account')
      .on(t.contractId, t.readOn, t.accountId)
      .where(sql`withdrawn_at is null`),
    index('customer_readings_of_biller').on(t.billerId, t.readOn, t.id),
    index('customer_readings_account').on(t.accountId),
    index('customer_readings_sent').on(t.sentAt),
    check('customer_readings_values', sql`${t.high} >= 0 and ${t.low} >= 0`),
    check('customer_readings_withdrawn', sql`${t.withdrawnAt} is null or ${t.handedOverAt} is null`),
  ],
)

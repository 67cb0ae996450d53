// What banks say in their settlement files they have paid out, row by row.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, unique } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { settlementKinds } from '../enums.ts'
import { accounts } from './accounts.ts'
import { gatewayAccounts } from './gateway-accounts.ts'

/** What is wrong with the row of that line: `column` where one is at fault. */
type SettlementRefusedRow = {
  line: number
  reason: 'columns' | 'form' | 'repeated' | 'before'
  column: string | null
}

export const settlementFiles = pgTable(
  'settlement_files',
  c => ({
    id: c.integer().primaryKey().generatedAlwaysAsIdentity(),
    gatewayAccountId: c
      .smallint()
      .notNull()
      .references(() => gatewayAccounts.id),
    /** SHA-256 of its bytes: the same file twice is the same row. */
    digest: c.text().notNull(),
    name: c.text().notNull(),
    rows: c.integer().notNull(),
    /** The first and last day of its rows, in the account's time zone; null: it has none. */
    firstDay: c.date({ mode: 'string' }),
    lastDay: c.date({ mode: 'string' }),
    /** Null: by a command. */
    loadedBy: c.uuid().references(() => accounts.id),
    loadedAt: c.timestamp({ withTimezone: true }).notNull(),
    /** Rows that were not taken: the first thousand. */
    refused: c.jsonb().$type<SettlementRefusedRow[]>().notNull().default([]),
  }),
  t => [
    unique('settlement_files_digest').on(t.gatewayAccountId, t.digest),
    index('settlement_files_loaded').on(t.loadedAt),
  ],
)

export const settlementRows = pgTable(
  'settlement_rows',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    fileId: c
      .integer()
      .notNull()
      .references(() => settlementFiles.id),
    line: c.integer().notNull(),
    gatewayAccountId: c.smallint().notNull(),
    kind: c.text({ enum: settlementKinds }).notNull(),
    /** As the bank was told it: our payment number. */
    orderNumber: c.text().notNull(),
    transactionId: c.text().notNull(),
    /** Minor units, above zero whatever the kind. */
    amount: c.bigint({ mode: 'number' }).notNull(),
    currency: c.text().notNull(),
    at: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    // The same transaction in a later file is the same row.
    unique('settlement_rows_transaction').on(t.gatewayAccountId, t.kind, t.transactionId),
    index('settlement_rows_order').on(t.gatewayAccountId, t.orderNumber),
    index('settlement_rows_file').on(t.fileId, t.line),
    check('settlement_rows_kind', isOneOf(t.kind, settlementKinds)),
    check('settlement_rows_amount', sql`${t.amount} > 0`),
  ],
)

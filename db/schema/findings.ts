// What customers put away of what is found in their bills; the findings themselves are told anew each time.
import { foreignKey, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { contractAccess } from './contract-access.ts'

/** A finding that an account put away: its kind, and what it is about. Goes with the account's access to the contract. */
export const dismissedFindings = pgTable(
  'dismissed_findings',
  c => ({
    accountId: c.uuid().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    kind: c.text().notNull(),
    /** The id of its invoice or payment. */
    cause: c.text().notNull(),
    dismissedAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.accountId, t.contractId, t.kind, t.cause] }),
    foreignKey({
      name: 'dismissed_findings_access',
      columns: [t.accountId, t.contractId],
      foreignColumns: [contractAccess.accountId, contractAccess.contractId],
    }).onDelete('cascade'),
  ],
)

// Who works for the billers: a role and the billers it holds for, on top of an ordinary account.
import { sql } from 'drizzle-orm'
import { check, pgTable, primaryKey, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'
import { billers } from './contracts.ts'

/** agent: works the queues. supervisor: decides what agents may not. administrator: people and settings. */
export const staffMembers = pgTable(
  'staff_members',
  {
    accountId: uuid()
      .primaryKey()
      .references(() => accounts.id),
    role: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  t => [check('staff_members_role', sql`${t.role} in ('agent', 'supervisor', 'administrator')`)],
)

/** The billers whose customers a member of staff may see. */
export const staffBillers = pgTable(
  'staff_billers',
  {
    accountId: uuid()
      .notNull()
      .references(() => staffMembers.accountId, { onDelete: 'cascade' }),
    billerId: smallint()
      .notNull()
      .references(() => billers.id),
  },
  t => [primaryKey({ columns: [t.accountId, t.billerId] })],
)

/**
 * A one-time invitation to set up the second step, without which no member of staff does: a password alone must not be
 * enough. One an account at most; deleted when the second step is set up.
 */
export const staffInvitations = pgTable('staff_invitations', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** HMAC-SHA-256 of the code, which is told to whoever gave the role and stored nowhere. */
  codeHash: text().notNull(),
  expiresAt: timestamp({ withTimezone: true }).notNull(),
})

// The second step at sign-in: an authenticator app's secret, and recovery codes for when the phone is gone.
import { bigint, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'

export const secondSteps = pgTable('second_steps', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** The secret shared with the app, sealed (AES-256-GCM). */
  sealedSecret: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull(),
  /** The first right code; before it sign-in asks for none. */
  confirmedAt: timestamp({ withTimezone: true }),
  /** The latest half minute whose code was taken: it and earlier ones are worth nothing any more. */
  lastCounter: bigint({ mode: 'number' }),
})

/** Keyed hashes; a code used is deleted. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    accountId: uuid()
      .notNull()
      .references(() => secondSteps.accountId, { onDelete: 'cascade' }),
    codeHash: text().notNull(),
  },
  t => [primaryKey({ columns: [t.accountId, t.codeHash] })],
)

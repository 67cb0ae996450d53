// Passkeys (WebAuthn): a second step beside codes.
import { sql } from 'drizzle-orm'
import { check, index, pgTable } from 'drizzle-orm/pg-core'
import { ofAccount } from './accounts.ts'

export const passkeys = pgTable(
  'passkeys',
  c => ({
    /** The credential's id, base64url. */
    id: c.text().primaryKey(),
    accountId: ofAccount(),
    /** COSE, base64url. */
    publicKey: c.text().notNull(),
    /** Of signatures; many authenticators always say 0. */
    counter: c.bigint({ mode: 'number' }).notNull(),
    transports: c.text().array().notNull(),
    /** What its owner calls it. */
    name: c.text().notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
    lastUsedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    index('passkeys_account').on(t.accountId),
    check('passkeys_counter', sql`${t.counter} >= 0`),
    check('passkeys_name', sql`length(${t.name}) between 1 and 60`),
  ],
)

/** What browsers have signed: each challenge counts once, and its form is taken for a few minutes. */
export const usedPasskeyChallenges = pgTable(
  'used_passkey_challenges',
  c => ({
    /** base64url. */
    challenge: c.text().primaryKey(),
    usedAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [index('used_passkey_challenges_used').on(t.usedAt)],
)

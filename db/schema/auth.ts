// Signing in: sessions, the second step, and who works for the billers.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { staffRoles } from '../enums.ts'
import { accounts, ofAccount } from './accounts.ts'
import { ofBiller } from './billers.ts'

export const twoFactors = pgTable('second_steps', c => ({
  accountId: c
    .uuid()
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** The secret shared with the app, sealed (AES-256-GCM). */
  sealedSecret: c.text().notNull(),
  createdAt: c.timestamp({ withTimezone: true }).notNull(),
  /** The first right code; before it sign-in asks for none. */
  confirmedAt: c.timestamp({ withTimezone: true }),
  /** The latest half minute whose code was taken: it and earlier ones are worth nothing any more. */
  lastCounter: c.bigint({ mode: 'number' }),
}))

/** Keyed hashes; a code used is deleted. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  c => ({
    accountId: c
      .uuid()
      .notNull()
      .references(() => twoFactors.accountId, { onDelete: 'cascade' }),
    codeHash: c.text().notNull(),
  }),
  t => [primaryKey({ columns: [t.accountId, t.codeHash] })],
)

/** A signed-in browser. The cookie holds the id; a revoked or expired row opens nothing. */
export const sessions = pgTable(
  'sessions',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    accountId: ofAccount(),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    lastUsedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the password was last typed in this session: sensitive steps ask again after a while. */
    passwordCheckedAt: c.timestamp({ withTimezone: true }),
    /** When the second step was passed at its sign-in, or set up in it; null: password alone. Staff pages need it. */
    twoFactorAt: c.timestamp('second_step_at', { withTimezone: true }),
    expiresAt: c.timestamp({ withTimezone: true }).notNull(),
    revokedAt: c.timestamp({ withTimezone: true }),
    userAgent: c.text(),
    address: c.inet(),
  }),
  t => [
    index('sessions_account').on(t.accountId),
    // For forgetting them: one of the two says when a session ended, however it did.
    index('sessions_ended').on(sql`least(${t.revokedAt}, ${t.expiresAt})`),
    index('sessions_last_used').on(t.lastUsedAt),
  ],
)

/** agent: works the queues. supervisor: decides what agents may not. administrator: people and settings. */
export const staffMembers = pgTable(
  'staff_members',
  c => ({
    accountId: c
      .uuid()
      .primaryKey()
      .references(() => accounts.id),
    role: c.text({ enum: staffRoles }).notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  t => [check('staff_members_role', isOneOf(t.role, staffRoles))],
)

/** The billers whose customers a member of staff may see. */
export const staffBillers = pgTable(
  'staff_billers',
  c => ({
    accountId: c
      .uuid()
      .notNull()
      .references(() => staffMembers.accountId, { onDelete: 'cascade' }),
    billerId: ofBiller(),
  }),
  t => [primaryKey({ columns: [t.accountId, t.billerId] })],
)

/**
 * A code or link that counts once (lib/auth/one-time-codes.ts). A registration's has no account yet, and outlasts it: it goes
 * when its account comes.
 */
export const oneTimeCodes = pgTable(
  'one_time_codes',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    purpose: c.text().notNull(),
    /** What it is asked for by: a registration, a reset, an account. Null of a link that may be one of several. */
    subject: c.uuid(),
    accountId: c.uuid().references(() => accounts.id, { onDelete: 'cascade' }),
    /** What it brings about: the new address or number, or the one before. */
    about: c.text(),
    /** HMAC-SHA-256; the code itself is stored nowhere. */
    hash: c.text().notNull().unique(),
    tries: c.smallint().notNull().default(0),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
    /** Until then it is taken; once it was used, until then its repetition is answered. */
    expiresAt: c.timestamp({ withTimezone: true }).notNull(),
    usedAt: c.timestamp({ withTimezone: true }),
    /** What a repetition is answered, sealed. */
    answer: c.text(),
  }),
  t => [
    uniqueIndex('one_time_codes_subject').on(t.purpose, t.subject),
    index('one_time_codes_account').on(t.accountId),
    index('one_time_codes_expires').on(t.expiresAt),
    check('one_time_codes_tries', sql`${t.tries} between 0 and 5`),
  ],
)

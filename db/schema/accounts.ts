// Who may sign in, and which contracts they see: accounts, registrations waiting for their code, sessions, access.
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  index,
  inet,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { contracts } from './contracts.ts'

/** A person with a verified phone. Every identifier is unique here, and only here. */
export const accounts = pgTable(
  'accounts',
  {
    id: uuid().primaryKey().defaultRandom(),
    personalNumber: text().notNull().unique(),
    username: text().notNull().unique(),
    email: text().notNull().unique(),
    phone: text().notNull().unique(),
    firstName: text().notNull(),
    lastName: text().notNull(),
    /** First and last name, case and diacritics folded (foldName). */
    nameFolded: text().notNull(),
    passwordHash: text().notNull(),
    language: text().notNull().default('sq'),
    termsVersion: date({ mode: 'string' }).notNull(),
    termsAcceptedAt: timestamp({ withTimezone: true }).notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  t => [
    check('accounts_username_form', sql`${t.username} ~ '^[a-z][a-z0-9._-]{2,29}$'`),
    check('accounts_email_lower', sql`${t.email} = lower(${t.email})`),
    check('accounts_phone_e164', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check('accounts_language', sql`${t.language} in ('sq', 'en', 'sr')`),
  ],
)

/** A registration whose code was not entered yet. It reserves nothing: no column is unique. */
export const registrations = pgTable(
  'registrations',
  {
    id: uuid().primaryKey().defaultRandom(),
    contractId: bigint({ mode: 'number' })
      .notNull()
      .references(() => contracts.id),
    personalNumber: text().notNull(),
    username: text().notNull(),
    email: text().notNull(),
    phone: text().notNull(),
    firstName: text().notNull(),
    lastName: text().notNull(),
    passwordHash: text().notNull(),
    language: text().notNull(),
    termsVersion: date({ mode: 'string' }).notNull(),
    /** HMAC-SHA-256 of the code under the portal's secret; the code itself is stored nowhere. */
    codeHash: text(),
    codeExpiresAt: timestamp({ withTimezone: true }),
    codeTries: integer().notNull().default(0),
    codeSentAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  t => [
    index('registrations_created_at').on(t.createdAt),
    check('registrations_code_tries', sql`${t.codeTries} between 0 and 5`),
  ],
)

/** A signed-in browser. The cookie holds the id; a revoked or expired row opens nothing. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    lastUsedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    revokedAt: timestamp({ withTimezone: true }),
    userAgent: text(),
    address: inet(),
  },
  t => [index('sessions_account').on(t.accountId)],
)

/**
 * An account's contract. `level` is what somebody who is not the holder may see; that an account is the holder
 * is never stored but follows from the contract's present data (accessLevel in lib/contracts/access.ts).
 */
export const contractAccess = pgTable(
  'contract_access',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    contractId: bigint({ mode: 'number' })
      .notNull()
      .references(() => contracts.id),
    level: text().notNull().default('amounts'),
    /** The holder's answer: approved lifts to masked, limited stays at amounts, refused shows nothing; null: none yet. */
    holderDecision: text(),
    alias: text(),
    /** Taken off the list. The row stays, so that the holder's answer outlasts removing and adding again. */
    removedAt: timestamp({ withTimezone: true }),
    addedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  t => [
    primaryKey({ columns: [t.accountId, t.contractId] }),
    index('contract_access_contract').on(t.contractId),
    check('contract_access_level', sql`${t.level} in ('amounts', 'masked')`),
    check('contract_access_decision', sql`${t.holderDecision} in ('approved', 'limited', 'refused')`),
    check('contract_access_alias', sql`length(${t.alias}) between 1 and 60`),
  ],
)

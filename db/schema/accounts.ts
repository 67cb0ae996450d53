// Who may sign in: accounts, registrations waiting for their code, and what changes an account.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { locales } from '../enums.ts'
import { ofBiller } from './billers.ts'
import { ofContract } from './contracts.ts'

/**
 * What a person registers with and the account keeps: the copy of one's data shows all of it, and closing the account empties
 * it.
 */
const identity = () => ({
  personalNumber: text().notNull(),
  username: text().notNull(),
  email: text().notNull(),
  phone: text().notNull(),
  firstName: text().notNull(),
  lastName: text().notNull(),
})
type IdentityField = keyof ReturnType<typeof identity>
export const identityFields = Object.keys(identity()) as IdentityField[]

/** What of `given` is identity. */
export const identityOf = <Of extends Record<IdentityField, unknown>>(given: Of) =>
  Object.fromEntries(identityFields.map(field => [field, given[field]])) as Pick<Of, IdentityField>

/**
 * A person with a verified phone. Every identifier is unique here, and only here, an e-mail address once it is verified. A closed account is a shell that
 * payments still refer to: `closed:` and its own id stand for every identifier, so that whoever they belonged to may
 * use them again. Of a member of staff whom a company's directory signs in only the name is known: `directory:` and its own id
 * stand for the rest, so that nothing anybody types can mean it.
 */
export const accounts = pgTable(
  'accounts',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    ...identity(),
    personalNumber: c.text().notNull().unique(),
    username: c.text().notNull().unique(),
    phone: c.text().notNull().unique(),
    /** Since then the address counts: mail goes there, it signs in, and nobody else can have it. */
    emailVerifiedAt: c.timestamp({ withTimezone: true }),
    /** First and last name, case and diacritics folded (foldName). */
    nameFolded: c.text().notNull(),
    passwordHash: c.text().notNull(),
    language: c.text({ enum: locales }).notNull().default('sq'),
    /** Where notices go besides the inbox. Codes and warnings about the account itself always go out. */
    notifyByEmail: c.boolean().notNull().default(true),
    notifyBySms: c.boolean().notNull().default(false),
    /** When the channel said for good that nothing arrives there; null again once it is another address or number. */
    emailUndeliverableAt: c.timestamp({ withTimezone: true }),
    phoneUndeliverableAt: c.timestamp({ withTimezone: true }),
    /** The day of the month on which one message lists what is due; null: none. */
    statementDay: c.smallint(),
    termsVersion: c.date({ mode: 'string' }).notNull(),
    termsAcceptedAt: c.timestamp({ withTimezone: true }).notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** A member of staff's whom a company's directory signs in: no customer's, and never one. */
    ofDirectory: c.boolean().notNull().default(false),
    /** From then on nobody is behind it (lib/accounts/closing.ts). */
    closedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    check(
      'accounts_username_form',
      sql`${t.closedAt} is not null or ${t.ofDirectory} or ${t.username} ~ '^[a-z][a-z0-9._-]{2,29}$'`,
    ),
    uniqueIndex('accounts_verified_email').on(t.email).where(sql`${t.emailVerifiedAt} is not null`),
    check('accounts_email_lower', sql`${t.email} = lower(${t.email})`),
    check(
      'accounts_phone_e164',
      sql`${t.closedAt} is not null or ${t.ofDirectory} or ${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`,
    ),
    check(
      'accounts_closed_names_nobody',
      sql`${t.closedAt} is null or ('closed:' || ${t.id}::text = all (array[${t.personalNumber}, ${t.username}, ${t.email}, ${t.phone}])
        and '' = all (array[${t.firstName}, ${t.lastName}, ${t.nameFolded}, ${t.passwordHash}]))`,
    ),
    check(
      'accounts_of_directory_name_no_customer',
      sql`not ${t.ofDirectory} or ${t.closedAt} is not null
        or ('directory:' || ${t.id}::text = all (array[${t.personalNumber}, ${t.username}, ${t.email}, ${t.phone}])
        and ${t.passwordHash} = '' and ${t.emailVerifiedAt} is null)`,
    ),
    index('accounts_statement_day').on(t.statementDay).where(sql`statement_day is not null`),
    check('accounts_statement_day', sql`${t.statementDay} between 1 and 28`),
    check('accounts_language', isOneOf(t.language, locales)),
  ],
)

/** A column that names the account whose row it is: it goes with that. */
export const ofAccount = () =>
  uuid()
    .notNull()
    .references(() => accounts.id, { onDelete: 'cascade' })

/** A registration whose code was not entered yet. It reserves nothing: no column is unique. */
export const registrations = pgTable(
  'registrations',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    contractId: ofContract(),
    ...identity(),
    passwordHash: c.text().notNull(),
    language: c.text({ enum: locales }).notNull(),
    termsVersion: c.date({ mode: 'string' }).notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  t => [
    index('registrations_created_at').on(t.createdAt),
    // Whoever signs in too early is told to enter the code first.
    index('registrations_username').on(t.username, t.createdAt),
    index('registrations_email').on(t.email, t.createdAt),
    index('registrations_phone').on(t.phone, t.createdAt),
  ],
)

/** Browsers an account has signed in from before, by the keyed hash of their cookie; others are told of by message. */
export const knownDevices = pgTable(
  'known_devices',
  c => ({
    accountId: ofAccount(),
    deviceHash: c.text().notNull(),
    firstSeenAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** The last sign-in from it: it is forgotten a while after that. */
    lastSeenAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  t => [
    primaryKey({ columns: [t.accountId, t.deviceHash] }),
    index('known_devices_last_seen').on(t.lastSeenAt),
  ],
)

/** A business that a biller's staff confirmed to be the account's: its contracts with that biller are the account's as a holder. */
export const accountBusinesses = pgTable(
  'account_businesses',
  c => ({
    accountId: ofAccount(),
    billerId: ofBiller(),
    /** NIPT (AL) or NUI (XK), as contracts carry it. */
    number: c.text().notNull(),
    confirmedAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.accountId, t.billerId, t.number] }),
    index('account_businesses_number').on(t.billerId, t.number),
    check('account_businesses_number_form', sql`${t.number} ~ '^([A-M][0-9]{8}[A-Z]|[0-9]{9})$'`),
  ],
)

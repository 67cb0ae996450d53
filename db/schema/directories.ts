// Staff whom their company's directory signs in (OpenID Connect): who they are there, and the sessions that it began.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'
import { sessions } from './auth.ts'

/** Who somebody is in a directory, and the account they have here: found by these two alone, never by a name or an address. */
export const staffIdentities = pgTable(
  'staff_identities',
  c => ({
    issuer: c.text().notNull(),
    subject: c.text().notNull(),
    accountId: c
      .uuid()
      .notNull()
      .unique('staff_identities_account')
      .references(() => accounts.id),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
    lastSignInAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.issuer, t.subject] }),
    index('staff_identities_last_sign_in').on(t.lastSignInAt),
    check('staff_identities_subject', sql`length(${t.subject}) between 1 and 255`),
  ],
)

/** A session that a directory began. Kept a while beyond its end: whoever signs out is led to the directory to do so there, too. */
export const directorySessions = pgTable(
  'directory_sessions',
  c => ({
    sessionId: c
      .uuid()
      .primaryKey()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    issuer: c.text().notNull(),
    /** The directory's own name of the session, by which it ends it; not all have one. */
    sid: c.text(),
    /** Sealed: the directory is shown it at the end, so that it knows whose session it is. */
    sealedIdToken: c.text().notNull(),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    index('directory_sessions_sid').on(t.issuer, t.sid),
    index('directory_sessions_created').on(t.createdAt),
  ],
)

/** What of a directory counts once: the answer to a sign-in, an order to sign out. Hashes, kept as long as either would be taken. */
export const directoryAnswers = pgTable(
  'directory_answers',
  c => ({
    hash: c.text().primaryKey(),
    expiresAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [index('directory_answers_expires').on(t.expiresAt)],
)

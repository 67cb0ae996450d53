// Debt certificates that were issued, their files, and by whose key they were sealed.
import { sql } from 'drizzle-orm'
import { check, customType, index, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { certificateKinds } from '../enums.ts'
import { accounts } from './accounts.ts'
import { ofBiller } from './billers.ts'
import { cases } from './cases.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** X.509 certificates of the keys that have sealed something here, in DER: a seal of any other is not ours. */
export const sealingCertificates = pgTable('sealing_certificates', c => ({
  /** SHA-256 of it, in hex. */
  fingerprint: c.text().primaryKey(),
  certificate: bytea().notNull(),
  firstUsedAt: c.timestamp({ withTimezone: true }).notNull(),
}))

/**
 * A certificate as it was issued; what it says never changes. It outlives its application and its account, for whoever was given it to
 * check: then `content` says no more whom it names.
 */
export const certificates = pgTable(
  'certificates',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    serial: c.bigint({ mode: 'number' }).notNull().generatedByDefaultAsIdentity().unique(),
    number: c.text().notNull().unique(),
    /** What whoever checks it types, 80 random bits. Not hashed: it is printed in the file besides. */
    code: c.text().notNull().unique(),
    billerId: ofBiller(),
    kind: c.text({ enum: certificateKinds }).notNull(),
    caseId: c
      .uuid()
      .references(() => cases.id, { onDelete: 'set null' })
      .unique(),
    accountId: c.uuid().references(() => accounts.id),
    /** Whom it names, by initials. */
    initials: c.text().notNull(),
    content: c.jsonb().notNull(),
    asOf: c.timestamp({ withTimezone: true }).notNull(),
    /** What it is about: a contract, a business. Of each kind the newest counts. */
    subject: c.text().notNull(),
    /** The contracts that it covers, and the newest of their invoices then: once they have a newer one, it is out of date. */
    contractIds: c.bigint({ mode: 'number' }).array().notNull(),
    lastInvoiceId: c.bigint({ mode: 'number' }).notNull(),
    /** SHA-256 of the file, in hex. */
    fileHash: c.text().notNull().unique(),
    sealedBy: c
      .text()
      .notNull()
      .references(() => sealingCertificates.fingerprint),
    supersededAt: c.timestamp({ withTimezone: true }),
    revokedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    index('certificates_account').on(t.accountId, t.asOf),
    index('certificates_subject').on(t.billerId, t.kind, t.subject),
    check('certificates_code', sql`${t.code} ~ '^[0-9A-HJKMNP-TV-Z]{16}$'`),
    check('certificates_kind', isOneOf(t.kind, certificateKinds)),
  ],
)

/** The file, apart from what lists and checks read; gone with the account. */
export const certificateFiles = pgTable(
  'certificate_files',
  c => ({
    certificateId: c
      .uuid()
      .notNull()
      .references(() => certificates.id, { onDelete: 'cascade' }),
    pdf: bytea().notNull(),
  }),
  t => [primaryKey({ columns: [t.certificateId] })],
)

// Links by which somebody without an account pays: one that a customer sends, or a guest's own at /pay.
import { check, foreignKey, index, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { locales } from '../enums.ts'
import { accounts } from './accounts.ts'
import { invoices } from './billing.ts'
import { contracts } from './contracts.ts'

/** Whether one can still be paid by follows from the present too: its sender may have lost the contract (lib/payments/pay-link-queries.ts). */
export const payLinks = pgTable(
  'pay_links',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    /** Keyed hash of the token in its address. */
    tokenHash: c.text().notNull().unique(),
    /** Whoever sent it; null: a guest made it for themselves. */
    accountId: c.uuid().references(() => accounts.id),
    billerId: c.smallint().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    /** Of whoever pays by it: of the receipt that is sent, and where it is sent to, with the token (sealed); null: nowhere. */
    language: c.text({ enum: locales }).notNull(),
    sealedEmail: c.text(),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
    expiresAt: c.timestamp({ withTimezone: true }).notNull(),
    revokedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('pay_links_account').on(t.accountId, t.createdAt),
    index('pay_links_created').on(t.createdAt),
    check('pay_links_language', isOneOf(t.language, locales)),
  ],
)

/** What it is to pay. */
export const payLinkInvoices = pgTable(
  'pay_link_invoices',
  c => ({
    payLinkId: c
      .uuid()
      .notNull()
      .references(() => payLinks.id, { onDelete: 'cascade' }),
    invoiceId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => invoices.id),
  }),
  t => [
    primaryKey({ columns: [t.payLinkId, t.invoiceId] }),
    index('pay_link_invoices_invoice').on(t.invoiceId),
  ],
)

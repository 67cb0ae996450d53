// A biller's accounts at banks: one takes its new payments in a currency, others still answer for what they began; and whose bank is silent.
import { sql } from 'drizzle-orm'
import { check, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { currencies, gatewayNames } from '../enums.ts'
import { billers } from './billers.ts'

/** Its secrets are settings (GATEWAY_SECRETS, by its code), never rows. Written by `npm run gateway-accounts` alone. */
export const gatewayAccounts = pgTable(
  'gateway_accounts',
  c => ({
    id: c.smallint().primaryKey().generatedAlwaysAsIdentity(),
    /** By which settings and people name it: `oshee-bkt`. */
    code: c.text().notNull().unique(),
    gateway: c.text({ enum: gatewayNames }).notNull(),
    billerId: c
      .smallint()
      .notNull()
      .references(() => billers.id),
    currency: c.text({ enum: currencies }).notNull(),
    /** What the bank knows the biller by: NestPay's clientid. */
    merchantId: c.text().notNull(),
    /** Where the browser is led to, where the bank does not say so for each order. */
    checkoutUrl: c.text(),
    /** Where the bank's own interface is, and where one signs in to it if elsewhere. */
    apiUrl: c.text(),
    authUrl: c.text(),
    /** Origins of the bank's checkout pages, beside that of `checkout_url`: forms of ours may lead there. */
    checkoutOrigins: c.text().array().notNull().default(sql`'{}'`),
    /** In which zone the bank gives times that name none; null: the biller's. */
    timeZone: c.text(),
    /** An order names where the bank's server calls back; a bank that cannot call may refuse one that does. */
    callsBack: c.boolean().notNull().default(true),
    /** A test account: what the bank calls a test is no error there, and no money. */
    isTest: c.boolean().notNull().default(false),
    /** New payments of the biller in the currency go here. */
    takesPayments: c.boolean().notNull().default(false),
    createdAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  t => [
    uniqueIndex('gateway_accounts_in_use').on(t.billerId, t.currency).where(sql`takes_payments`),
    check('gateway_accounts_gateway', isOneOf(t.gateway, gatewayNames)),
    check('gateway_accounts_code', sql`${t.code} ~ '^[a-z0-9][a-z0-9-]{1,40}$'`),
  ],
)

/** Accounts whose bank has not answered what it was asked about any of their payments, since when. A row ends with the next answer. */
export const bankSilences = pgTable('bank_silences', c => ({
  gatewayAccountId: c
    .smallint()
    .primaryKey()
    .references(() => gatewayAccounts.id),
  /** The bank said that it does not answer us, as after a wrong password; else nothing came, or nothing to be believed. */
  refused: c.boolean().notNull(),
  since: c.timestamp({ withTimezone: true }).notNull(),
  /** When it was last asked in vain. */
  lastAt: c.timestamp({ withTimezone: true }).notNull(),
}))

// How staff come to see a customer: why they look, and what they noted of a talk.
import { sql } from 'drizzle-orm'
import { check, index, pgTable } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { lookReasons, noteChannels } from '../enums.ts'
import { accounts } from './accounts.ts'
import { ofBiller } from './billers.ts'
import { cases } from './cases.ts'
import { contracts, ofContract } from './contracts.ts'

/** A member of staff opens a contract or an account, for a reason: for a short while they see it (lib/looks/rules.ts). */
export const staffLooks = pgTable(
  'staff_looks',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    staffId: c
      .uuid()
      .notNull()
      .references(() => accounts.id),
    /** For whose customer they looked. */
    billerId: ofBiller(),
    contractId: c.bigint({ mode: 'number' }).references(() => contracts.id),
    accountId: c.uuid().references(() => accounts.id, { onDelete: 'cascade' }),
    reason: c.text({ enum: lookReasons }).notNull(),
    /** Of another reason, in their words. */
    words: c.text(),
    /** The case from which they came. */
    caseId: c.uuid().references(() => cases.id, { onDelete: 'set null' }),
    at: c.timestamp({ withTimezone: true }).notNull(),
    /** When they last asked for what is masked. */
    unmaskedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    index('staff_looks_contract').on(t.contractId, t.staffId, t.at).where(sql`contract_id is not null`),
    index('staff_looks_account').on(t.accountId, t.staffId, t.at).where(sql`account_id is not null`),
    index('staff_looks_case').on(t.caseId).where(sql`case_id is not null`),
    index('staff_looks_age').on(t.at),
    check('staff_looks_of', sql`num_nonnulls(${t.contractId}, ${t.accountId}) = 1`),
    check('staff_looks_reason', isOneOf(t.reason, lookReasons)),
    check('staff_looks_words', sql`(${t.reason} = 'other') = (${t.words} is not null)`),
  ],
)

/** What staff noted of a talk or a letter about a contract. */
export const callNotes = pgTable(
  'call_notes',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    contractId: ofContract(),
    staffId: c
      .uuid()
      .notNull()
      .references(() => accounts.id),
    channel: c.text({ enum: noteChannels }).notNull(),
    note: c.text().notNull(),
    at: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    index('call_notes_contract').on(t.contractId, t.at, t.id),
    index('call_notes_age').on(t.at),
    check('call_notes_channel', isOneOf(t.channel, noteChannels)),
  ],
)

// What staff look into and decide: disputes of an earlier registration, and businesses of accounts.
import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, smallint, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'
import { billers } from './billers.ts'
import { contracts } from './contracts.ts'

/** How far staff are (lib/cases/rules.ts), and who of them. */
const review = () => ({
  /** pending, taken, granted, refused. */
  state: text().notNull().default('pending'),
  takenBy: uuid().references(() => accounts.id),
  takenAt: timestamp({ withTimezone: true }),
  decidedBy: uuid().references(() => accounts.id),
  decidedAt: timestamp({ withTimezone: true }),
  /** What the person is told with the decision. */
  decisionNote: text(),
  createdAt: timestamp({ withTimezone: true }).notNull(),
})

/** Somebody without an account says that an earlier registration holds their details. The contract's biller decides. */
export const disputes = pgTable(
  'disputes',
  {
    id: uuid().primaryKey().defaultRandom(),
    contractId: bigint({ mode: 'number' })
      .notNull()
      .references(() => contracts.id),
    /** The contract's, written by a trigger: staff's queue is on an index by it. */
    billerId: smallint(),
    personalNumber: text().notNull(),
    firstName: text().notNull(),
    lastName: text().notNull(),
    email: text().notNull(),
    phone: text().notNull(),
    note: text(),
    language: text().notNull(),
    /** Of the form that filed it: sent twice, it files one. Null: filed before forms had one. */
    idempotencyKey: text().unique('disputes_idempotency_key'),
    ...review(),
  },
  t => [
    index('disputes_open').on(t.billerId, t.createdAt, t.id).where(sql`state in ('pending', 'taken')`),
    index('disputes_decided').on(t.billerId, t.decidedAt, t.id).where(sql`state in ('granted', 'refused')`),
    check('disputes_states', sql`${t.state} in ('pending', 'taken', 'granted', 'refused')`),
    check(
      'disputes_decided',
      sql`(${t.state} in ('granted', 'refused')) = (${t.decidedBy} is not null and ${t.decidedAt} is not null)`,
    ),
  ],
)

/** A business that a person says is theirs. Granted, its contracts of that biller are the person's as a holder. */
export const businesses = pgTable(
  'businesses',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** Whose staff confirm it, and whose contracts it opens. Null: sent to a node of an older version during an upgrade. */
    billerId: smallint().references(() => billers.id),
    /** NIPT (AL) or NUI (XK), as contracts carry it. */
    number: text().notNull(),
    country: text().notNull(),
    name: text().notNull(),
    legalRepresentative: text().notNull(),
    /** As of disputes. */
    idempotencyKey: text(),
    ...review(),
  },
  t => [
    unique('businesses_account_biller_number').on(t.accountId, t.billerId, t.number),
    unique('businesses_account_idempotency_key').on(t.accountId, t.idempotencyKey),
    index('businesses_number').on(t.number),
    index('businesses_open').on(t.billerId, t.createdAt, t.id).where(sql`state in ('pending', 'taken')`),
    index('businesses_decided').on(t.billerId, t.decidedAt, t.id).where(sql`state in ('granted', 'refused')`),
    check('businesses_states', sql`${t.state} in ('pending', 'taken', 'granted', 'refused')`),
    check(
      'businesses_decided',
      sql`(${t.state} in ('granted', 'refused')) = (${t.decidedBy} is not null and ${t.decidedAt} is not null)`,
    ),
    check(
      'businesses_number_form',
      sql`case ${t.country} when 'AL' then ${t.number} ~ '^[A-M][0-9]{8}[A-Z]$' when 'XK' then ${t.number} ~ '^[0-9]{9}$' else false end`,
    ),
  ],
)

// What staff decide: cases and their history.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import {
  caseMoves,
  caseSides,
  caseStates,
  caseSteps,
  decidedStates,
  limitUnits,
  openStates,
} from '../enums.ts'
import { accounts } from './accounts.ts'
import { ofBiller } from './billers.ts'
import { contracts } from './contracts.ts'

const quoted = (words: readonly string[]) => words.map(word => `'${word}'`).join(', ')
const OPEN = sql.raw(`state in (${quoted(openStates)})`)
const DECIDED = sql.raw(`state in (${quoted(decidedStates)})`)

/**
 * Whatever staff decide. `state` and `events` are those of its last event: a foreign key to that event says so, checked at
 * the end of a transaction (0035_cases.sql).
 */
export const cases = pgTable(
  'cases',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    /** A key of lib/cases/kinds.ts. */
    kind: c.text().notNull(),
    /** The kind's: where staff find it. */
    queue: c.text().notNull(),
    /** Whose staff decide. */
    billerId: ofBiller(),
    /** The contract it is about, where it is about one. */
    contractId: c.bigint({ mode: 'number' }).references(() => contracts.id),
    /** Whose it is: an account, or whoever has this address and reads this language. */
    accountId: c.uuid().references(() => accounts.id),
    email: c.text(),
    language: c.text(),
    /** What staff call it: a person's name, a business's. */
    title: c.text().notNull(),
    /** A contract code, a business number. */
    about: c.text().notNull(),
    /** Of the cases of an account that are not withdrawn none of this kind and biller has the same. Null: there may be many. */
    uniqueAs: c.text(),
    /** What its form says, as it was read. */
    answers: c.jsonb().$type<Record<string, string | null>>().notNull(),
    state: c.text({ enum: caseStates }).notNull().default('pending'),
    /** How many there are: the number of the last. */
    events: c.smallint().notNull().default(1),
    /** The member of staff who took it last. */
    takenBy: c.uuid().references(() => accounts.id),
    decidedAt: c.timestamp({ withTimezone: true }),
    /** When it was decided for the first time; a case that is reopened keeps it. */
    firstDecidedAt: c.timestamp({ withTimezone: true }),
    /** Since when it is in its state. Null: since before this was kept, its last event says. */
    stateAt: c.timestamp({ withTimezone: true }),
    /** By which its owner and staff speak of it: the kind and nine digits, without a gap of a biller's kind. Null: kinds without. */
    number: c.text(),
    /** That of its kind's form when it was filed. */
    formVersion: c.smallint().notNull().default(1),
    /** How long staff had by law when it was filed, and from when where that is not its filing. Null: kinds without. */
    limitCount: c.smallint(),
    limitUnit: c.text({ enum: limitUnits }),
    limitFrom: c.timestamp({ withTimezone: true }),
    /** From when on it is late: counted anew with each move and each day off (lib/cases/deadlines.ts). While it waits: as if it ran on. */
    dueAt: c.timestamp({ withTimezone: true }),
    /** Of the form that filed it: sent twice, it files one. Null: filed before forms had one. */
    idempotencyKey: c.text(),
    createdAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    // Of each kind and state in its order: whatever staff choose of a queue, a page of it is read, and no more.
    index('cases_open_by_kind').on(t.queue, t.billerId, t.kind, t.state, t.createdAt, t.id).where(OPEN),
    index('cases_decided_by_kind').on(t.queue, t.billerId, t.kind, t.state, t.decidedAt, t.id).where(DECIDED),
    // Those with a limit by it, the others by when they came.
    index('cases_open_by_due')
      .on(t.queue, t.billerId, t.kind, t.state, sql`coalesce(due_at, created_at)`, t.id)
      .where(OPEN),
    // Whatever kind and state, in the same order: a whole queue, and what was decided in a period.
    index('cases_open').on(t.queue, t.billerId, sql`coalesce(due_at, created_at)`, t.id).where(OPEN),
    index('cases_decided').on(t.queue, t.billerId, t.decidedAt, t.id).where(DECIDED),
    // What a member of staff has, in the same order.
    index('cases_taken_by')
      .on(t.takenBy, sql`coalesce(due_at, created_at)`, t.id)
      .where(sql`taken_by is not null and ${OPEN}`),
    index('cases_contract').on(t.contractId, t.createdAt).where(sql`contract_id is not null`),
    uniqueIndex('cases_number').on(t.billerId, t.number).where(sql`number is not null`),
    index('cases_account').on(t.accountId, t.createdAt),
    uniqueIndex('cases_unique')
      .on(t.accountId, t.kind, t.billerId, t.uniqueAs)
      .where(sql`state <> 'withdrawn'`),
    // Of each kind one about a contract may be with staff.
    uniqueIndex('cases_open_certificate')
      .on(t.accountId, t.contractId, t.kind)
      .where(sql`queue = 'certificates' and ${OPEN}`),
    uniqueIndex('cases_form_of_account').on(t.accountId, t.idempotencyKey),
    uniqueIndex('cases_form').on(t.idempotencyKey).where(sql`account_id is null`),
    check('cases_limit', sql`num_nulls(${t.limitCount}, ${t.limitUnit}, ${t.dueAt}) in (0, 3)`),
    check('cases_limit_unit', isOneOf(t.limitUnit, limitUnits)),
    check('cases_states', sql.raw(`state in (${quoted(caseStates)})`)),
    check('cases_decided_at', sql`(${DECIDED}) = (${t.decidedAt} is not null)`),
    check('cases_taken_by', sql`${t.state} <> 'taken' or ${t.takenBy} is not null`),
    check(
      'cases_owner',
      sql`num_nonnulls(${t.accountId}, ${t.email}) = 1 and (${t.email} is null) = (${t.language} is null)`,
    ),
  ],
)

const transitions = Object.entries(caseMoves).flatMap(([move, { from, to }]) =>
  from.map(was => `('${was}', '${move}', '${to === 'same' ? was : to}')`),
)

/** A case's history, from its filing on: each event begins in the state in which the one before it ended. */
export const caseEvents = pgTable(
  'case_events',
  c => ({
    caseId: c
      .uuid()
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    /** 1, 2, 3, …: of two moves at once the second finds its number taken. */
    number: c.smallint().notNull(),
    before: c.smallint().generatedAlwaysAs(sql`nullif(number - 1, 0)`),
    /** Null: it was filed. */
    was: c.text({ enum: caseStates }),
    move: c.text({ enum: caseSteps }).notNull(),
    state: c.text({ enum: caseStates }).notNull(),
    side: c.text({ enum: caseSides }).notNull(),
    /** Null: the owner, who has no account. */
    madeBy: c.uuid().references(() => accounts.id),
    /** What the other side reads. */
    note: c.text(),
    /** Where the owner filed it or changed what the form says. */
    answers: c.jsonb(),
    at: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    primaryKey({ columns: [t.caseId, t.number] }),
    unique('case_events_state').on(t.caseId, t.number, t.state),
    foreignKey({
      name: 'case_events_after',
      columns: [t.caseId, t.before, t.was],
      foreignColumns: [t.caseId, t.number, t.state],
    }),
    check(
      'case_events_moves',
      sql.raw(`case when number = 1 then was is null and move = 'file' and state = 'pending'
        else was is not null and (was, move, state) in (${transitions.join(', ')}) end`),
    ),
    check(
      'case_events_sides',
      sql`${t.side} in ('owner', 'portal') or ${t.side} = 'staff' and ${t.madeBy} is not null`,
    ),
  ],
)

/** How many numbers of a biller's kind are given out: counted up in the transaction that files, at its end. */
export const caseNumbers = pgTable(
  'case_numbers',
  c => ({ billerId: ofBiller(), kind: c.text().notNull(), last: c.integer().notNull() }),
  t => [primaryKey({ columns: [t.billerId, t.kind] })],
)

/** A form that is not sent yet: one a contract and kind of an account. */
export const caseDrafts = pgTable(
  'case_drafts',
  c => ({
    id: c.uuid().primaryKey().defaultRandom(),
    accountId: c
      .uuid()
      .notNull()
      .references(() => accounts.id),
    contractId: c
      .bigint({ mode: 'number' })
      .notNull()
      .references(() => contracts.id),
    kind: c.text().notNull(),
    /** What was typed, as it was typed. */
    typed: c.jsonb().$type<Record<string, string>>().notNull(),
    savedAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    unique('case_drafts_one').on(t.accountId, t.contractId, t.kind),
    index('case_drafts_contract').on(t.contractId),
    index('case_drafts_saved').on(t.savedAt),
  ],
)

/**
 * How a biller's requests were dealt with in so many days up to when they were counted (lib/cases/statistics.ts): counted by a job,
 * for a year of them takes longer than a page may.
 */
export const caseStatistics = pgTable(
  'case_statistics',
  c => ({
    billerId: ofBiller(),
    days: c.smallint().notNull(),
    figures: c.jsonb().$type<CaseFigures[]>().notNull(),
    countedAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [primaryKey({ columns: [t.billerId, t.days] })],
)

/**
 * `kind`: null for all. `open`: when counted. `openBefore`: when the period began; with what came and without what was closed it is
 * those still open. `medianDays`: from sending to answer, of those that were resolved or refused. `late`: of the same, after their
 * legal limit. `inTime`: the others by the days that they took, so many in each bar.
 */
export type CaseFigures = {
  kind: string | null
  openBefore: number
  open: number
  came: number
  resolved: number
  refused: number
  cancelled: number
  closed: number
  late: number
  medianDays: number | null
  inTime: number[]
}

/** Who of the staff has a case open: two who do see each other. */
export const caseViewers = pgTable(
  'case_viewers',
  c => ({
    caseId: c
      .uuid()
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    staffId: c
      .uuid()
      .notNull()
      .references(() => accounts.id),
    at: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [primaryKey({ columns: [t.caseId, t.staffId] }), index('case_viewers_staff').on(t.staffId)],
)

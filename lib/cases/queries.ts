// What staff and owners see of cases. Every look of staff is written down.
import { and, desc, eq, sql } from 'drizzle-orm'
import { type CaseMove, type CaseState, type Country, decidedStates, openStates } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'
import { documentsOfCase, shownDocuments } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import type { Case } from './kind.ts'
import { type KindCode, kindOf, kinds, kindsIn } from './kinds.ts'
import { openMoves } from './rules.ts'
import { caseInScope, isOthersCase } from './scope.ts'

type Listed = Pick<Case, 'id' | 'number' | 'title' | 'about' | 'state'> & {
  country: Country
  kind: KindCode
  biller: string
  /** The first name of the member of staff who has it. */
  takenBy: string | null
  createdAt: string
}

export const QUEUE_PAGE = 50

/** Which part of a queue, as SQL, in the very words of the indexes. */
const PARTS = {
  /** The oldest first. */
  open: {
    states: openStates,
    is: sql`state in ('pending', 'taken', 'waiting')`,
    place: sql`created_at`,
    order: sql`asc`,
    beyond: sql`>`,
  },
  /** The latest first. */
  decided: {
    states: decidedStates,
    is: sql`state in ('accepted', 'rejected', 'withdrawn')`,
    place: sql`decided_at`,
    order: sql`desc`,
    beyond: sql`<`,
  },
}

/** What of a part is wanted: of one kind, in one state, of one biller (its code). */
export type Chosen = { kind?: KindCode; state?: CaseState; biller?: string }

/**
 * A page of a queue for a member of staff: `QUEUE_PAGE` at most, those that follow the case `after`. `next`: what the next
 * page follows, where there is one.
 */
export async function listCases(
  staff: Staff,
  queue: string,
  part: keyof typeof PARTS,
  after: string | undefined,
  now: Date,
  { kind, state, biller }: Chosen = {},
) {
  const { states, is, place, order, beyond } = PARTS[part]
  // Each biller, kind and state gives a page from its own part of the index, however much others have.
  const { rows } = await database().execute<Listed>(sql`
    with after as (select ${place} as place, id from cases where id = ${after ?? null})
    select listed.kind, listed.id, listed.number, title, billers.name as biller, billers.country, about, listed.state,
      (select first_name from accounts where id = listed.taken_by) as "takenBy", listed.created_at as "createdAt"
    from billers
    cross join unnest(${sql.param(kind ? [kind] : kindsIn(queue))}::text[]) as kinds (kind)
    cross join unnest(${sql.param(state ? [state] : states)}::text[]) as states (state)
    cross join lateral (
      select * from cases
      where queue = ${queue} and biller_id = billers.id and cases.kind = kinds.kind and cases.state = states.state
        and ${isOthersCase(staff)} and ${is}
        and ${after ? sql`(${place}, id) ${beyond} (select place, id from after)` : sql`true`}
      order by ${place} ${order}, id ${order} limit ${QUEUE_PAGE + 1}) listed
    where billers.id = any (${sql.param(staff.billerIds)}::smallint[])
      and ${biller === undefined ? sql`true` : sql`billers.code = ${biller}`}
    order by listed.${place} ${order}, listed.id ${order} limit ${QUEUE_PAGE + 1}`)
  await recordEvent(database(), { accountId: staff.id, action: `${queue}.listed`, at: now })
  const found = rows
    .slice(0, QUEUE_PAGE)
    .map(({ createdAt, ...row }) => ({ ...row, createdAt: new Date(createdAt) }))
  return { cases: found, next: rows.length > QUEUE_PAGE ? found.at(-1)!.id : undefined }
}

/** More than so many are not counted: of more it is enough to know that. */
export const COUNTED = 100

/** How many open cases each queue has for a member of staff in each state, `COUNTED` + 1 at most, and since when the oldest is there. */
export async function countOpenCases(staff: Staff) {
  const codes = Object.keys(kinds) as KindCode[]
  const { rows } = await database().execute<{
    queue: string
    state: CaseState
    count: number
    oldest: string
  }>(sql`
    select kinds.queue, states.state, least(count(*), ${COUNTED + 1}::int)::int as count, min(open.created_at) as oldest
    from billers
    cross join unnest(${sql.param(codes)}::text[], ${sql.param(codes.map(code => kinds[code].queue))}::text[]) as kinds (kind, queue)
    cross join unnest(${sql.param(openStates)}::text[]) as states (state)
    cross join lateral (
      select created_at from cases
      where queue = kinds.queue and biller_id = billers.id and cases.kind = kinds.kind and cases.state = states.state
        and ${isOthersCase(staff)} and ${PARTS.open.is}
      order by created_at, id limit ${COUNTED + 1}) open
    where billers.id = any (${sql.param(staff.billerIds)}::smallint[])
    group by kinds.queue, states.state`)
  return rows.map(({ oldest, ...row }) => ({ ...row, oldest: new Date(oldest) }))
}

type HistoryEntry = {
  move: CaseMove | 'file'
  side: 'owner' | 'staff'
  /** The member of staff. */
  name: string | null
  note: string | null
  at: string
}

export type ShownCase = NonNullable<Awaited<ReturnType<typeof getCase>>>

/** A case of a queue in full; undefined where it is not for this member of staff. */
export async function getCase(staff: Staff, queue: string, id: string, now: Date) {
  const db = database()
  const [row] = await db
    .select({
      one: cases,
      biller: billers.name,
      country: billers.country,
      documents: documentsOfCase,
      history: sql<HistoryEntry[]>`(select json_agg(json_build_object('move', e.move, 'side', e.side,
          'name', s.first_name || ' ' || s.last_name, 'note', e.note, 'at', e.at) order by e.number)
        from case_events e left join ${accounts} s on s.id = e.made_by and e.side = 'staff' where e.case_id = ${cases.id})`,
    })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .where(and(eq(cases.id, id), eq(cases.queue, queue), caseInScope(staff)))
  const kind = row && kindOf(row.one)
  if (!kind) return undefined
  const { one } = row
  const open = openMoves(kind.moves, one.state, staff.role)
  const chooses = open.map(name => kind.moves[name]?.choices).find(Boolean)
  const choices = await chooses?.list(db, one, staff)
  const compared = (await kind.compared?.(db, one)) ?? []
  const facts = (await kind.facts?.(db, one)) ?? []
  const subject = one.accountId ? `account:${one.accountId}` : `case:${id}`
  const details = { kind: one.kind, case: id }
  await recordEvent(db, { accountId: staff.id, action: 'case.viewed', subject, details, at: now })
  // Whoever is shown finds in their own access log that staff looked at their data.
  for (const { accountId } of choices ?? []) {
    await recordEvent(db, {
      accountId: staff.id,
      action: 'account.viewed',
      subject: `account:${accountId}`,
      details,
      at: now,
    })
  }
  return {
    ...one,
    kind: one.kind as KindCode,
    biller: row.biller,
    country: row.country,
    history: row.history,
    documents: shownDocuments(row.documents),
    compared,
    facts,
    form: { name: kind.form.name },
    // What was said in this form and is compared with nothing, in the order of its fields.
    said: Object.keys(kind.form.fields)
      .filter(field => !compared.some(({ fields }) => fields.includes(field)))
      .flatMap(field => {
        const value = one.answers[field]
        return value === undefined ? [] : [{ field, value }]
      }),
    // What this member of staff may do now.
    open,
    // What is chosen with a move of theirs; undefined where none has such a thing.
    choices,
  }
}

export type OwnCase = Awaited<ReturnType<typeof listOwnCases>>[number]

/** The customer's cases of a kind with their documents, but for those withdrawn; the newest first. */
export async function listOwnCases(customer: { id: string }, kind: KindCode) {
  const rows = await database()
    .select({
      id: cases.id,
      biller: billers.name,
      title: cases.title,
      about: cases.about,
      answers: cases.answers,
      state: cases.state,
      // What was said with its last move.
      note: sql<
        string | null
      >`(select e.note from case_events e where e.case_id = ${cases.id} and e.number = ${cases.events})`,
      createdAt: cases.createdAt,
      documents: documentsOfCase,
    })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .where(and(eq(cases.accountId, customer.id), eq(cases.kind, kind)))
    .orderBy(desc(cases.createdAt), cases.id)
  return rows.flatMap(({ state, documents, ...row }) =>
    state === 'withdrawn' ? [] : [{ ...row, state, documents: shownDocuments(documents) }],
  )
}

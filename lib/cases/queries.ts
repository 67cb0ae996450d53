// What staff and owners see of cases. Every look of staff is written down.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { CaseMove } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'
import { documentsOfCase, shownDocuments } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { type KindCode, kindOf } from './kinds.ts'
import { openMoves } from './rules.ts'
import { caseInScope } from './scope.ts'

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

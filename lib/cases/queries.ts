// What staff and owners see of cases. Every look of staff is written down.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { CaseMove, CaseSide, CaseState } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases, caseViewers } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'
import { documentsOfCase, shownDocuments } from '../files/queries.ts'
import type { Locale } from '../i18n/locale.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { countDeadline, daysOffOfBiller } from './deadlines.ts'
import type { Case, Choice } from './kind.ts'
import { type KindCode, kindOf } from './kinds.ts'
import { cameOutside } from './outside.ts'
import { openMoves } from './rules.ts'
import { caseInScope, isOthersCase } from './scope.ts'

type HistoryEntry = {
  number: number
  move: CaseMove | 'file'
  side: CaseSide
  /** The member of staff. */
  name: string | null
  note: string | null
  state: CaseState
  at: string
}

/** Somebody else of the staff who has opened it: their name, and how many minutes ago they last did. */
type Viewer = { name: string; minutes: number }

/** So long whoever opened a case is told to others who do. */
const VIEWING_MINUTES = 10

export type ShownCase = NonNullable<Awaited<ReturnType<typeof getCase>>>

/**
 * A case of a queue in full; undefined where it is not for this member of staff. What is masked is left out, unless they asked
 * for it (`unmasked`), and either is written down before anything is shown.
 */
export async function getCase(staff: Staff, queue: string, id: string, now: Date, unmasked = false) {
  const db = database()
  const since = new Date(now.getTime() - VIEWING_MINUTES * 60_000)
  const [row] = await db
    .select({
      one: cases,
      biller: billers.name,
      country: billers.country,
      timeZone: billers.timeZone,
      daysOff: daysOffOfBiller,
      language: sql<Locale>`coalesce((select a.language from ${accounts} a where a.id = ${cases.accountId}), ${cases.language})`,
      takenBy: sql<
        string | null
      >`(select a.first_name || ' ' || a.last_name from ${accounts} a where a.id = ${cases.takenBy})`,
      filedByThem: sql<boolean>`exists (select from case_events e
        where e.case_id = ${cases.id} and e.number = 1 and e.side = 'staff' and e.made_by = ${staff.id})`,
      documents: documentsOfCase(),
      history: sql<
        HistoryEntry[]
      >`(select json_agg(json_build_object('number', e.number, 'move', e.move, 'side', e.side,
          'name', s.first_name || ' ' || s.last_name, 'note', e.note, 'state', e.state, 'at', e.at) order by e.number)
        from case_events e left join ${accounts} s on s.id = e.made_by and e.side = 'staff' where e.case_id = ${cases.id})`,
      viewers: sql<{ name: string; at: string }[]>`(select coalesce(json_agg(json_build_object(
          'name', s.first_name || ' ' || left(s.last_name, 1) || '.', 'at', v.at) order by v.at desc), '[]')
        from ${caseViewers} v join ${accounts} s on s.id = v.staff_id
        where v.case_id = ${cases.id} and v.staff_id <> ${staff.id} and v.at > ${since.toISOString()}::timestamptz)`,
      // Whoever may have it instead: of the same biller, and not with a case of their own.
      colleagues: sql<{ id: string; name: string }[]>`(select coalesce(json_agg(json_build_object(
          'id', ${accounts.id}, 'name', ${accounts.firstName} || ' ' || ${accounts.lastName}) order by ${accounts.firstName}, ${accounts.id}), '[]')
        from staff_billers b join ${accounts} on ${accounts.id} = b.account_id
        where b.biller_id = ${cases.billerId} and ${accounts.id} <> ${staff.id} and ${isOthersCase({ id: accounts.id })})`,
    })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .where(and(eq(cases.id, id), eq(cases.queue, queue), caseInScope(staff)))
  const kind = row && kindOf(row.one)
  if (!kind) return undefined
  const { one } = row
  const open = openMoves(kind.moves, one.state, staff.role).filter(
    move => !(row.filedByThem && kind.moves[move]?.another),
  )
  const chooses = open.map(name => kind.moves[name]?.choices).find(Boolean)
  const choices = await chooses?.list(db, one, staff)
  const compared = ((await kind.compared?.(db, one)) ?? []).map(line =>
    line.masked && !unmasked ? { ...line, recorded: { text: 'hidden' } } : line,
  )
  const facts = (await kind.facts?.(db, one, now)) ?? []
  const looks = { choices: choices ?? [], unmasked: unmasked && compared.some(({ masked }) => masked) }
  await recordLooks(staff, one, looks, now)
  return {
    ...one,
    kind: one.kind as KindCode,
    biller: row.biller,
    country: row.country,
    timeZone: row.timeZone,
    language: row.language,
    takenByName: row.takenBy,
    history: row.history,
    ...countDeadline(one, row.history, row, now),
    documents: shownDocuments(row.documents),
    compared,
    // It could have been granted by rule as it stands now.
    isClear: kind.grantedByRule !== undefined && compared.every(({ agrees }) => agrees !== false),
    facts,
    form: { name: kind.form.name },
    // What was said in this form and is told nowhere else, in the order of its fields.
    said: Object.entries(kind.form.fields)
      .filter(([field, { kind: of }]) => of !== 'hidden' && !facts.some(fact => fact.field === field))
      .filter(([field]) => !compared.some(({ fields }) => fields.includes(field)))
      .flatMap(([field]) => {
        const value = one.answers[field]
        return value === undefined ? [] : [{ field, value }]
      }),
    viewers: row.viewers.map(
      ({ name, at }): Viewer => ({
        name,
        minutes: Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / 60_000)),
      }),
    ),
    colleagues: row.colleagues,
    // What this member of staff may do now.
    open,
    filedByThem: row.filedByThem,
    // Whether the owner reads what is written with a move.
    isRead: open.some(move => kind.moves[move]?.tells),
    // What is chosen with a move of theirs; undefined where none has such a thing.
    choices,
  }
}

/** Whoever is shown finds in their own access log that staff looked at their data; others who open the case see who has it open. */
async function recordLooks(
  staff: Staff,
  { id, kind, accountId, contractId }: Case,
  { choices, unmasked }: { choices: Choice[]; unmasked: boolean },
  now: Date,
): Promise<void> {
  const db = database()
  const details = { kind, case: id }
  const subject = accountId ? `account:${accountId}` : `case:${id}`
  const looks = [
    { action: 'case.viewed', subject },
    ...choices.map(choice => ({ action: 'account.viewed', subject: `account:${choice.accountId}` })),
    ...(unmasked ? [{ action: 'holder.viewed', subject: `contract:${contractId}` }] : []),
  ]
  for (const look of looks) await recordEvent(db, { ...look, accountId: staff.id, details, at: now })
  await db
    .insert(caseViewers)
    .values({ caseId: id, staffId: staff.id, at: now })
    .onConflictDoUpdate({ target: [caseViewers.caseId, caseViewers.staffId], set: { at: now } })
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
      documents: documentsOfCase(cameOutside),
    })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .where(and(eq(cases.accountId, customer.id), eq(cases.kind, kind)))
    .orderBy(desc(cases.createdAt), cases.id)
  return rows.flatMap(({ state, documents, ...row }) =>
    state === 'withdrawn' ? [] : [{ ...row, state, documents: shownDocuments(documents) }],
  )
}

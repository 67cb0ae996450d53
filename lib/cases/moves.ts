// Moves cases: state, event, what the move does and who is told of it, in one transaction.
import { and, eq, type SQL } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { type CaseMove, type CaseSide, type CaseState, insideMoves } from '../../db/enums.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { findStaff, type Staff } from '../auth/staff.ts'
import { claimDocuments, documentsGone, releaseDocuments } from '../files/commands.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { countDueAt, keepDaysOff } from './deadlines.ts'
import type { Answers, Case, Move } from './kind.ts'
import { kindOf } from './kinds.ts'
import { afterMove, hasOpenPlace, isDecided, mayMake } from './rules.ts'
import { caseInScope } from './scope.ts'
import { tellOwner } from './telling.ts'

/**
 * What a move says: a note to the other side; what was chosen, and confirmed of it; what the owner's form says now, and its new
 * documents; to whom it is handed over. `seen`: how many events the page showed from which it comes.
 */
type Words = {
  note?: string | null
  chosen?: string[]
  confirmed?: string[]
  answers?: Answers
  documentIds?: string[]
  handTo?: string
  seen?: number
}

/** What is said beside the others: whatever happened meanwhile, it undoes nothing of it. */
const BESIDE = ['note', 'reply', 'write'] as const satisfies CaseMove[]

/**
 * `notFound`: nothing of theirs, or not for their role. `moved`: somebody else was faster. `noteRequired`. `placeOpen`: what the owner
 * would read is not filled in. `colleagueUnknown`. Else a failure of the kind's: of its choices, or of its effect.
 */
type MoveResult = Promise<Result<Pick<Case, 'id' | 'queue' | 'kind' | 'state' | 'events'>, string>>

type Decider = Pick<Staff, 'id' | 'role' | 'billerIds'>

/** A move of staff. Of two at once the second waits, and is refused (`moved`). */
export const moveCase = (
  staff: Decider,
  caseId: string,
  move: CaseMove,
  said: Words,
  now: Date,
): MoveResult => makeMove(and(eq(cases.id, caseId), caseInScope(staff))!, { staff }, move, said, now)

/** A move of the owner. */
export const moveOwnCase = (
  customer: { id: string },
  caseId: string,
  move: CaseMove,
  said: Words,
  now: Date,
): MoveResult =>
  makeMove(and(eq(cases.id, caseId), eq(cases.accountId, customer.id))!, { owner: customer }, move, said, now)

type Maker = { staff: Decider } | { owner: { id: string } }

/** Accepts what was just filed, by rule, in the transaction that files it; what its effect refuses with is the answer. */
export async function acceptByRule(tx: Transaction, one: Case, now: Date): Promise<Result<null, string>> {
  const move = kindOf(one)!.moves.accept!
  const done = await move.effect?.(tx, one, { by: { id: one.accountId! }, chosen: [], now })
  if (done && !done.ok) return done
  await writeMove(tx, one, { name: 'accept', state: 'accepted', side: 'portal' }, {}, now)
  await recordEvent(tx, {
    action: 'case.accepted',
    subject: `account:${one.accountId}`,
    details: { ...done?.value, kind: one.kind, case: one.id },
    at: now,
  })
  if (move.tells) await tellOwner(tx, one, 'accept', move.tells, '')
  return ok(null)
}

/** Rolls all of a transaction back; its message is the code. */
export class Refused extends Error {}

function makeMove(which: SQL, maker: Maker, name: CaseMove, said: Words, now: Date): MoveResult {
  return database()
    .transaction(async tx => {
      await keepDaysOff(tx)
      const [one] = await tx.select().from(cases).where(which).for('update')
      const kind = one && kindOf(one)
      const move = kind?.moves[name]
      const isStaffs = 'staff' in maker
      // No page of theirs has the button.
      if (!kind || !move || !mayMake(move, isStaffs ? maker.staff.role : 'owner')) return fail('notFound')
      const state = afterMove(kind.moves, one.state, name)
      const isBeside = BESIDE.some(one => one === name)
      if (!state || (!isBeside && said.seen !== undefined && said.seen !== one.events)) return fail('moved')
      if (move.another && isStaffs && (await filedBy(tx, one.id)) === maker.staff.id) return fail('sameOne')
      if (move.note === 'required' && !said.note) return fail('noteRequired')
      const isRead = isStaffs && !insideMoves.some(inside => inside === name)
      if (isRead && said.note && hasOpenPlace(said.note)) return fail('placeOpen')
      if (name === 'handOver' && !(await mayTake(tx, one, said.handTo))) return fail('colleagueUnknown')
      const by = isStaffs ? maker.staff : maker.owner
      const chosen = isStaffs ? await readChoices(tx, one, move, maker.staff, said) : []
      const done = await move.effect?.(tx, one, { by, chosen, now })
      if (done && !done.ok) throw new Refused(done.code)
      const side = isStaffs ? 'staff' : 'owner'
      const decidedAt = await writeMove(tx, one, { name, state, side, by: by.id }, said, now)
      const event = one.events + 1
      await claimDocuments(tx, said.documentIds ?? [], { id: one.id, event, decidedAt, side })
      await recordEvent(tx, {
        accountId: by.id,
        action: `case.${PAST[name]}`,
        // What staff did with a customer's data is found in that customer's access log.
        subject: isStaffs && one.accountId ? `account:${one.accountId}` : `case:${one.id}`,
        details: { ...done?.value, kind: one.kind, case: one.id },
        at: now,
      })
      if (state === 'withdrawn') await releaseDocuments(tx, [one.id])
      if (move.tells) await tellOwner(tx, one, name, move.tells, said.note ?? '')
      return okOnce(tx, { id: one.id, queue: one.queue, kind: one.kind, state, events: event })
    })
    .catch((error: unknown) => {
      if (error instanceof Refused) return fail(error.message)
      return documentsGone(error)
    })
}

/** Whether a member of staff may be given the case: of its biller, at work, and not one of their own. */
async function mayTake(tx: Transaction, one: Case, staffId: string | undefined): Promise<boolean> {
  const colleague = staffId === undefined ? undefined : await findStaff({ id: staffId })
  if (!colleague) return false
  const [seen] = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(and(eq(cases.id, one.id), caseInScope(colleague)))
  return seen !== undefined
}

/** The member of staff or the account that filed it; null: somebody without an account. */
async function filedBy(tx: Transaction, caseId: string): Promise<string | null> {
  const [first] = await tx
    .select({ by: caseEvents.madeBy })
    .from(caseEvents)
    .where(and(eq(caseEvents.caseId, caseId), eq(caseEvents.number, 1)))
  return first!.by
}

const PAST: Record<CaseMove, string> = {
  take: 'taken',
  ask: 'asked',
  answer: 'answered',
  accept: 'accepted',
  reject: 'rejected',
  reopen: 'reopened',
  withdraw: 'withdrawn',
  release: 'released',
  handOver: 'handedOver',
  reply: 'replied',
  note: 'noted',
  write: 'written',
  amend: 'amended',
  revoke: 'revoked',
}

/** What was chosen with a move that has choices: of another's boxes nothing is taken. */
async function readChoices(
  tx: Transaction,
  one: Case,
  { choices }: Move,
  staff: Decider,
  said: Words,
): Promise<string[]> {
  if (!choices) return []
  const chosen = [...new Set(said.chosen)].sort()
  const open = (await choices.list(tx, one, staff)).map(({ value }) => value)
  // Where there is nothing to choose, nothing need be chosen.
  if (open.length > 0 && chosen.length === 0) throw new Refused(choices.missing)
  if (chosen.some(value => !open.includes(value))) throw new Refused(choices.missing)
  if (chosen.some(value => !said.confirmed?.includes(value))) throw new Refused(choices.unconfirmed)
  return chosen
}

/** Its value: when the case was decided, where it is. */
async function writeMove(
  tx: Transaction,
  one: Case,
  made: { name: CaseMove; state: CaseState; side: CaseSide; by?: string },
  { note, answers, handTo }: Words,
  now: Date,
): Promise<Date | null> {
  const { name, state, side, by } = made
  const number = one.events + 1
  const decidedAt = state === one.state ? one.decidedAt : isDecided(state) ? now : null
  await tx.insert(caseEvents).values({
    caseId: one.id,
    number,
    was: one.state,
    move: name,
    state,
    side,
    madeBy: by,
    note,
    answers,
    at: now,
  })
  await tx
    .update(cases)
    .set({
      state,
      events: number,
      ...(state !== one.state && {
        stateAt: now,
        decidedAt,
        // What is decided stays as it was counted then.
        ...(!(isDecided(one.state) && isDecided(state)) && { dueAt: await countDueAt(tx, one, now) }),
      }),
      ...(isDecided(state) && !one.firstDecidedAt && { firstDecidedAt: now }),
      ...(name === 'take' && { takenBy: by }),
      ...(name === 'release' && { takenBy: null }),
      ...(name === 'handOver' && { takenBy: handTo }),
      ...(answers && { answers }),
    })
    .where(eq(cases.id, one.id))
  return decidedAt
}

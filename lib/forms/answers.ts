// Answers to forms that were sent: the same form sent again gets the first one's, on whichever node.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, isNull, lt, or, type SQL, type SQLWrapper } from 'drizzle-orm'
import { type Executor, type Transaction, together } from '../../db/client.ts'
import { formAnswers } from '../../db/schema/forms.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { ok } from '../platform/result.ts'
import { openStored, sealBytes } from '../platform/seal.ts'

/** Longer than any command runs: whose process died meanwhile, its form may be sent again. */
const LEASE_MS = 60_000
/** So long a form with a password or a code is answered the same: later it is asked whether they still count. */
const SECRET_MS = 10 * 60_000
/** So long a form waits for the one before it; a browser gives up later. */
const WAIT_MS = 25_000

const PURPOSE = 'form answer'

/** `mine`: the form may be done. `known`: it was, or was refused a moment ago. `late`: the first is still at it. */
export type Claim =
  | { state: 'mine' }
  | { state: 'known'; outcome: 'done' | 'failed'; answer: unknown }
  | { state: 'late' }

/**
 * Claims a form; one that is being done at this moment is waited for, without a connection. Of two sent at once a refusal
 * is told to both; sent later, the form is tried anew.
 */
export async function claimForm(key: string, hasSecret = false): Promise<Claim> {
  const isOld = hasSecret ? isBefore(SECRET_MS) : undefined
  if (await takeForm(key, or(eq(formAnswers.outcome, 'failed'), hasExpired(), isOld)))
    return { state: 'mine' }
  const until = Date.now() + WAIT_MS
  for (let pause = 50; Date.now() < until; pause = Math.min(pause * 1.5, 1000)) {
    const [found] = await database().select().from(formAnswers).where(eq(formAnswers.key, key))
    if (found?.outcome) return { state: 'known', outcome: found.outcome, answer: opened(found.answer, key) }
    // Freed, or its process died.
    if (await takeForm(key, hasExpired())) return { state: 'mine' }
    await sleep(pause)
  }
  return { state: 'late' }
}

/** What a form gave that was done before, in an object of its own; undefined where it was not. */
export async function findDone(key: string): Promise<{ value: unknown } | undefined> {
  const [found] = await database().select().from(formAnswers).where(eq(formAnswers.key, key))
  return found?.outcome === 'done' ? { value: opened(found.answer, key) } : undefined
}

const hasExpired = () => and(isNull(formAnswers.outcome), isBefore(LEASE_MS))
const isBefore = (ms: number) => lt(formAnswers.claimedAt, new Date(clock.now().getTime() - ms))

/** Takes a form that nobody has, or about which this holds. */
async function takeForm(key: string, setWhere: SQL | undefined): Promise<boolean> {
  const claimedAt = clock.now()
  const taken = await database()
    .insert(formAnswers)
    .values({ key, claimedAt })
    .onConflictDoUpdate({
      target: formAnswers.key,
      set: { claimedAt, outcome: null, answer: null },
      setWhere,
    })
    .returning({ key: formAnswers.key })
  return taken.length > 0
}

/** Keeps what came of a form that was claimed; `answer` is plain data. */
export async function answerForm(key: string, outcome: 'done' | 'failed', answer: unknown): Promise<void> {
  await answerOf(database(), key, outcome, answer)
}

function answerOf(db: Executor, key: string, outcome: 'done' | 'failed', answer: unknown) {
  const sealed = sealBytes(Buffer.from(JSON.stringify(answer ?? null)), PURPOSE, key).toString('base64url')
  return db.update(formAnswers).set({ outcome, answer: sealed }).where(eq(formAnswers.key, key))
}

/** The form whose command runs, and whether that has kept its answer itself. */
type Doing = { key: string; isKept: boolean }

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaDoing?: AsyncLocalStorage<Doing> }
holder.dritaDoing ??= new AsyncLocalStorage<Doing>()
const doing = holder.dritaDoing

/** Runs the command of a form that was claimed, and keeps the value it gives. */
export async function doForm<A extends { ok: boolean }>(key: string, command: () => Promise<A>): Promise<A> {
  const form: Doing = { key, isKept: false }
  const answer = await doing.run(form, command)
  if (answer.ok && !form.isKept) await answerForm(key, 'done', (answer as { value?: unknown }).value)
  return answer
}

/**
 * The last step of a command's transaction, and its result: with what it wrote, the form's answer is kept. Should the process
 * die after that, the form sent again is not done again. Outside a form nothing is kept. `writes`: the command's last ones,
 * which go with it.
 */
export async function okOnce<V>(
  tx: Transaction,
  value: V,
  ...writes: SQLWrapper[]
): Promise<{ ok: true; value: V }> {
  const form = doing.getStore()
  const last = form ? [answerOf(tx, form.key, 'done', value), ...writes] : writes
  if (last.length > 0) await together(tx, ...last)
  if (form) form.isKept = true
  return ok(value)
}

/** Gives the claim of a form back, about which nothing can be said. */
export async function freeForm(key: string): Promise<void> {
  await database()
    .delete(formAnswers)
    .where(and(eq(formAnswers.key, key), isNull(formAnswers.outcome)))
}

function opened(sealed: string | null, key: string): unknown {
  const text = openStored(Buffer.from(sealed ?? '', 'base64url'), PURPOSE, key)
  if (!text) throw new Error('the answer to a form does not open')
  return JSON.parse(text.toString('utf8'))
}

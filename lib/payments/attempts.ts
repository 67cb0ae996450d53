// Moves an attempt from state to state: the row, the audit event and the follow-up job in the caller's transaction.
import { and, asc, eq, exists, inArray, isNull, not, type SQL } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { type AttemptState, openAttemptStates } from '../../db/enums.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { lockContracts } from '../ledger/commands.ts'
import { recordEvent } from '../platform/audit.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { isClosed, isUnknown, mayMove, nextCheckAt } from './rules.ts'

export type AttemptRow = typeof paymentAttempts.$inferSelect

/**
 * Locks an attempt's contracts, then the attempt: in this order everywhere, and before anything else of the contracts is
 * touched. Whoever holds one of its contracts so keeps an attempt from being moved.
 */
export async function lockAttempt(tx: Transaction, attemptId: string): Promise<AttemptRow> {
  const its = tx
    .select({ id: paymentAttemptInvoices.contractId })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, attemptId))
  await lockContracts(tx, its)
  // Not against new events of the attempt: what a bank says can always be stored.
  const [attempt] = await tx
    .select()
    .from(paymentAttempts)
    .where(eq(paymentAttempts.id, attemptId))
    .for('no key update')
  return attempt!
}

/** Whether money may still come of an attempt of the account: also of one that holds no invoice, another having them by now. */
export async function hasOpenAttempt(tx: Transaction, accountId: string): Promise<boolean> {
  const isOpen = inArray(paymentAttempts.state, openAttemptStates)
  return (await tx.$count(paymentAttempts, and(eq(paymentAttempts.accountId, accountId), isOpen))) > 0
}

/** Moves a locked attempt, whose contracts are locked too, to a state that mayMove allows; throws for any other. Returns it as it is then. */
export async function transition(
  tx: Transaction,
  attempt: AttemptRow,
  to: AttemptState,
  now: Date,
  details: { declineCode?: string; accountId?: string; askAt?: Date } = {},
): Promise<AttemptRow> {
  if (!mayMove(attempt.state, to)) throw new Error(`An attempt may not move from ${attempt.state} to ${to}.`)
  const values = { state: to, stateChangedAt: now, declineCode: details.declineCode ?? null }
  // Whoever has a link never holds an invoice.
  const reopens = attempt.payLinkId === null && isClosed(attempt.state) && isUnknown(to)
  const held = reopens ? await holdInvoices(tx, attempt.id, values) : undefined
  const live = attempt.live && isUnknown(to)
  const rows = held ?? (await updateAttempt(tx, attempt.id, { ...values, live }))
  const moved = rows[0]!
  if (attempt.live && !moved.live) await holdAgain(tx, attempt.id)
  await recordAudit(tx, attempt, to, now, details.accountId)
  await scheduleCheck(tx, moved, now, details.askAt)
  return moved
}

/** Writes what happened to an attempt into the audit log. `accountId`: the customer who did it, if one did. */
export async function recordAudit(
  tx: Transaction,
  attempt: AttemptRow,
  event: AttemptState | 'exception' | 'answer_ignored',
  now: Date,
  accountId?: string,
  facts: Record<string, string | number> = {},
): Promise<void> {
  await recordEvent(tx, {
    at: now,
    accountId,
    action: `payment.${event}`,
    subject: `attempt:${attempt.id}`,
    details: { number: attempt.number, from: attempt.state, ...facts },
  })
}

async function updateAttempt(
  tx: Transaction,
  attemptId: string,
  values: Partial<typeof paymentAttempts.$inferInsert>,
  where?: SQL,
): Promise<AttemptRow[]> {
  return tx
    .update(paymentAttempts)
    .set(values)
    .where(and(eq(paymentAttempts.id, attemptId), where))
    .returning()
}

/**
 * Updates an attempt so that it holds its invoices; undefined, and nothing is done, where another has some of them. That
 * one may be of another contract, to which a feed moved an invoice, so no lock of ours keeps it from beginning just now.
 */
async function holdInvoices(
  tx: Transaction,
  attemptId: string,
  values: Partial<typeof paymentAttempts.$inferInsert>,
  where?: SQL,
): Promise<AttemptRow[] | undefined> {
  try {
    return await tx.transaction(savepoint =>
      updateAttempt(savepoint, attemptId, { ...values, live: true }, where),
    )
  } catch (error) {
    const { code, constraint } = ((error as Error).cause ?? {}) as { code?: string; constraint?: string }
    if (code === '23505' && constraint === 'payment_attempt_invoices_one_live') return undefined
    throw error
  }
}

/** Lets accounts' attempts that had to leave their invoices to this one, and whose end is not known, hold them again. */
async function holdAgain(tx: Transaction, attemptId: string): Promise<void> {
  const own = tx
    .select({ id: paymentAttemptInvoices.invoiceId })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, attemptId))
  const sharing = tx
    .select({ id: paymentAttemptInvoices.attemptId })
    .from(paymentAttemptInvoices)
    .where(
      and(
        eq(paymentAttemptInvoices.attemptId, paymentAttempts.id),
        inArray(paymentAttemptInvoices.invoiceId, own),
      ),
    )
  const holdsNone = and(
    not(paymentAttempts.live),
    isNull(paymentAttempts.payLinkId),
    inArray(paymentAttempts.state, openAttemptStates),
  )
  const waiting = await tx
    .select({ id: paymentAttempts.id })
    .from(paymentAttempts)
    .where(and(holdsNone, exists(sharing)))
    .orderBy(asc(paymentAttempts.createdAt), asc(paymentAttempts.id))
  for (const { id } of waiting) await holdInvoices(tx, id, {}, holdsNone)
}

/** Has the bank asked again when the rules say, or at `at`; one question waits at a time. */
export async function scheduleCheck(
  db: Executor,
  attempt: Parameters<typeof nextCheckAt>[0] & { id: string },
  now: Date,
  at?: Date,
): Promise<void> {
  const runAt = at ?? nextCheckAt(attempt, env().PAYMENT_EXPIRY_MINUTES, now)
  if (!runAt) return
  const key = `check-payment:${attempt.id}`
  const options = { runAt, key, urgent: true, restsInMaintenance: true }
  await enqueue(db, 'check-payment', { attemptId: attempt.id }, options)
}

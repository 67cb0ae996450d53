// Money that fits nothing: held until it is explained. Staff see how much of it waits.
import { and, eq, inArray, isNotNull, isNull, min, or, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { paymentAttempts, paymentExceptions } from '../../db/schema/payments.ts'
import { database } from '../platform/database.ts'
import { log } from '../platform/log.ts'
import type { Misfit } from './rules.ts'

/** `unknown_order`: of no attempt of ours. */
export type ExceptionKind = Misfit | 'unknown_order'

/** What the bank told. `attemptId` is null for an unknown order alone; `paymentId` where the money is booked. */
type Told = {
  kind: ExceptionKind
  gateway: string
  orderNumber: string
  transactionId: string | undefined
  attemptId: string | null
  eventId: number
  paymentId: number | null
}

/**
 * Holds what an answer told of for staff; told again it is the same, and one that was explained is held again only where
 * the bank says so in answer to a question (`asked`). Returns whether it was not held already.
 */
export async function holdException(
  tx: Transaction,
  told: Told,
  asked: boolean,
  now: Date,
): Promise<boolean> {
  const transactionId = told.transactionId ?? ''
  const { gateway, orderNumber, kind } = paymentExceptions
  const [opened] = await tx
    .insert(paymentExceptions)
    .values({ ...told, transactionId, openedAt: now })
    .onConflictDoUpdate({
      target: [gateway, orderNumber, paymentExceptions.transactionId, kind],
      set: { resolvedAt: null, openedAt: now, eventId: told.eventId },
      setWhere: asked ? isNotNull(paymentExceptions.resolvedAt) : sql`false`,
    })
    .returning({ id: paymentExceptions.id })
  if (told.paymentId !== null) {
    await tx
      .update(paymentExceptions)
      .set({ paymentId: told.paymentId })
      .where(and(ofAttempt(told.attemptId!), eq(paymentExceptions.transactionId, transactionId)))
  }
  if (opened) {
    const { kind, gateway, orderNumber: order, eventId: event } = told
    log.error({ kind, gateway, order, event }, 'ALARM: money that fits nothing')
  }
  return opened !== undefined
}

const ofAttempt = (attemptId: string) =>
  and(
    eq(paymentExceptions.attemptId, attemptId),
    isNull(paymentExceptions.resolvedAt),
    isNull(paymentExceptions.paymentId),
  )

/** The bank's answer to a question fits: what was told otherwise of this transaction, or of none, is explained. */
export async function resolveExceptions(
  tx: Transaction,
  attemptId: string,
  transactionId: string,
  now: Date,
): Promise<void> {
  await tx
    .update(paymentExceptions)
    .set({ resolvedAt: now })
    .where(and(ofAttempt(attemptId), inArray(paymentExceptions.transactionId, [transactionId, ''])))
}

/** Since when an attempt has money that no answer to a question has confirmed; undefined: it has none. */
export async function unconfirmedSince(db: Executor, attemptId: string): Promise<Date | undefined> {
  const [row] = await db
    .select({ since: min(paymentExceptions.openedAt) })
    .from(paymentExceptions)
    .where(ofAttempt(attemptId))
  return row?.since ?? undefined
}

/** How much waits for staff: of their billers, and of orders whose biller nobody knows. */
export async function countExceptions(staff: { billerIds: number[] }): Promise<number> {
  const [row] = await database()
    .select({ count: sql<number>`count(*)::int` })
    .from(paymentExceptions)
    .leftJoin(paymentAttempts, eq(paymentAttempts.id, paymentExceptions.attemptId))
    .where(
      and(
        isNull(paymentExceptions.resolvedAt),
        or(
          isNull(paymentExceptions.attemptId),
          inArray(paymentAttempts.billerId, staff.billerIds.length > 0 ? staff.billerIds : [-1]),
        ),
      ),
    )
  return row!.count
}

// Money that fits nothing, or was paid twice: held until it is explained.
import { and, eq, inArray, isNotNull, isNull, lt, lte, min, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import type { AnswerChannel, ExceptionKind } from '../../db/enums.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentEvents } from '../../db/schema/payments.ts'
import { log } from '../platform/log.ts'

/** A stored answer; `receivedAt`: of one to a question, when that was asked. */
export type StoredEvent = { id: number; channel: AnswerChannel; receivedAt: Date }

/** What the bank told. `attemptId` is null for an unknown order alone; `paymentId` where the money is booked. */
type Told = {
  kind: ExceptionKind
  gateway: string
  orderNumber: string
  transactionId: string | undefined
  attemptId: string | null
  paymentId: number | null
}

/**
 * Holds what an answer told of for staff. Where the like was told before it is the same exception, held again if it was
 * explained: this may be other money. Returns whether it was not held already.
 */
export async function holdException(tx: Transaction, told: Told, event: StoredEvent): Promise<boolean> {
  const transactionId = told.transactionId ?? ''
  const { gateway, orderNumber, kind } = paymentExceptions
  const word = { eventId: event.id, openedAt: event.receivedAt }
  const [opened] = await tx
    .insert(paymentExceptions)
    .values({ ...told, transactionId, ...word })
    .onConflictDoUpdate({
      target: [gateway, orderNumber, paymentExceptions.transactionId, kind],
      set: { ...word, resolvedAt: null, resolvedBy: null, note: null },
      setWhere: isNotNull(paymentExceptions.resolvedAt),
    })
    .returning({ id: paymentExceptions.id })
  const eventId = sql`greatest(${paymentExceptions.eventId}, ${event.id})`
  if (!opened) {
    await tx
      .update(paymentExceptions)
      .set(event.channel === 'query' ? { eventId } : { eventId, openedAt: event.receivedAt })
      .where(
        and(
          eq(gateway, told.gateway),
          eq(orderNumber, told.orderNumber),
          eq(paymentExceptions.transactionId, transactionId),
          eq(kind, told.kind),
        ),
      )
  }
  if (told.paymentId !== null) {
    await tx
      .update(paymentExceptions)
      .set({ paymentId: told.paymentId, eventId })
      .where(
        and(
          eq(paymentExceptions.attemptId, told.attemptId!),
          eq(paymentExceptions.transactionId, transactionId),
          isNull(paymentExceptions.resolvedAt),
          isNull(paymentExceptions.paymentId),
          // What a settlement file told of is resolved where it is compared.
          isNotNull(paymentExceptions.eventId),
        ),
      )
  }
  if (opened) {
    const { kind, gateway, orderNumber: order } = told
    log.error({ kind, gateway, order, event: event.id }, 'ALARM: money that fits nothing')
  }
  return opened !== undefined
}

/**
 * The bank's answer to a question fits: what was told otherwise of this transaction, or of none, before it was asked is
 * explained; what is booked is confirmed, and stays held.
 */
export async function resolveExceptions(
  tx: Transaction,
  attemptId: string,
  transactionId: string,
  event: StoredEvent,
  now: Date,
): Promise<void> {
  await tx
    .update(paymentExceptions)
    .set({
      eventId: event.id,
      resolvedAt: sql`case when ${paymentExceptions.paymentId} is null then ${now.toISOString()}::timestamptz end`,
    })
    .where(
      and(
        eq(paymentExceptions.attemptId, attemptId),
        isNull(paymentExceptions.resolvedAt),
        inArray(paymentExceptions.transactionId, [transactionId, '']),
        lt(paymentExceptions.eventId, event.id),
        lte(paymentExceptions.openedAt, event.receivedAt),
      ),
    )
}

/** Of an exception that an answer told of: no answer to a question has booked the money, or a call has told of it once more since. */
export const isUnconfirmed = sql`${paymentExceptions.resolvedAt} is null and ${paymentExceptions.eventId} is not null and (${paymentExceptions.paymentId} is null or exists (
  select from ${paymentEvents} where ${paymentEvents.id} = ${paymentExceptions.eventId} and ${paymentEvents.channel} <> 'query'))`

/** Since when an attempt has money that no answer to a question has confirmed; undefined: it has none. */
export async function unconfirmedSince(db: Executor, attemptId: string): Promise<Date | undefined> {
  const [row] = await db
    .select({ since: min(paymentExceptions.openedAt) })
    .from(paymentExceptions)
    .where(and(eq(paymentExceptions.attemptId, attemptId), isUnconfirmed))
  return row?.since ?? undefined
}

// Giving money back: one member of staff asks for it, another one decides. What the bank does of it follows in lib/refunds/jobs.ts.
import { and, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { refunds } from '../../db/schema/refunds.ts'
import type { Staff } from '../auth/staff.ts'
import { isOwnContract } from '../contracts/access.ts'
import { okOnce } from '../forms/answers.ts'
import { lockAttempt } from '../payments/attempts.ts'
import { replayAndHold } from '../payments/paid-twice.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { mayMoveRefund } from './rules.ts'
import type { RefundWanted } from './schema.ts'
import { moveRefund, type RefundRow, recordRefund, scheduleRefundTelling } from './states.ts'

type Decider = Pick<Staff, 'id' | 'role' | 'billerIds'>
type Asked = { id: string; number: string }

/**
 * Asks for what a payment of ours has over, or a part of it, to be given back: it is set aside, and pays no invoice until that is refused
 * or fails. `notFound`: no payment of their billers'; `own`: of a contract of theirs; `takenBack`: nothing of it is there any more;
 * `tooMuch`: more than is over; `keyUsed`: the same form asked for something else before.
 */
export function requestRefund(
  staff: Decider,
  paymentId: number,
  { amount, way, reason, idempotencyKey }: RefundWanted,
  now: Date,
): Promise<Result<Asked, 'notFound' | 'own' | 'takenBack' | 'tooMuch' | 'keyUsed'>> {
  return database().transaction(async tx => {
    const attempt = await lockAttemptOf(tx, staff, eq(payments.id, paymentId))
    if (!attempt) return fail('notFound')
    const [before] = await tx
      .select()
      .from(refunds)
      .where(and(eq(refunds.requestedBy, staff.id), eq(refunds.idempotencyKey, idempotencyKey)))
    if (before) {
      const isSame =
        before.paymentId === paymentId &&
        before.amount === amount &&
        before.way === way &&
        before.reason === reason
      return isSame ? ok({ id: before.id, number: before.number }) : fail('keyUsed')
    }
    const [payment] = await tx.select().from(payments).where(eq(payments.id, paymentId))
    const { contractId, reversedOn, allocated, refunded } = payment!
    if (attempt.accountId === staff.id || (await isOwnContract(tx, staff.id, contractId))) return fail('own')
    if (reversedOn !== null) return fail('takenBack')
    if (amount <= 0 || amount > payment!.amount - allocated - refunded) return fail('tooMuch')
    const [refund] = await tx
      .insert(refunds)
      .values({
        ...{ number: await nextNumber(tx, attempt.billerId, now), paymentId, way, amount },
        ...{ currency: attempt.currency, idempotencyKey, reason },
        ...{ requestedBy: staff.id, requestedAt: now, stateChangedAt: now },
      })
      // Of two at once about payments of different contracts, which wait for different locks.
      .onConflictDoNothing({ target: [refunds.requestedBy, refunds.idempotencyKey] })
      .returning()
    if (!refund) return fail('keyUsed')
    await replayAndHold(tx, [contractId], now)
    await recordRefund(tx, refund, attempt.id, 'requested', now, staff.id)
    return okOnce(tx, { id: refund.id, number: refund.number })
  })
}

/**
 * Agrees to a refund or refuses it: a supervisor or administrator, and never who asked for it. By card it is with the bank from then on; in
 * the biller's own books it is done. `moved`: somebody else has decided otherwise; `takenBack`: the payment was, so it can only be refused.
 */
export function decideRefund(
  staff: Decider,
  id: string,
  agree: boolean,
  now: Date,
): Promise<Result<Asked, 'notFound' | 'own' | 'sameOne' | 'moved' | 'takenBack'>> {
  return database().transaction(async tx => {
    if (staff.role === 'agent') return fail('notFound')
    const ofRefund = tx.select({ id: refunds.paymentId }).from(refunds).where(eq(refunds.id, id))
    const attempt = await lockAttemptOf(tx, staff, inArray(payments.id, ofRefund))
    if (!attempt) return fail('notFound')
    const [refund] = await tx.select().from(refunds).where(eq(refunds.id, id)).for('update')
    const { number, paymentId, way, state, decidedBy } = refund!
    // The same decision once more.
    if (decidedBy === staff.id && (state === 'rejected') !== agree) return ok({ id, number })
    if (state !== 'requested') return fail('moved')
    if (refund!.requestedBy === staff.id) return fail('sameOne')
    const [payment] = await tx.select().from(payments).where(eq(payments.id, paymentId))
    const { contractId, reversedOn } = payment!
    if (attempt.accountId === staff.id || (await isOwnContract(tx, staff.id, contractId))) return fail('own')
    if (agree && reversedOn !== null) return fail('takenBack')
    const to = agree ? (way === 'card' ? 'submitted' : 'succeeded') : 'rejected'
    if (!mayMoveRefund(way, state, to)) throw new Error(`A refund may not move from ${state} to ${to}.`)
    const decided: Partial<RefundRow> = { decidedBy: staff.id, decidedAt: now }
    await moveRefund(tx, refund!, attempt.id, to, now, { ...decided, by: staff.id })
    if (to === 'submitted') await scheduleRefundTelling(tx, id, now)
    return okOnce(tx, { id, number })
  })
}

/** Locks the contracts and the attempt of a payment that was made here to one of the staff's billers; undefined: there is none. */
async function lockAttemptOf(tx: Transaction, staff: Decider, isPayment: SQL) {
  const [found] = await tx
    .select({ attemptId: paymentAttempts.id })
    .from(payments)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, payments.attemptId))
    .where(and(isPayment, isNotNull(payments.attemptId), inArray(payments.billerId, staff.billerIds)))
  return found && lockAttempt(tx, found.attemptId)
}

/** R, the year at the biller, and eight digits or more, none cut; after a backup was restored the sequence may be behind the rows. */
async function nextNumber(tx: Transaction, billerId: number, now: Date): Promise<string> {
  const { rows } = await tx.execute<{ number: string }>(sql`
    with recursive year as (select 'R' || to_char(${now.toISOString()}::timestamptz at time zone time_zone, 'YY') as start
      from billers where id = ${billerId}),
    tried (place, number) as (
      select 1, start || to_char(nextval('refund_numbers'), 'FM9999999999900000000') from year
      union all
      select place + 1, start || to_char(nextval('refund_numbers'), 'FM9999999999900000000') from tried, year
        where exists (select from refunds r where r.number = tried.number))
    select number from tried order by place desc limit 1`)
  return rows[0]!.number
}

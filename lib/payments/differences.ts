// What staff settle of held money: a difference to a bank's settlement file is opened once, and resolved by the facts or by a person.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { Difference } from '../../db/enums.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'

/** `attemptId`: null where no order of ours is meant; `paymentId`: what is booked of it; `settlementRowId`: null where no file has it. */
export type FoundDifference = {
  kind: Difference
  gateway: string
  orderNumber: string
  transactionId: string
  attemptId: string | null
  paymentId: number | null
  settlementRowId: number | null
}

/** Holds differences for staff; one that was told before stays as it is, resolved too. Returns those that are new. */
export async function holdDifferences(
  tx: Transaction,
  found: readonly FoundDifference[],
  now: Date,
): Promise<FoundDifference[]> {
  const keyOf = (one: Pick<FoundDifference, 'gateway' | 'orderNumber' | 'transactionId' | 'kind'>) =>
    JSON.stringify([one.gateway, one.orderNumber, one.transactionId, one.kind])
  const opened = new Set<string>()
  for (let done = 0; done < found.length; done += 1000) {
    const rows = await tx
      .insert(paymentExceptions)
      .values(found.slice(done, done + 1000).map(one => ({ ...one, openedAt: now })))
      .onConflictDoNothing()
      .returning()
    for (const row of rows) opened.add(keyOf(row as FoundDifference))
  }
  const news = found.filter(one => opened.delete(keyOf(one)))
  for (const { kind, gateway, orderNumber: order, attemptId } of news.filter(one => one.attemptId)) {
    await recordEvent(tx, {
      at: now,
      action: 'payment.exception',
      subject: `attempt:${attemptId}`,
      details: { number: order, gateway, kind },
    })
  }
  if (news.length > 0) {
    const kinds = Object.fromEntries(
      [...Map.groupBy(news, one => one.kind)].map(([kind, of]) => [kind, of.length]),
    )
    log.error(kinds, 'ALARM: a bank and the portal differ about money')
  }
  return news
}

/** Whether the difference of that kind that a row of a settlement file told of still waits for staff. */
export async function isHeld(tx: Transaction, settlementRowId: number, kind: Difference): Promise<boolean> {
  const isTold = and(
    eq(paymentExceptions.settlementRowId, settlementRowId),
    eq(paymentExceptions.kind, kind),
    isNull(paymentExceptions.resolvedAt),
  )
  return (await tx.$count(paymentExceptions, isTold)) > 0
}

/**
 * Resolves differences that the facts explain by now: what was not booked is booked, in the same amount or, which is held then, in
 * another; what no file had is in one.
 * Those of one account at a bank.
 */
export async function resolveDifferences(
  tx: Transaction,
  gatewayAccountId: number,
  now: Date,
): Promise<void> {
  await tx.execute(sql`update payment_exceptions x set resolved_at = ${now.toISOString()}::timestamptz
    from settlement_rows r join gateway_accounts g on g.id = r.gateway_account_id
    where r.gateway_account_id = ${gatewayAccountId} and x.resolved_at is null and (
      (x.kind = 'not_booked' and r.id = x.settlement_row_id and (r.currency = g.currency and r.amount = (
        select sum(p.amount) from payments p where p.attempt_id = x.attempt_id and p.transaction_id = r.transaction_id)
        or exists (select from payment_exceptions other where other.kind = 'settled_otherwise' and other.settlement_row_id = r.id)))
      or (x.kind = 'not_settled' and r.kind = 'sale' and x.gateway = g.gateway and r.transaction_id = x.transaction_id
        and regexp_replace(r.order_number, '_([2-9]|[1-9][0-9]{1,3})$', '') = x.order_number))`)
}

/** What was over of a payment is given back: nothing of it waits for staff any more, once nothing is over of all that its transaction paid. */
export async function resolveGivenBack(tx: Transaction, paymentId: number, now: Date): Promise<void> {
  await tx.execute(sql`update payment_exceptions x set resolved_at = ${now.toISOString()}::timestamptz
    from payments given
    where given.id = ${paymentId} and x.resolved_at is null and x.attempt_id = given.attempt_id
      and x.transaction_id = given.transaction_id and (x.kind in ('second_capture', 'after_void', 'wrong_amount')
        or (x.kind = 'paid_twice' and x.payment_id = given.id))
      and not exists (select from payments p
        where p.attempt_id = given.attempt_id and p.transaction_id = given.transaction_id
          and (x.kind <> 'paid_twice' or p.id = given.id) and p.reversed_on is null
          and (p.allocated + p.refunded < p.amount or exists (select from refunds r
            where r.payment_id = p.id and r.state in ('requested', 'submitted', 'unknown'))))`)
}

/**
 * A person says that it is settled, and how. `notFound`: none of their billers', or not for their role; `moved`: it is resolved
 * already, by somebody else or by the facts.
 */
export async function resolveException(
  staff: { id: string; role: string; billerIds: number[] },
  id: number,
  note: string,
  now: Date,
): Promise<Result<{ id: number }, 'notFound' | 'moved'>> {
  if (staff.role === 'agent') return fail('notFound')
  return database().transaction(async tx => {
    const billerIds = sql`any (${sql.param(staff.billerIds)}::smallint[])`
    const { rows } = await tx.execute<{
      resolvedBy: string | null
      note: string | null
      isOpen: boolean
      attemptId: string | null
    }>(sql`
      select x.resolved_by as "resolvedBy", x.note, x.resolved_at is null as "isOpen", x.attempt_id as "attemptId"
      from payment_exceptions x left join payment_attempts a on a.id = x.attempt_id
        left join settlement_rows r on r.id = x.settlement_row_id left join gateway_accounts g on g.id = r.gateway_account_id
      where x.id = ${id} and (coalesce(a.biller_id, g.biller_id) = ${billerIds} or coalesce(a.biller_id, g.biller_id) is null)
        and a.account_id is distinct from ${staff.id}::uuid
      for update of x`)
    const [found] = rows
    if (!found) return fail('notFound')
    // The same form sent again.
    if (found.resolvedBy === staff.id && found.note === note) return ok({ id })
    if (!found.isOpen) return fail('moved')
    await tx
      .update(paymentExceptions)
      .set({ resolvedAt: now, resolvedBy: staff.id, note })
      .where(eq(paymentExceptions.id, id))
    await recordEvent(tx, {
      at: now,
      accountId: staff.id,
      action: 'payment.exception-resolved',
      subject: found.attemptId ? `attempt:${found.attemptId}` : undefined,
      details: { exception: id },
    })
    return okOnce(tx, { id })
  })
}

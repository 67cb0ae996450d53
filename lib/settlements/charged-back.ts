// Payments that the customer's bank took back: taken back here too, at once or once a second member of staff agrees.
import { inArray, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import type { Staff } from '../auth/staff.ts'
import { okOnce } from '../forms/answers.ts'
import { takeBack } from '../ledger/taking-back.ts'
import { lockAttempt } from '../payments/attempts.ts'
import { replayAndHold } from '../payments/paid-twice.ts'
import { tellWhoPaid } from '../payments/payer-mail.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { fail, type Result } from '../platform/result.ts'

/** `timeZone`: the biller's; `amount`: as the bank's file has it. */
type Charged = { attemptId: string; paymentIds: number[]; timeZone: string; amount: number }

/** Takes the payments of a capture back for good: what they paid is due again. The attempt is locked. `by`: the member of staff who agreed. */
export async function takeBackCharged(
  tx: Transaction,
  { attemptId, paymentIds, timeZone, amount }: Charged,
  now: Date,
  by?: string,
): Promise<void> {
  // Not the bank's day: by this one the biller fetches it, and a day that is over stays as it is.
  const taken = await takeBack(tx, paymentIds, dayIn(timeZone, now))
  if (taken.length === 0) return
  await replayAndHold(
    tx,
    taken.map(({ contractId }) => contractId),
    now,
  )
  const of = await tx
    .select({ id: payments.id, amount: payments.amount, number: payments.reference })
    .from(payments)
    .where(
      inArray(
        payments.id,
        taken.map(({ id }) => id),
      ),
    )
    .orderBy(payments.id)
  for (const { number } of of) {
    await recordEvent(tx, {
      at: now,
      accountId: by,
      action: 'payment.charged-back',
      subject: `attempt:${attemptId}`,
      details: { number, amount },
    })
  }
  const sum = of.reduce((total, one) => total + one.amount, 0)
  await tellWhoPaid(tx, of[0]!.id, { kind: 'charged-back', amount: sum })
}

/**
 * A member of staff agrees that a payment was taken back, as a file says that another brought. `notFound`: none of their billers', their
 * own file or payment, or not for their role; `moved`: it is settled, or no more what can be taken back whole.
 */
export async function agreeChargedBack(
  staff: Pick<Staff, 'id' | 'role' | 'billerIds'>,
  exceptionId: number,
  now: Date,
): Promise<Result<{ id: number }, 'notFound' | 'moved'>> {
  if (staff.role === 'agent') return fail('notFound')
  return database().transaction(async tx => {
    const { rows } = await tx.execute<{ attemptId: string }>(sql`
      select a.id as "attemptId" from payment_exceptions x join payment_attempts a on a.id = x.attempt_id
        join settlement_rows r on r.id = x.settlement_row_id join settlement_files f on f.id = r.file_id
      where x.id = ${exceptionId} and x.kind = 'charged_back' and f.loaded_by <> ${staff.id}::uuid
        and a.account_id is distinct from ${staff.id}::uuid
        and a.biller_id = any (${sql.param(staff.billerIds)}::smallint[])`)
    const [found] = rows
    if (!found) return fail('notFound')
    await lockAttempt(tx, found.attemptId)
    const charged = await findCharged(tx, exceptionId)
    if (!charged) return fail('moved')
    await takeBackCharged(tx, charged, now, staff.id)
    return okOnce(tx, { id: exceptionId })
  })
}

/** What a difference that is not settled yet says was taken back whole. */
async function findCharged(tx: Transaction, exceptionId: number): Promise<Charged | undefined> {
  const { rows } = await tx.execute<Charged>(sql`
    select x.attempt_id as "attemptId", r.amount::float8 as amount, b.time_zone as "timeZone",
      p.ids as "paymentIds"
    from payment_exceptions x join settlement_rows r on r.id = x.settlement_row_id
      join payment_attempts a on a.id = x.attempt_id join billers b on b.id = a.biller_id
      join lateral (select array_agg(p.id order by p.id)::float8[] as ids, sum(p.amount) as booked from payments p
        where p.attempt_id = a.id and p.transaction_id = r.transaction_id) p on true
    where x.id = ${exceptionId} and x.resolved_at is null and r.amount >= p.booked and r.currency = a.currency
    for update of x`)
  return rows[0]
}

// What staff do with a payment itself: they have its bank asked.
import { sql } from 'drizzle-orm'
import type { Staff } from '../auth/staff.ts'
import { okOnce } from '../forms/answers.ts'
import { askBank } from '../payments/asking.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { isOthers, ofBillers } from './scope.ts'

export const bankAnswers = ['answered', 'not-found', 'no-answer', 'too-soon', 'busy'] as const
export type BankAnswered = (typeof bankAnswers)[number]

/** Asks the bank of an attempt of their billers, not their own; what it says is applied as ever. */
export async function askAboutPayment(
  staff: Pick<Staff, 'id' | 'billerIds'>,
  attemptId: string,
  now: Date,
): Promise<Result<BankAnswered, 'notFound'>> {
  const db = database()
  const { rows } = await db.execute(
    sql`select from payment_attempts a where a.id = ${attemptId} and ${ofBillers(staff, 'a')} and ${isOthers(staff)}`,
  )
  if (rows.length === 0) return fail('notFound')
  const answered = await askBank(db, attemptId, 'wanted', now)
  return db.transaction(async tx => {
    await recordEvent(tx, {
      accountId: staff.id,
      action: 'payment.bank-asked',
      subject: `attempt:${attemptId}`,
      at: now,
    })
    return okOnce(tx, answered)
  })
}

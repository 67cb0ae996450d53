// What home tells of the customer's own payments.
import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { openAttemptStates } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { database } from '../platform/database.ts'

/** So many whose end is not known, at most. */
const MOST_IN_DOUBT = 5

/**
 * The customer's payments whose end is not known, newest first, and the last one that the bank took and did not give back. `at`:
 * when it began; `timeZone`: the biller's.
 */
export async function listHomeAttempts(customer: { id: string }) {
  const stands = sql`exists (select from ${payments} where ${payments.attemptId} = ${paymentAttempts.id} and ${payments.reversedOn} is null)`
  const rows = await database()
    .select({
      id: paymentAttempts.id,
      contractId: paymentAttempts.contractId,
      contractCode: contracts.code,
      amount: paymentAttempts.amount,
      currency: paymentAttempts.currency,
      at: paymentAttempts.createdAt,
      startedOn: paymentAttempts.startedOn,
      timeZone: billers.timeZone,
      isPaid: sql<boolean>`${paymentAttempts.state} = 'captured'`,
    })
    .from(paymentAttempts)
    .innerJoin(contracts, eq(contracts.id, paymentAttempts.contractId))
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .where(
      and(
        eq(paymentAttempts.accountId, customer.id),
        or(
          inArray(paymentAttempts.state, [...openAttemptStates]),
          and(eq(paymentAttempts.state, 'captured'), stands),
        ),
      ),
    )
    .orderBy(asc(sql`${paymentAttempts.state} = 'captured'`), desc(paymentAttempts.createdAt))
    .limit(MOST_IN_DOUBT + 1)
  return { inDoubt: rows.filter(row => !row.isPaid), lastPaid: rows.find(row => row.isPaid) }
}

export type HomeAttempt = Awaited<ReturnType<typeof listHomeAttempts>>['inDoubt'][number]

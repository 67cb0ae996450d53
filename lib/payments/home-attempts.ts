// What home tells of the customer's own payments.
import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { openAttemptStates } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { notUsed } from '../ledger/given-back.ts'
import { database } from '../platform/database.ts'
import type { Currency } from '../platform/money.ts'
import { attemptContracts } from './paid-queries.ts'

/** So many whose end is not known, at most. */
const MOST_IN_DOUBT = 5

type Unused = { id: string; number: string; currency: Currency; amount: number }

/**
 * The customer's payments whose end is not known, newest first, and the last one that the bank took and did not give back. `at`:
 * when it began; `timeZone`: the biller's. `unused`: the newest of which something is not used, and how much.
 */
export async function listHomeAttempts(customer: { id: string }) {
  const stands = sql`exists (select from ${payments} where ${payments.attemptId} = ${paymentAttempts.id} and ${payments.reversedOn} is null)`
  // Of no row: read once.
  const unused = sql<Unused | null>`(select json_build_object('id', own.id, 'number', own.number, 'currency', own.currency, 'amount', sum(over.amount))
    from payment_attempts own join lateral (select ${notUsed} as amount from ${payments} where ${payments.attemptId} = own.id) over on true
    where own.account_id = ${customer.id} and over.amount > 0 group by own.id order by own.created_at desc limit 1)`
  const rows = await database()
    .select({
      id: paymentAttempts.id,
      contracts: attemptContracts,
      billerCode: billers.code,
      billerName: billers.name,
      country: billers.country,
      amount: paymentAttempts.amount,
      currency: paymentAttempts.currency,
      at: paymentAttempts.createdAt,
      startedOn: paymentAttempts.startedOn,
      timeZone: billers.timeZone,
      isPaid: sql<boolean>`${paymentAttempts.state} = 'captured'`,
      unused,
    })
    .from(paymentAttempts)
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
  return {
    unused: rows[0]?.unused ?? null,
    inDoubt: rows.filter(row => !row.isPaid),
    lastPaid: rows.find(row => row.isPaid),
  }
}

export type HomeAttempt = Awaited<ReturnType<typeof listHomeAttempts>>['inDoubt'][number]

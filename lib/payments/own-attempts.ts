// The customer's own attempts to pay, newest first: the way back to a receipt, also of a contract that they no longer have.
import { asc, desc, eq, sql } from 'drizzle-orm'
import type { AttemptState } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { database } from '../platform/database.ts'
import type { IsoDate } from '../platform/dates.ts'
import { type Capture, endingOf } from './outcome-rules.ts'
import { attemptContracts } from './paid-queries.ts'
import type { Attempt, OwnAttempt } from './schema.ts'

type Row = Omit<OwnAttempt, 'ending'> & { state: AttemptState; captures: Pick<Capture, 'reversedOn'>[] }

const captures = sql<
  Row['captures']
>`(select coalesce(json_agg(json_build_object('reversedOn', ${payments.reversedOn})), '[]')
  from ${payments} where ${payments.attemptId} = ${paymentAttempts.id})`

const periods = sql<
  IsoDate[]
>`(select coalesce(json_agg(distinct ${invoices.period} order by ${invoices.period}), '[]')
  from ${paymentAttemptInvoices} join ${invoices} on ${invoices.id} = ${paymentAttemptInvoices.invoiceId}
  where ${paymentAttemptInvoices.attemptId} = ${paymentAttempts.id})`

const toOwnAttempt = ({ state, captures, ...payment }: Row): OwnAttempt => ({
  ...payment,
  ending: endingOf({ state, captures: captures as Capture[] }),
})

export const OWN_ATTEMPTS_PAGE = 50

/** All of the customer's payments, whatever became of their access since, a page of them; `page` counts from 1. */
export async function listOwnAttempts(
  customer: { id: string },
  page: number,
): Promise<{
  payments: (OwnAttempt & Pick<Attempt, 'currency' | 'billerCode' | 'billerName' | 'country' | 'contracts'>)[]
  older: boolean
}> {
  const rows = await database()
    .select({
      id: paymentAttempts.id,
      number: paymentAttempts.number,
      createdAt: paymentAttempts.createdAt,
      timeZone: billers.timeZone,
      periods,
      amount: paymentAttempts.amount,
      state: paymentAttempts.state,
      captures,
      currency: paymentAttempts.currency,
      billerCode: billers.code,
      billerName: billers.name,
      country: billers.country,
      contracts: attemptContracts,
    })
    .from(paymentAttempts)
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .where(eq(paymentAttempts.accountId, customer.id))
    .orderBy(desc(paymentAttempts.createdAt), asc(paymentAttempts.id))
    .limit(OWN_ATTEMPTS_PAGE + 1)
    .offset((page - 1) * OWN_ATTEMPTS_PAGE)
  return {
    payments: rows.slice(0, OWN_ATTEMPTS_PAGE).map(row => ({ ...row, ...toOwnAttempt(row) })),
    older: rows.length > OWN_ATTEMPTS_PAGE,
  }
}

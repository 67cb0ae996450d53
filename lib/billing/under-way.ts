// Whether an invoice is being paid: the one rule for every page, list and document that offers to pay it.
import { and, count, eq, gt, inArray, type Placeholder, type SQLWrapper, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { contractIdsOf } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import type { UnderWay } from './schema.ts'

/** Whoever left so many payments of a contract unfinished within a day holds its invoices no longer by beginning anew. */
const LEFT_UNFINISHED = 3

/**
 * Whether the joined attempt is another account's than the joined access's, pending or in doubt although the bank said since that nobody
 * tried to pay it, and begun PAYMENT_STALE_MINUTES ago, or the latest of many at the joined invoice's contract: anybody may pay anybody's invoices, but nobody may keep others from it by
 * never paying. Where the bank says until when its order can be paid, until then and no longer: it would take the money meanwhile.
 * `now`: an ISO instant. For queries over payment_attempt_invoices and payment_attempts, and contract_access where no `account` is given.
 */
export function isStale(now: string | Placeholder, account: SQLWrapper = contractAccess.accountId) {
  const earlier = alias(paymentAttempts, 'earlier')
  const unfinished = database()
    .select({ count: count() })
    .from(earlier)
    .where(
      and(
        sql`exists (select from payment_attempt_invoices line
          where line.attempt_id = ${earlier.id} and line.contract_id = ${paymentAttemptInvoices.contractId})`,
        eq(earlier.accountId, paymentAttempts.accountId),
        inArray(earlier.state, ['declined', 'cancelled', 'expired']),
        gt(earlier.createdAt, sql`${now}::timestamptz - interval '1 day'`),
      ),
    )
  const minutes = sql.raw(String(env().PAYMENT_STALE_MINUTES))
  return sql<boolean>`coalesce((${paymentAttempts.state} = 'pending'
      or ${paymentAttempts.state} = 'in_doubt' and ${paymentAttempts.untriedAt} >= ${paymentAttempts.stateChangedAt})
    and ${paymentAttempts.accountId} <> ${account}
    and case when ${paymentAttempts.orderExpiresAt} is null
      then ${paymentAttempts.createdAt} <= ${now}::timestamptz - interval '${minutes} minutes'
        or (${unfinished}) >= ${sql.raw(String(LEFT_UNFINISHED))}
      else ${paymentAttempts.orderExpiresAt} <= ${now}::timestamptz end, false)`
}

/**
 * Whether the joined invoice of an attempt cannot be paid by whoever has the joined access, because it is being paid.
 * For queries over payment_attempt_invoices, payment_attempts and contract_access; `now`: an ISO instant.
 */
export const isUnderWay = (now: string | Placeholder) =>
  sql<boolean>`${paymentAttemptInvoices.live} and not ${isStale(now)}`

/** The id of the joined attempt where it is of the account of the joined access. */
export const ownAttemptId = sql<
  string | null
>`case when ${paymentAttempts.accountId} = ${contractAccess.accountId}
  then ${paymentAttempts.id} end`

/**
 * What of the joined invoice is in the joined attempt, where that is of the account of the joined access and leaves more of it than the
 * interest of the days since.
 */
export const ownAttemptPart = sql<
  number | null
>`case when ${paymentAttempts.accountId} = ${contractAccess.accountId}
    and ${paymentAttemptInvoices.principal} + ${paymentAttemptInvoices.tvTax}
      < ${invoices.principal} - ${invoices.principalPaid} + ${invoices.tvTax} - ${invoices.tvTaxPaid}
  then ${paymentAttemptInvoices.interest} + ${paymentAttemptInvoices.principal} + ${paymentAttemptInvoices.tvTax} end`

/** The payment that an invoice is in, as it is read. `part`: what of it, where it is a part. */
export type StoredUnderWay = { attemptId: string | null; part: number | null }

/** `due`: what is due of the invoice, interest included. */
export const withRest = (stored: StoredUnderWay | null, due: number): UnderWay | null =>
  stored && { attemptId: stored.attemptId, rest: Math.max(0, due - (stored.part ?? due)) }

/**
 * The joined invoice may be in a payment that is not over, whoever makes it. What is being paid of all contracts of the account is asked at
 * once. A payment knows the contract that an invoice had when it began, so one that a feed corrected since may be another's by now.
 */
const mayBeInPayment = (accountId: string) =>
  sql`(${invoices.correctedAt} is not null or ${invoices.id} = any (array(select live.invoice_id from ${paymentAttemptInvoices} live
    where live.live and live.contract_id = any (${contractIdsOf(accountId)}))))`

/** As underWay, for a list of invoices of that account's contracts, few of which are in a payment. */
export const underWayOf = (accountId: string, now: Date) =>
  sql<StoredUnderWay | null>`case when ${mayBeInPayment(accountId)} then ${underWay(now)} end`

/** The payment that the joined invoice is in, for the account of the joined access; null: none. */
export const underWay = (
  now: Date,
) => sql<StoredUnderWay | null>`(select json_build_object('attemptId', ${ownAttemptId}, 'part', ${ownAttemptPart})
  from ${paymentAttemptInvoices} join ${paymentAttempts} on ${paymentAttempts.id} = ${paymentAttemptInvoices.attemptId}
  where ${paymentAttemptInvoices.invoiceId} = ${invoices.id} and ${isUnderWay(now.toISOString())})`

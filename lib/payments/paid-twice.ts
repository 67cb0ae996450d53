// What was paid twice: a payment made here that is over, because another one pays its invoices or the bank charged it twice. Told to its
// payer; the first is held for staff here.
import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { formatMoney } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { replayContract } from '../ledger/replay.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import type { AttemptRow } from './attempts.ts'
import { getReceipt } from './paid-queries.ts'
import { findLink, languageOf, onlyContractOf, shownOf } from './receipt-mail.ts'
import { readReceiptTo } from './receipt-to.ts'

/** Replays locked contracts whose payments a command changed, and holds what was paid twice by that. */
export async function replayAndHold(
  tx: Transaction,
  contractIds: Iterable<number>,
  now: Date,
  receipted?: Transacted,
): Promise<void> {
  const ids = [...new Set(contractIds)]
  for (const id of ids) await replayContract(tx, id)
  await holdPaidTwice(tx, sql`select unnest(${sql.param(ids)}::bigint[])`, now, receipted)
}

/**
 * Holds what the payments of these contracts leave over of each other, and lets go what does not any more. Call it where they were
 * replayed, in the same transaction. `contracts`: a query of their ids; `receipted`: a transaction whose receipt tells its payer already.
 */
export async function holdPaidTwice(
  tx: Executor,
  contracts: SQL,
  now: Date,
  receipted?: Transacted,
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`
  await tx.execute(sql`update payment_exceptions x set resolved_at = ${at} from payments p
    where x.kind = 'paid_twice' and x.resolved_at is null and p.id = x.payment_id and p.contract_id in (${contracts})
      and (p.reversed_on is not null or p.allocated + p.refunded = p.amount
        -- What is set aside for a refund is over until it is given back.
        and not exists (select from refunds r where r.payment_id = p.id and r.state in ('requested', 'submitted', 'unknown')))`)
  const { rows } = await tx.execute<{ paymentId: string }>(sql`
    -- Of a transaction that pays several contracts each payment is held for itself, by its own reference.
    insert into payment_exceptions (kind, gateway, order_number, transaction_id, attempt_id, payment_id, opened_at)
    select 'paid_twice', a.gateway, case when p.receipt_number is null then a.number else p.reference end, p.transaction_id, a.id, p.id, ${at}
    from (select distinct contract_id, attempt_id from payment_attempt_invoices where contract_id in (${contracts})) ours
      join payments p on p.attempt_id = ours.attempt_id and p.contract_id = ours.contract_id join payment_attempts a on a.id = p.attempt_id
    where p.reversed_on is null and p.allocated + p.refunded < p.amount and exists (
      select from payment_attempt_invoices own join payment_allocations o on o.invoice_id = own.invoice_id
        join payments other on other.id = o.payment_id
      where own.attempt_id = a.id and own.contract_id = p.contract_id and other.attempt_id is distinct from a.id
        -- What was there before it was no more asked for by this attempt.
        and other.received_at >= a.created_at)
    on conflict (gateway, order_number, transaction_id, kind) do update set opened_at = excluded.opened_at, resolved_at = null
      -- What staff settled stays settled.
      where payment_exceptions.resolved_at is not null and payment_exceptions.resolved_by is null
    returning payment_id as "paymentId"`)
  if (rows.length > 0)
    await tellOf(
      tx,
      rows.map(({ paymentId }) => Number(paymentId)),
      receipted,
      now,
    )
}

/** A transaction of the bank. */
export type Transacted = { attemptId: string; transactionId: string }

/** Once of each transaction, however many contracts it was to pay. */
async function tellOf(
  tx: Executor,
  paymentIds: number[],
  receipted: Transacted | undefined,
  now: Date,
): Promise<void> {
  const rows = await tx
    .selectDistinct({
      number: sql<string>`coalesce(${payments.receiptNumber}, ${payments.reference})`,
      transactionId: payments.transactionId,
      attempt: getTableColumns(paymentAttempts),
    })
    .from(payments)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, payments.attemptId))
    .where(inArray(payments.id, paymentIds))
  for (const { number, transactionId, attempt } of rows) {
    const isNews = attempt.id !== receipted?.attemptId || transactionId !== receipted.transactionId
    await tell(tx, attempt, number, isNews, now)
  }
}

async function tell(
  tx: Executor,
  attempt: AttemptRow,
  number: string,
  isNews: boolean,
  now: Date,
): Promise<void> {
  log.warn({ payment: number }, 'what a payment was to pay is paid by another one')
  await recordEvent(tx, {
    at: now,
    action: 'payment.exception',
    subject: `attempt:${attempt.id}`,
    details: { number, from: attempt.state, kind: 'paid_twice' },
  })
  if (isNews) await tellPayer(tx, attempt, number)
}

/** Tells whoever paid that the bank charged an order once more, where that money pays nothing. */
export async function tellChargedTwice(tx: Executor, attempt: AttemptRow, transactionId: string) {
  const [row] = await tx
    .select({ number: sql<string>`coalesce(${payments.receiptNumber}, ${payments.reference})` })
    .from(payments)
    .where(and(eq(payments.attemptId, attempt.id), eq(payments.transactionId, transactionId)))
    .limit(1)
  await tellPayer(tx, attempt, row!.number)
}

/** Whoever paid, and whoever sent the link that was paid by. */
async function tellPayer(tx: Executor, attempt: AttemptRow, number: string): Promise<void> {
  const { id, accountId, payLinkId } = attempt
  const payer = accountId === null ? { payLinkId: payLinkId! } : { id: accountId }
  const receipt = (await getReceipt(payer, id, number, tx))!
  const { biller, surplus } = receipt
  if (surplus === 0) return
  const about = { contractId: await onlyContractOf(tx, id) }
  const valuesIn = (language: Locale) => ({
    number,
    biller: biller.name,
    amount: formatMoney(surplus, biller.currency, language),
  })
  const tellAccount = async (account: string, path: string) => {
    const told = valuesIn(await languageOf(tx, account))
    const link = `${env().APP_URL}${path}`
    const shown = { ...shownOf(receipt, path), amount: surplus }
    await notify(tx, account, { kind: 'payment-surplus', ...told, link }, about, shown)
  }
  if (accountId !== null) return tellAccount(accountId, `/payments/${id}`)
  const { link, sender } = await findLink(tx, payLinkId!)
  const to = readReceiptTo(link.sealedEmail)
  if (to) {
    const recipient = { to: to.email, language: link.language, about }
    await sendMessage(tx, recipient, { kind: 'link-surplus', ...valuesIn(link.language) })
  }
  if (sender) await tellAccount(sender.id, '/pay-links')
}

// What was paid twice: a payment made here that is over, because another one pays its invoices. Held for staff, and told to its payer.
import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { formatMoney } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import type { AttemptRow } from './attempts.ts'
import { getReceipt } from './queries.ts'
import { findLink, languageOf, shownOf } from './receipt-mail.ts'
import { readReceiptTo } from './receipt-to.ts'

/**
 * Holds what the payments of these contracts leave over of each other, and lets go what does not any more. Call it where they were
 * replayed, in the same transaction. `contracts`: a query of their ids; `receipted`: a payment whose receipt tells its payer already.
 */
export async function holdPaidTwice(
  tx: Executor,
  contracts: SQL,
  now: Date,
  receipted?: number,
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`
  await tx.execute(sql`update payment_exceptions x set resolved_at = ${at} from payments p
    where x.kind = 'paid_twice' and x.resolved_at is null and p.id = x.payment_id and p.contract_id in (${contracts})
      and (p.reversed_on is not null or p.allocated = p.amount)`)
  const { rows } = await tx.execute<{ paymentId: string }>(sql`
    insert into payment_exceptions (kind, gateway, order_number, transaction_id, attempt_id, payment_id, opened_at)
    select 'paid_twice', a.gateway, a.number, p.transaction_id, a.id, p.id, ${at}
    from payment_attempts a join payments p on p.attempt_id = a.id
    where a.contract_id in (${contracts}) and p.reversed_on is null and p.allocated < p.amount and exists (
      select from payment_attempt_invoices own join payment_allocations o on o.invoice_id = own.invoice_id
        join payments other on other.id = o.payment_id
      where own.attempt_id = a.id and other.attempt_id is distinct from a.id
        -- What was there before it was no more asked for by this attempt.
        and other.received_at >= a.created_at)
    on conflict (gateway, order_number, transaction_id, kind) do update set opened_at = excluded.opened_at, resolved_at = null
      where payment_exceptions.resolved_at is not null
    returning payment_id as "paymentId"`)
  for (const { paymentId } of rows) await tell(tx, Number(paymentId), Number(paymentId) !== receipted, now)
}

async function tell(tx: Executor, paymentId: number, isNews: boolean, now: Date): Promise<void> {
  const [row] = await tx
    .select({ number: payments.reference, attempt: getTableColumns(paymentAttempts) })
    .from(payments)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, payments.attemptId))
    .where(eq(payments.id, paymentId))
  const { number, attempt } = row!
  log.warn({ payment: number }, 'what a payment was to pay is paid by another one')
  await recordEvent(tx, {
    at: now,
    action: 'payment.exception',
    subject: `attempt:${attempt.id}`,
    details: { number, from: attempt.state, kind: 'paid_twice' },
  })
  if (isNews) await tellPayer(tx, attempt, number)
}

/** Whoever paid, and whoever sent the link that was paid by. */
async function tellPayer(tx: Executor, attempt: AttemptRow, number: string): Promise<void> {
  const { id, accountId, payLinkId, contractId } = attempt
  const payer = accountId === null ? { payLinkId: payLinkId! } : { id: accountId }
  const receipt = (await getReceipt(payer, id, number, tx))!
  const { biller, surplus } = receipt
  const valuesIn = (language: Locale) => ({
    number,
    biller: biller.name,
    amount: formatMoney(surplus, biller.currency, language),
  })
  const tellAccount = async (account: string, path: string) => {
    const told = valuesIn(await languageOf(tx, account))
    const link = `${env().APP_URL}${path}`
    const shown = { ...shownOf(receipt, path), amount: surplus }
    await notify(tx, account, { kind: 'payment-surplus', ...told, link }, { contractId }, shown)
  }
  if (accountId !== null) return tellAccount(accountId, `/payments/${id}`)
  const { link, sender } = await findLink(tx, payLinkId!)
  const to = readReceiptTo(link.sealedEmail)
  if (to) {
    const recipient = { to: to.email, language: link.language, about: { contractId } }
    await sendMessage(tx, recipient, { kind: 'link-surplus', ...valuesIn(link.language) })
  }
  if (sender) await tellAccount(sender.id, '/pay-links')
}

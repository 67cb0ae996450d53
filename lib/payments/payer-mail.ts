// Tells whoever paid, and whoever sent the link that was paid by, what became of a payment afterwards.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { billers } from '../../db/schema/billers.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { formatMoney } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { env } from '../platform/env.ts'
import { findLink, languageOf } from './receipt-mail.ts'
import { readReceiptTo } from './receipt-to.ts'

/** `amount` in minor units. `way`: of money that was given back. */
type Told =
  | { kind: 'refunded'; amount: number; way: 'card' | 'credit' }
  | { kind: 'charged-back'; amount: number }

/** Call it in the transaction in which it happened, once. */
export async function tellWhoPaid(tx: Transaction, paymentId: number, told: Told): Promise<void> {
  const [row] = await tx
    .select({
      attemptId: paymentAttempts.id,
      accountId: paymentAttempts.accountId,
      payLinkId: paymentAttempts.payLinkId,
      contractId: payments.contractId,
      number: paymentAttempts.number,
      biller: billers.name,
      currency: paymentAttempts.currency,
    })
    .from(payments)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, payments.attemptId))
    .innerJoin(billers, eq(billers.id, payments.billerId))
    .where(eq(payments.id, paymentId))
  const { attemptId, accountId, payLinkId, contractId, number, biller, currency } = row!
  const { amount } = told
  const way = told.kind === 'refunded' ? told.way : undefined
  const valuesIn = (language: Locale) => ({ number, biller, amount: formatMoney(amount, currency, language) })
  const tellAccount = async (account: string, path: string) => {
    const values = { ...valuesIn(await languageOf(tx, account)), link: `${env().APP_URL}${path}` }
    const shown = { number, amount, currency, biller, path }
    const event = way
      ? ({ kind: 'payment-refunded', way, ...values } as const)
      : ({ kind: 'payment-charged-back', ...values } as const)
    await notify(tx, account, event, { contractId }, shown)
  }
  if (accountId !== null) return tellAccount(accountId, `/payments/${attemptId}`)
  const { link, sender } = await findLink(tx, payLinkId!)
  const to = readReceiptTo(link.sealedEmail)
  if (to) {
    const values = valuesIn(link.language)
    const message = way
      ? ({ kind: 'link-refunded', way, ...values } as const)
      : ({ kind: 'link-charged-back', ...values } as const)
    await sendMessage(tx, { to: to.email, language: link.language, about: { contractId } }, message)
  }
  if (sender) await tellAccount(sender.id, '/pay-links')
}

// The receipt of a payment by e-mail, in the transaction that books it: once for each payment, however often a bank tells of it.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { formatInstant, formatMoney, formatMonth } from '../i18n/formats.ts'
import { translator } from '../i18n/translator.ts'
import { notify } from '../notifications/outbox.ts'
import { env } from '../platform/env.ts'
import type { AttemptRow } from './attempts.ts'
import { getReceipt } from './queries.ts'

/** Of more invoices than these the mail names none: the receipt has them all. */
const MOST_NAMED = 12

/** To whoever paid, where they chose notices by e-mail. Call it where the payment is booked, and there alone. */
export async function mailReceipt(tx: Transaction, attempt: AttemptRow, paymentId: number): Promise<void> {
  const [payment] = await tx
    .select({ number: payments.reference, language: accounts.language })
    .from(payments)
    .innerJoin(accounts, eq(accounts.id, attempt.accountId))
    .where(eq(payments.id, paymentId))
  const { number, language } = payment!
  const receipt = (await getReceipt({ id: attempt.accountId }, attempt.id, number, tx))!
  const { biller, contract, lines, surplus } = receipt
  const t = translator(language, 'receiptDocument')
  const money = (minor: number) => formatMoney(minor, biller.currency, language)
  const link = new URL(`/payments/${attempt.id}/receipt.pdf`, env().APP_URL)
  link.searchParams.set('number', number)
  await notify(
    tx,
    attempt.accountId,
    {
      kind: 'payment-received',
      number,
      amount: money(receipt.amount),
      day: formatInstant(receipt.paidAt, language, biller.timeZone),
      biller: biller.name,
      link: link.href,
      facts: [
        { label: t('contractCode', { country: biller.country }), value: contract.code },
        ...(lines.length > MOST_NAMED ? [] : lines).map(({ period, total }) => ({
          label: formatMonth(period, language),
          value: money(total),
        })),
        ...(surplus > 0 ? [{ label: t('surplus'), value: money(surplus) }] : []),
      ],
    },
    { contractId: attempt.contractId },
  )
}

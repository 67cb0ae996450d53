// What is told of a payment, in the transaction that books it: once for each payment, however often a bank tells of it.
import { and, eq, getTableColumns } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { payLinks } from '../../db/schema/pay-links.ts'
import { paymentAttemptInvoices } from '../../db/schema/payments.ts'
import { wordsFor } from '../billers/supply.ts'
import { formatInstant, formatMoney, formatMonth } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { noticePayment } from '../notices/from-payments.ts'
import type { NoticeValues } from '../notifications/catalogue.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { env } from '../platform/env.ts'
import type { AttemptRow } from './attempts.ts'
import { getReceipt } from './paid-queries.ts'
import type { Payer } from './payer.ts'
import { readReceiptTo } from './receipt-to.ts'
import type { Receipt } from './schema.ts'

/** Of more invoices than these the mail names none: the receipt has them all. */
const MOST_NAMED = 12

/**
 * To whoever paid, where they want it by e-mail, to whoever sent the link, and to the others who see the contract's payments. Call it
 * where the payment is booked, and there alone.
 */
export async function tellOfPayment(
  tx: Transaction,
  attempt: AttemptRow,
  transactionId: string,
): Promise<void> {
  const booked = await tx
    .select({ id: payments.id, reference: payments.reference, receiptNumber: payments.receiptNumber })
    .from(payments)
    .where(and(eq(payments.attemptId, attempt.id), eq(payments.transactionId, transactionId)))
  const number = booked[0]!.receiptNumber ?? booked[0]!.reference
  const receiptOf = async (payer: Payer) => (await getReceipt(payer, attempt.id, number, tx))!
  const { accountId, payLinkId } = attempt
  const about = { contractId: await onlyContractOf(tx, attempt.id) }
  let toldAlready = accountId ?? undefined
  if (accountId !== null) {
    const receipt = await receiptOf({ id: accountId })
    const link = new URL(`/payments/${attempt.id}/receipt.pdf`, env().APP_URL)
    link.searchParams.set('number', number)
    const told = valuesOf(receipt, await languageOf(tx, accountId))
    const shown = shownOf(receipt, `/payments/${attempt.id}`)
    await notify(tx, accountId, { kind: 'payment-received', ...told, link: link.href }, about, shown)
  }
  if (payLinkId !== null) {
    const { sender, link } = await findLink(tx, payLinkId)
    const receipt = await receiptOf({ payLinkId })
    const to = readReceiptTo(link.sealedEmail)
    if (to) {
      const told = { ...valuesOf(receipt, link.language), ...receiptLink(to.token, number) }
      const recipient = { to: to.email, language: link.language, about }
      await sendMessage(tx, recipient, { kind: 'link-receipt', ...told })
    }
    if (sender) {
      toldAlready = sender.id
      const told = valuesOf(receipt, sender.language)
      const page = `${env().APP_URL}/pay-links`
      const shown = shownOf(receipt, '/pay-links')
      await notify(tx, sender.id, { kind: 'pay-link-paid', ...told, link: page }, about, shown)
    }
  }
  await noticePayment(
    tx,
    booked.map(({ id }) => id),
    toldAlready,
  )
}

/** The contract that an attempt pays; null where it pays several: what is told of it is about none of them alone. */
export async function onlyContractOf(tx: Executor, attemptId: string): Promise<number | null> {
  const rows = await tx
    .selectDistinct({ id: paymentAttemptInvoices.contractId })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, attemptId))
    .limit(2)
  return rows.length === 1 ? rows[0]!.id : null
}

export async function languageOf(tx: Executor, accountId: string): Promise<Locale> {
  const [account] = await tx
    .select({ language: accounts.language })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  return account!.language
}

/** The page of the receipt, which has its PDF, where the link's token is known. */
function receiptLink(token: string | undefined, number: string) {
  if (token === undefined) return { linked: 'no' as const }
  const link = new URL(`/pay/${token}/receipt`, env().APP_URL)
  link.searchParams.set('number', number)
  return { linked: 'yes' as const, link: link.href }
}

/** A link with whoever sent it. */
export async function findLink(tx: Executor, id: string) {
  const [row] = await tx
    .select({ link: getTableColumns(payLinks), sender: { id: accounts.id, language: accounts.language } })
    .from(payLinks)
    .leftJoin(accounts, eq(accounts.id, payLinks.accountId))
    .where(eq(payLinks.id, id))
  return row!
}

/** What the inbox says it with. */
export const shownOf = ({ number, amount, biller }: Receipt, path: string): NoticeValues => ({
  number,
  amount,
  currency: biller.currency,
  biller: biller.name,
  path,
})

/** What the texts of a payment need, in the reader's language. */
function valuesOf(receipt: Receipt, language: Locale) {
  const { number, biller, contracts, surplus } = receipt
  const lines = contracts.flatMap(contract => contract.lines)
  const codes = contracts.flatMap(({ code }) => code ?? [])
  const t = translator(language, 'receiptDocument')
  const money = (minor: number) => formatMoney(minor, biller.currency, language)
  return {
    number,
    amount: money(receipt.amount),
    day: formatInstant(receipt.paidAt, language, biller.timeZone),
    biller: biller.name,
    facts: [
      ...(codes.length === 0 || codes.length > MOST_NAMED
        ? []
        : [{ label: t('contractCode', wordsFor(biller)), value: codes.join(', ') }]),
      ...(lines.length > MOST_NAMED ? [] : lines).map(({ period, total }) => ({
        label: formatMonth(period, language),
        value: money(total),
      })),
      ...(surplus > 0 ? [{ label: t('surplus'), value: money(surplus) }] : []),
    ],
  }
}

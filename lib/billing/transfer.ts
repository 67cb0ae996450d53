// How an invoice is paid by transfer: what its slip says, and the QR code that banks' apps read. docs/payment-code.md
import { codeWords, plain, type Row } from '../i18n/words.ts'
import { plainAmount } from '../platform/money.ts'
import { isAscii, isCreditorReference, unmarked } from '../platform/transfer-details.ts'
import type { Say } from './invoice-rows.ts'
import type { Invoice } from './schema.ts'

/** The most that a transfer takes as text. */
const MOST_TEXT = 140

type Payable = Pick<Invoice, 'transfer' | 'paymentReference' | 'contractCode' | 'due' | 'currency'>

/** What is written with the transfer; null where none can be made. */
export const transferReference = ({ transfer, paymentReference, contractCode }: Payable): string | null =>
  transfer && ((transfer.reference === 'paymentReference' && paymentReference) || contractCode)

/**
 * The European banks' text (EPC069-12, version 2) with what is due today; null where the biller takes no such code or the
 * reference is too long for it or not of plain letters.
 */
export function transferCode(invoice: Payable): string | null {
  const { transfer, due, currency } = invoice
  const reference = transferReference(invoice)
  if (transfer?.qr !== 'EPC069-12' || reference === null) return null
  if (reference.length > MOST_TEXT || !isAscii(reference)) return null
  const isStructured = isCreditorReference(reference)
  return [
    ...['BCD', '002', '1', 'SCT', transfer.bic ?? '', unmarked(transfer.beneficiary), transfer.iban],
    ...[`${currency}${plainAmount(due.total)}`, ''],
    // Either a reference with check digits or text, never both; what follows the last is left out.
    ...(isStructured ? [reference] : ['', reference]),
  ].join('\n')
}

/** As it stands on paper, line by line: an IBAN is long, and so are names of companies. */
export function transferRows(invoice: Payable, say: Say): Row[][] {
  const { transfer } = invoice
  if (!transfer) return []
  const { beneficiary, iban, bic } = transfer
  return [
    [{ label: say(t => t('payment.beneficiary')), value: plain(beneficiary) }],
    [
      // The same in every language.
      { label: plain('IBAN'), value: codeWords(iban.replace(/.{4}(?=.)/g, '$& ')), strong: true },
      {
        label: say(t => t('payment.transferReference')),
        value: codeWords(transferReference(invoice)!),
        strong: true,
      },
      ...(bic === null ? [] : [{ label: plain('BIC'), value: codeWords(bic) }]),
    ],
  ]
}

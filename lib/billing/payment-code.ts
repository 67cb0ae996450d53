// What a counter scans to know which invoice is paid: docs/payment-code.md.
import { visibleText } from '../platform/text.ts'

/** What one invoice is found by. */
export type PaymentCode = { biller: string; contractCode: string; invoiceNumber: string }

const MARK = 'DRITA1'

// Code 128 holds ASCII, and scanners may drop spaces; the separator and the escape itself are escaped too.
const escaped = (text: string) => text.replace(/[%|]|[^\x21-\x7e]+/gu, encodeURIComponent)

/** `DRITA1|oshee|AL0000001|202401001`: the same text in the QR code and in the barcode. */
export const paymentCode = ({ biller, contractCode, invoiceNumber }: PaymentCode): string =>
  [MARK, biller, contractCode, invoiceNumber].map(escaped).join('|')

/** The opposite of paymentCode; undefined for anything that is not one, a later version's too. */
export function parsePaymentCode(text: string): PaymentCode | undefined {
  const [mark, ...parts] = text.trim().split('|')
  if (mark !== MARK || parts.length !== 3) return undefined
  try {
    const read = parts.map(part => visibleText(decodeURIComponent(part)))
    if (read.includes('')) return undefined
    const [biller, contractCode, invoiceNumber] = read as [string, string, string]
    return { biller, contractCode, invoiceNumber }
  } catch {
    return undefined
  }
}

// Where receipts of payments by a link go, as its row keeps it: sealed, with the token that leads from the e-mail to the receipt.
import { seal, unsealStored } from '../platform/seal.ts'

export const RECEIPT_TO = 'pay link email'

type ReceiptTo = { email: string; token?: string }

/** Nowhere else is the token kept: of a link whose payer wants no receipt nobody can tell it. */
export const sealReceiptTo = (to: Required<ReceiptTo>): string => seal(JSON.stringify(to), RECEIPT_TO)

/** Undefined: nowhere. What was kept before the token was is the address alone. */
export function readReceiptTo(sealed: string | null): ReceiptTo | undefined {
  const text = sealed === null ? undefined : unsealStored(sealed, RECEIPT_TO)
  if (text === undefined) return undefined
  return text.startsWith('{') ? (JSON.parse(text) as ReceiptTo) : { email: text }
}

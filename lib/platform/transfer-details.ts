// Where transfers for a biller's bills go: what the setting TRANSFER_DETAILS says of each (docs/payment-code.md).
import { z } from 'zod'
import { type BillerCode, billerCodes, billerOf } from '../../db/billers.ts'
import { compose } from './text.ts'

/** How many characters an IBAN of these countries has. */
const IBAN_LENGTHS: Record<string, number> = { AL: 28, XK: 20 }

/** By its form and its check digits (ISO 13616: the rest of its digits divided by 97 is 1). */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false
  const length = IBAN_LENGTHS[iban.slice(0, 2)]
  return (length === undefined || iban.length === length) && remainder97(iban) === 1
}

/** A creditor's reference with check digits of its own (ISO 11649). */
export const isCreditorReference = (reference: string): boolean =>
  /^RF\d{2}[A-Z0-9]{1,21}$/.test(reference) && remainder97(reference) === 1

function remainder97(code: string): number {
  const digits = (code.slice(4) + code.slice(0, 4)).replace(/[A-Z]/g, letter => String(parseInt(letter, 36)))
  return Number(BigInt(digits) % 97n)
}

/** `Përfituesi` as `Perfituesi`: scanners guess what encoding other letters are in, and guess wrong. */
export const unmarked = (text: string): string => compose(text, 'NFKD').replace(/\p{M}/gu, '')

export const isAscii = (text: string): boolean => /^[ -~]*$/.test(text)

const details = z.strictObject({
  /** Whose the account at the bank is, as the bank has it. */
  beneficiary: z
    .string()
    .trim()
    .regex(/^[^\p{C}]{1,70}$/u, 'no name of 70 characters at most'),
  iban: z
    .string()
    .transform(typed => typed.replaceAll(' ', '').toUpperCase())
    .refine(isIban, 'no IBAN, by its length or its check digits'),
  bic: z
    .string()
    .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, 'no BIC')
    .nullable()
    .default(null),
  /** What is written with a transfer: the invoice's payment_reference where the feed brings one, or the contract's code always. */
  reference: z.enum(['paymentReference', 'contractCode']).default('paymentReference'),
  /** The form of the QR code that the biller's bank takes; null: the slip keeps ours. */
  qr: z.enum(['EPC069-12']).nullable().default(null),
})

export type TransferDetails = z.infer<typeof details>

export const transferDetails = z.partialRecord(z.enum(billerCodes), details).superRefine((of, context) => {
  for (const code of billerCodes) {
    const wrong = of[code]?.qr ? whyNoQr(code, of[code]) : undefined
    if (wrong) context.addIssue({ code: 'custom', path: [code, 'qr'], message: wrong })
  }
})

function whyNoQr(code: BillerCode, { beneficiary }: TransferDetails): string | undefined {
  if (billerOf(code).currency !== 'EUR') return 'that code is for euro alone'
  return isAscii(unmarked(beneficiary)) ? undefined : 'that code cannot hold a letter of the beneficiary'
}

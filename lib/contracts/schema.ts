// Input of the contract forms. Messages are keys of the namespace `errors`.
import { z } from 'zod'
import { billerCodes } from '../billers/contract-codes.ts'
import { readLine } from '../platform/typed.ts'
import { typedText } from '../platform/typed-text.ts'

const alias = z
  .string()
  .overwrite(readLine)
  .max(60, 'tooLong')
  .transform(typed => typed || null)

/** Which of the customer's contracts a button on the list belongs to. */
export const ownContractInput = z.object({
  biller: z.enum(billerCodes),
  contractCode: typedText(40),
  alias: alias.default(null),
  intent: z.enum(['name', 'remove']),
})

/** What stands on the paper bill of a metered supply; the reading as people write it. */
export const meterProofInput = z.object({
  meterNumber: typedText(200),
  currentReading: typedText(20).refine(typed => /\d/.test(typed), 'readingForm'),
})
export type MeterProof = z.output<typeof meterProofInput>

/** A total as people write it: `1234.50`, `1234,50` or `1 234,50`. */
export const numberProofInput = z.object({
  invoiceNumber: typedText(60),
  invoiceTotal: typedText(20).transform(typed => {
    const plain = typed.replace(/[^\d.,]/g, '')
    const decimals = /[.,](\d{1,2})$/.exec(plain)
    const whole = (decimals ? plain.slice(0, decimals.index) : plain).replace(/[.,]/g, '')
    return decimals ? `${whole}.${decimals[1]}` : whole
  }),
})
export type NumberProof = z.output<typeof numberProofInput>

export const decideAccessInput = z.object({
  account: z.uuid(),
  intent: z.enum(['approved', 'limited', 'refused']),
})

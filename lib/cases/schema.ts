// What forms and addresses of cases say. Messages are keys of the namespace `errors`.
import { z } from 'zod'
import { type CaseMove, caseMoves } from '../../db/enums.ts'
import { typedEmail } from '../accounts/schema.ts'
import { billerCodes } from '../billers/contract-codes.ts'
import { readNote } from '../platform/typed.ts'
import { typedText } from '../platform/typed-text.ts'

const note = z
  .string()
  .overwrite(readNote)
  .max(1000, 'tooLong')
  .default('')
  .transform(typed => typed || null)

export const disputeInput = z.object({
  biller: z.enum(billerCodes, 'chooseBiller'),
  contractCode: typedText(40),
  firstName: typedText(60),
  lastName: typedText(60),
  personalNumber: typedText(20),
  /** Present when the person says that the number is right although its check digit is not. */
  confirmPersonalNumber: z.string().optional(),
  email: typedEmail,
  phone: typedText(30),
  note,
})
export type DisputeInput = z.output<typeof disputeInput>

export const businessInput = z.object({
  /** Whose contracts it is to open. */
  biller: z.enum(billerCodes, 'chooseBiller'),
  nipt: typedText(20),
  /** As for personal numbers. */
  confirmNipt: z.string().optional(),
  businessName: typedText(120),
  legalRepresentative: typedText(120),
})
export type BusinessInput = z.output<typeof businessInput>

export const removeBusinessInput = z.object({ business: z.uuid() })

/** A move of staff. `chosen`: with the move; `confirmed`: asked of each once more. */
export const moveInput = z.object({
  intent: z.enum(Object.keys(caseMoves) as [CaseMove, ...CaseMove[]]),
  note,
  chosen: z.array(z.uuid()).max(10).default([]),
  confirmed: z.array(z.uuid()).max(10).default([]),
})

/** What a queue says was done. */
export const decidedAs = ['accepted', 'rejected'] as const

export const casePath = (queue: string, id: string) => `/staff/${queue}/${id}`

/** An id from an address; undefined where it has no such form. */
export const parseId = (typed: string): string | undefined => z.uuid().safeParse(typed).data

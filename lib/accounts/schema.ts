// Input of the account forms. Messages are keys of the namespace `errors`.
import { z } from 'zod'
import { billerCodes } from '../billers/contract-codes.ts'
import { readEmail } from '../platform/emails.ts'
import { wayBack } from '../platform/paths.ts'
import { readName, readPassword } from '../platform/typed.ts'
import { typedCode, typedIdentifier, typedText } from '../platform/typed-text.ts'

const password = z.string('required').overwrite(readPassword).min(1, 'required').max(128, 'passwordRule')

/** It stands in messages and is compared with the holder's: no address of a page. */
const personName = z
  .string('required')
  .overwrite(readName)
  .min(1, 'required')
  .max(60, 'tooLong')
  .regex(/^\p{L}[\p{L}\p{M} .'’-]*$/u, 'nameForm')

export const typedEmail = typedText(254).transform((typed, { addIssue }) => {
  const email = readEmail(typed)
  if (!email) addIssue('emailForm')
  return email ?? z.NEVER
})

/** The version of terms, privacy and refund policy that a registration accepts: the day it came into force. */
export const TERMS_VERSION = '2026-11-01'

export const registerInput = z
  .object({
    biller: z.enum(billerCodes, 'chooseBiller'),
    contractCode: typedText(40),
    firstName: personName,
    lastName: personName,
    personalNumber: typedText(20),
    username: typedIdentifier(30)
      .toLowerCase()
      .regex(/^[a-z][a-z0-9._-]{2,29}$/, 'usernameRule'),
    email: typedEmail,
    phone: typedText(30),
    password,
    passwordConfirm: password,
    acceptTerms: z.string('acceptTerms'),
    /** Present when the person says that the number is right although its check digit is not. */
    confirmPersonalNumber: z.string().optional(),
  })
  .superRefine((input, context) => {
    if (input.password !== input.passwordConfirm) {
      context.addIssue({ code: 'custom', path: ['passwordConfirm'], message: 'passwordsDiffer' })
    }
    if (!passwordHolds(input.password, input.username, input.email)) {
      context.addIssue({ code: 'custom', path: ['password'], message: 'passwordRule' })
    }
  })

export type RegisterInput = z.output<typeof registerInput>

/** 8 to 128 characters, a digit, a capital, and neither the username nor the name before the e-mail's @ in it. */
export function passwordHolds(candidate: string, username: string, email: string): boolean {
  const lower = candidate.toLowerCase()
  const names = [username.toLowerCase(), email.split('@')[0]!.toLowerCase()].filter(name => name.length >= 3)
  return (
    candidate.length >= 8 &&
    candidate.length <= 128 &&
    /\p{Nd}/u.test(candidate) &&
    /\p{Lu}/u.test(candidate) &&
    !names.some(name => lower.includes(name))
  )
}

export const codeInput = z.object({
  code: typedCode().regex(/^\d{6}$/, 'codeForm'),
})

export const phoneInput = z.object({ phone: typedText(30) })

export const signInInput = z.object({ identifier: typedIdentifier(254), password, to: wayBack })

export const signInCodeInput = codeInput.extend({ to: wayBack })

export const identifierInput = z.object({ identifier: typedIdentifier(254) })

const twoPasswords = {
  newPassword: password,
  newPasswordConfirm: password,
}
const passwordsAgree = (input: { newPassword: string; newPasswordConfirm: string }) =>
  input.newPassword === input.newPasswordConfirm
const disagreement = { path: ['newPasswordConfirm'], message: 'passwordsDiffer' }

export const resetPasswordInput = z.object(twoPasswords).refine(passwordsAgree, disagreement)

/** The access log's `?before=`; anything else shows its beginning. */
export const logBefore = z.coerce
  .number()
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .optional()
  .catch(undefined)

export const exportId = z.uuid()

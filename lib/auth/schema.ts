// Input of the forms around the second step. Messages are keys of the namespace `errors`.
import { z } from 'zod'
import { wayBack } from '../platform/paths.ts'
import { typedCode } from '../platform/typed-text.ts'

export const recoveryCodeInput = z.object({ recoveryCode: typedCode(), to: wayBack })

/** `invitationCode`: of staff alone. */
export const beginSecondStepInput = z.object({
  currentPassword: z.string().max(128).optional(),
  invitationCode: typedCode().optional(),
})

export const changeSecondStepInput = z.object({
  intent: z.enum(['renew', 'off']),
  currentPassword: z.string('required').max(128).optional(),
  code: typedCode(),
})

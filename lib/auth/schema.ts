// Input of the forms around the second step. Messages are keys of the namespace `errors`.
import { z } from 'zod'

const typedCode = z.string('required').trim().min(1, 'required').max(30, 'tooLong')

export const recoveryCodeInput = z.object({ recoveryCode: typedCode })

export const beginSecondStepInput = z.object({ currentPassword: z.string().max(128).optional() })

/** `code`: of the app, blanks left out, or a recovery code. */
export const changeSecondStepInput = z.object({
  intent: z.enum(['renew', 'off']),
  currentPassword: z.string('required').max(128).optional(),
  code: typedCode.transform(typed => (/^[\d\s]+$/.test(typed) ? typed.replace(/\s/g, '') : typed)),
})

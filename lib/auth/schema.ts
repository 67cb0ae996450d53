// Input of the forms around the second step. Messages are keys of the namespace `errors`.
import { z } from 'zod'
import { typedText } from '../platform/typed-text.ts'

const typedCode = typedText(30)

export const recoveryCodeInput = z.object({ recoveryCode: typedCode })

export const beginSecondStepInput = z.object({ currentPassword: z.string().max(128).optional() })

/** `code`: of the app, blanks left out, or a recovery code. */
export const changeSecondStepInput = z.object({
  intent: z.enum(['renew', 'off']),
  currentPassword: z.string('required').max(128).optional(),
  code: typedCode.transform(typed => (/^[\d\s]+$/.test(typed) ? typed.replace(/\s/g, '') : typed)),
})

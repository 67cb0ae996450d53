// Input of the forms around the second step. Messages are keys of the namespace `errors`.
import { z } from 'zod'
import { wayBack } from '../platform/paths.ts'
import { typedCode } from '../platform/typed-text.ts'

export const recoveryCodeInput = z.object({ recoveryCode: typedCode(), to: wayBack })

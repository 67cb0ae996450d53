// What a form says that asks for a code of the second step: tries are counted, and a refusal tells the truth.
import { type FormState, invalid } from '../platform/action.ts'
import { clock } from '../platform/clock.ts'
import { countTry, forgetTries, recordRefused, returnTry } from '../platform/rate-limits.ts'
import type { Customer } from './sessions.ts'
import { type CodeFailure, codeTries } from './two-factor.ts'

/** Counts the try of a code that was typed; the form again where there were too many. */
export async function countCode(
  form: FormData,
  customer: Customer,
  typed: string | undefined,
): Promise<FormState | undefined> {
  if (!typed) return undefined
  const seconds = await countTry(codeTries(), customer.id)
  return seconds > 0
    ? invalid(form, { formError: 'wait', errorValues: { minutes: Math.ceil(seconds / 60) } })
    : undefined
}

/** The code was right: its tries are forgotten. */
export const codePassed = (customer: Customer): Promise<void> => forgetTries(codeTries(), customer.id)

/** The form again, with the error beside `field`. A code about which nothing could be said was no try. */
export async function codeRefused(
  form: FormData,
  customer: Customer,
  failure: CodeFailure | 'required',
  field = 'secondCode',
): Promise<FormState> {
  if (failure === 'secondCodeWrong') {
    await recordRefused({ action: 'code.refused', accountId: customer.id, at: clock.now() })
  }
  if (failure !== 'secondStepUnreadable') return invalid(form, { fieldErrors: { [field]: failure } })
  await returnTry(codeTries(), customer.id)
  return invalid(form, { formError: failure })
}

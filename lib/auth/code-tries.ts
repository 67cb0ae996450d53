// Tries of a code of the second step where it is asked for while signed in.

import { limits } from '../platform/limits.ts'
import { countTry, forgetTries, recordRefused, returnTry, type Wait } from '../platform/rate-limits.ts'
import type { Customer } from './sessions.ts'

/**
 * Runs what a code opens, where one was typed as a counted try: forgotten once it was right, given back where nothing could
 * be said of it.
 */
export async function tryCode<V, Answer extends { ok: false; code: string } | { ok: true; value: V }>(
  customer: Customer,
  typed: string | undefined,
  now: Date,
  run: () => Promise<Answer>,
): Promise<Answer | Wait> {
  if (!typed) return run()
  const seconds = await countTry(limits.twoFactor(), customer.id)
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const answer = await run()
  if (answer.ok) await forgetTries(limits.twoFactor(), customer.id)
  else if (answer.code === 'twoFactorUnreadable') await returnTry(limits.twoFactor(), customer.id)
  else if (answer.code === 'secondCodeWrong') {
    await recordRefused({ action: 'code.refused', accountId: customer.id, at: now })
  }
  return answer
}

// Codes by SMS cost money and reach strangers: to which countries they go, how many to one number, and how many in all.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { recordEvent } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import { countTry, isUsedUp, type Limit, returnTry, takeTry } from '../platform/rate-limits.ts'
import { fail, ok } from '../platform/result.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** Whether codes go to a number (E.164): to some countries a thousand of them cost more than all other ones, and nobody here has a number there. */
export const mayGetCodes = (phone: string): boolean =>
  env().SMS_COUNTRIES.includes(parsePhoneNumberFromString(phone)?.country ?? '')

const perNumber = (): Limit[] => [
  { name: 'sms-number-hour', points: env().LIMIT_CODE_SENDS_PER_HOUR, seconds: HOUR },
  { name: 'sms-number-day', points: env().LIMIT_CODE_SENDS_PER_DAY, seconds: DAY },
]

const inAll = (): Limit[] => [
  { name: 'sms-hour', points: env().LIMIT_SMS_PER_HOUR, seconds: HOUR },
  { name: 'sms-day', points: env().LIMIT_SMS_PER_DAY, seconds: DAY },
]
const ALL = 'all'

/** `smsBudget`: nobody gets codes for so many seconds; the others concern this number alone. */
export type SmsRefusal =
  | { ok: false; code: 'phoneCountry' }
  | { ok: false; code: 'wait' | 'smsBudget'; seconds: number }

/** Takes a code's SMS from what its number, and the whole deployment, may have. Ask it before each one. */
export async function takeSms(phone: string): Promise<{ ok: true; value: undefined } | SmsRefusal> {
  if (!mayGetCodes(phone)) return fail('phoneCountry')
  const taken: [Limit, string][] = []
  for (const limit of perNumber()) {
    const seconds = await countTry(limit, phone)
    if (seconds > 0) return { ok: false, code: 'wait', seconds }
    taken.push([limit, phone])
  }
  for (const limit of inAll()) {
    const { seconds, isFirst } = await takeTry(limit, ALL)
    if (isFirst) await raiseAlarm(limit)
    if (seconds > 0) {
      // It is not sent: neither the number nor the day has used it.
      for (const [one, key] of taken) await returnTry(one, key)
      return { ok: false, code: 'smsBudget', seconds }
    }
    taken.push([limit, ALL])
  }
  return ok(undefined)
}

/** Whether the deployment has no SMS left for now: nothing about anybody. */
export async function isSmsBudgetSpent(): Promise<boolean> {
  const spent = await Promise.all(inAll().map(limit => isUsedUp(limit, ALL)))
  return spent.includes(true)
}

/** Once in each hour or day that has no SMS left. */
async function raiseAlarm({ points, seconds }: Limit): Promise<void> {
  const details = { sent: points, hours: seconds / HOUR }
  log.error(details, 'the budget of SMS is spent: nobody gets a code until its time is over')
  await recordEvent(database(), { action: 'sms.budget-spent', details, at: clock.now() })
}

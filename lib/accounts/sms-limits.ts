// Codes by SMS cost money and reach strangers: to which countries they go, how many to one number, and how many in all.
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import type { Executor } from '../../db/client.ts'
import { answering } from '../platform/answering.ts'
import { recordEvent } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { type Limit, limits } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import {
  countedTries,
  countTry,
  isUsedUp,
  type Key,
  returnTry,
  takeTry,
  type Wait,
} from '../platform/rate-limits.ts'
import { fail, ok } from '../platform/result.ts'

/**
 * Whether codes go to a number (E.164): to some countries a thousand of them cost more than all other ones, and nobody here
 * has a number there. Countries that share a calling code are one (Jersey is with Britain, Åland with Finland) but for +1: it
 * is that of a score of islands with prices of their own, too.
 */
export function mayGetCodes(phone: string): boolean {
  const { country, countryCallingCode } = parsePhoneNumberFromString(phone) ?? {}
  const { SMS_COUNTRIES } = env()
  if (countryCallingCode === '1') return SMS_COUNTRIES.includes(country ?? '')
  return callingCodes(SMS_COUNTRIES).some(code => code === countryCallingCode)
}

const callingCodes = (countries: string[]) =>
  countries
    .filter((country): country is CountryCode => isSupportedCountry(country))
    .map(country => getCountryCallingCode(country))

const perAddress = [limits.smsOfAddress, limits.smsOfAddressDay]
const perNumber = [limits.smsToNumber, limits.smsToNumberDay]
const inAll = [limits.sms, limits.smsDay]
const ALL = 'all'

/** What the whole deployment may send in an hour and in a day, and under which key each is counted. */
export const smsBudgets = (): [Limit, string][] => inAll.map(limit => [limit(), ALL])

/** `smsBudget`: nobody gets codes for so many seconds; the others concern this number alone. */
export type SmsRefusal =
  | { ok: false; code: 'phoneCountry' }
  | { ok: false; code: 'wait' | 'smsBudget'; seconds: number }

type Taken = [Limit, Key][]

/**
 * Takes a code's SMS from what the address that asks, its number, and the whole deployment may have. Ask it before each
 * one.
 */
export async function takeSms(phone: string): Promise<{ ok: true; value: undefined } | SmsRefusal> {
  if (!mayGetCodes(phone)) return fail('phoneCountry')
  const asked = await takeAsked(phone)
  if (!asked.ok) return asked
  const sent = await takeOfAll()
  // It is not sent: neither the number nor the day has used it.
  if (!sent.ok) await giveBack(asked.value)
  return sent
}

/**
 * Takes a code that may be sent to `phone`, or to nobody knows whom yet, from what the address that asks and the number may
 * have: an address that may have no more takes nothing from the number.
 */
export function takeAsked(phone?: string): Promise<{ ok: true; value: Taken } | Wait> {
  const address = answering.getStore()?.address
  const ofAddress =
    address === undefined ? [] : perAddress.map((limit): [Limit, Key] => [limit(), { address }])
  const ofNumber = phone === undefined ? [] : perNumber.map((limit): [Limit, Key] => [limit(), phone])
  return takeEach([...ofAddress, ...ofNumber])
}

/** All of these tries or none. */
async function takeEach(tries: Taken): Promise<{ ok: true; value: Taken } | Wait> {
  for (const [index, [limit, key]] of tries.entries()) {
    const seconds = await countTry(limit, key)
    if (seconds === 0) continue
    await giveBack(tries.slice(0, index))
    return { ok: false, code: 'wait', seconds }
  }
  return ok(tries)
}

async function giveBack(taken: Taken): Promise<void> {
  for (const [limit, key] of taken) await returnTry(limit, key)
}

/** Takes an SMS from what the whole deployment may have. */
export async function takeOfAll(): Promise<{ ok: true; value: undefined } | SmsRefusal> {
  const taken: Taken = []
  for (const each of inAll) {
    const limit = each()
    const { seconds, isFirst } = await takeTry(limit, ALL)
    if (isFirst) await raiseAlarm(limit)
    if (seconds > 0) {
      await giveBack(taken)
      return { ok: false, code: 'smsBudget', seconds }
    }
    taken.push([limit, ALL])
  }
  return ok(undefined)
}

/** Whether the deployment has no SMS left for now: nothing about anybody. */
export async function isSmsBudgetSpent(): Promise<boolean> {
  const spent = await Promise.all(inAll.map(limit => isUsedUp(limit(), ALL)))
  return spent.includes(true)
}

/** How many SMS of the deployment's are spent, of an hour's and of a day's. */
export const listSmsSpent = (db: Executor): Promise<{ hours: number; spent: number; budget: number }[]> =>
  Promise.all(
    inAll.map(async each => {
      const limit = each()
      const { points: budget, seconds } = limit
      return { hours: seconds / 3600, spent: Math.min(await countedTries(db, limit, ALL), budget), budget }
    }),
  )

/** Once in each hour or day that has no SMS left. */
async function raiseAlarm({ points, seconds }: Limit): Promise<void> {
  const details = { sent: points, hours: seconds / 3600 }
  log.error(details, 'the budget of SMS is spent: nobody gets a code until its time is over')
  await recordEvent(database(), { action: 'sms.budget-spent', details, at: clock.now() })
}

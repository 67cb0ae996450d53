// The number of a request, by which all speak of it: its log lines, the page of an error, the audit log, the jobs that it caused.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { answering } from './answering.ts'

/** What a load balancer may call a request. */
const IS_ID = /^[\w-]{8,64}$/
const TWELVE_DIGITS = 10 ** 12
/** As many characters as one of ours has. */
const SPOKEN = 14

/**
 * `4821-0937-6615`. Digits alone: they are read out on the telephone in three languages, and the alphabets of these do not have the
 * same letters.
 */
export function makeRequestId(): string {
  const digits = String(randomInt(TWELVE_DIGITS)).padStart(12, '0')
  return `${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`
}

/** What a trusted load balancer sent as one; undefined where it can be none. */
export const readRequestId = (given: string | string[] | undefined): string | undefined =>
  typeof given === 'string' && IS_ID.test(given) ? given : undefined

/** As much of it as anybody reads out: one of ours whole, the beginning of a longer one, which finds it in the log as well. */
export const spokenId = (requestId: string): string => requestId.slice(0, SPOKEN)

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaCause?: AsyncLocalStorage<string | undefined> }
holder.dritaCause ??= new AsyncLocalStorage()
const cause = holder.dritaCause

/** Of the request under way, or of the one that caused the job under way. */
export const currentRequestId = (): string | undefined => answering.getStore()?.requestId ?? cause.getStore()

/** Does a job's work on behalf of the request that caused it; of a job of the calendar there is none. */
export const onBehalfOf = <Value>(requestId: string | undefined, work: () => Value): Value =>
  cause.run(requestId, work)

/** For what happens to a connection: whoever opened it may have been answered long ago. */
export const onNobodysBehalf = (work: () => void): void => answering.exit(() => cause.run(undefined, work))

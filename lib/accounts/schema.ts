// What a registration accepts, and what a password has to hold.
import { z } from 'zod'

/** The version of terms, privacy and refund policy that a registration accepts: the day it came into force. */
export const TERMS_VERSION = '2026-11-01'

/** 8 to 128 characters, a digit, a capital, and neither the username nor the name before the e-mail's @ in it. */
export function passwordHolds(candidate: string, username = '', email = ''): boolean {
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

/** The access log's `?before=`; anything else shows its beginning. */
export const logBefore = z.coerce
  .number()
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .optional()
  .catch(undefined)

export const exportId = z.uuid()

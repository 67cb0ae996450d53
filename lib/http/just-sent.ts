// Who has just written something reads it where it was written: a cookie says so for as long as a replica may be behind.
import type http from 'node:http'
import { env } from '../platform/env.ts'
import { askedFor } from './address.ts'

export const JUST_SENT_COOKIE = 'just-sent'
const HELD = new RegExp(`(?:^|; )${JUST_SENT_COOKIE}=1(?:;|$)`)

/** Pages of payments learn what the bank says, and write it down. */
const WRITES = /^\/(payments|pay)\//

const hasReplica = (): boolean => env().DATABASE_REPLICA_URL !== undefined

/** Next.js hands a form's headers on where it asks for the page that the form leads to itself (decision 0022): that has no cookie yet. */
const HANDED_ON = 'x-just-sent'

/** Whether the browser wrote something a moment ago, or does now; the request says so from then on. */
export function hasJustSent(request: http.IncomingMessage): boolean {
  const { headers } = request
  const has =
    hasReplica() && (HELD.test(headers.cookie ?? '') || headers[HANDED_ON] !== undefined || writes(request))
  if (has) headers[HANDED_ON] = '1'
  return has
}

const writes = (request: http.IncomingMessage): boolean =>
  !['GET', 'HEAD'].includes(request.method!) || WRITES.test(askedFor(request))

/** Tells the browser to say so; as the answer leaves, for a page may set all cookies anew. */
export function keepJustSent(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (!hasReplica() || response.headersSent || !writes(request)) return
  const { APP_URL, DATABASE_REPLICA_LAG_SECONDS } = env()
  const secure = APP_URL.startsWith('https:') ? '; Secure' : ''
  // It counts from when the browser has it, and the replica may be found too far behind a moment late.
  const seconds = DATABASE_REPLICA_LAG_SECONDS + 5
  response.appendHeader(
    'Set-Cookie',
    `${JUST_SENT_COOKIE}=1; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${secure}`,
  )
}

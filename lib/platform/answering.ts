// The answer under way: who asks, and what is known of it where the answer itself is out of reach.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Met } from '../../db/client.ts'

/**
 * `requestId`: by which all speak of it (request-id.ts). `route`: the pattern of the page or handler that answers.
 * `unreadable`: Next.js could make nothing of the form that it was sent. `unavailable`: the database was waited for in
 * vain. `hasLeft`: whether the client went away, or was too slow, before all of its request was here.
 * `hasSession`: whether it has the cookie of one. `hasJustSent`: whether the browser wrote something a moment ago (lib/http/just-sent.ts). `address`: the client's. `told`: whether what failed was written down, or need
 * not be. `sessionId`, `accountId`, `language`, `isStaff`, `isAgent`: of whoever is signed in, once a guard has looked.
 * `isDocument`: a page as HTML, not its data for a script; `handed`: what was handed over
 * while it is made (lib/request/hand-over.ts). `status`: what a page says of itself that is no success (lib/request/status.ts);
 * `waitSeconds`: until it may be asked for again.
 */
export type Answer = Met & {
  requestId?: string
  route?: string
  unreadable: boolean
  hasLeft?: () => boolean
  hasSession?: () => boolean
  hasJustSent?: boolean
  address?: string
  told?: boolean
  sessionId?: string
  accountId?: string
  language?: string
  isStaff?: boolean
  isAgent?: boolean
  isDocument?: boolean
  handed?: unknown[]
  status?: 404 | 410 | 429
  waitSeconds?: number
}

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaAnswering?: AsyncLocalStorage<Answer> }
holder.dritaAnswering ??= new AsyncLocalStorage()

export const answering: AsyncLocalStorage<Answer> = holder.dritaAnswering

/** A place in Node, in the language, or in Next.js, as it lies there or in the build. */
const NOT_OURS = /\(?(node:|native\b|index \d+\)|<anonymous>|[^(]*\bnode_modules[/_]next[/_])/

/** Whether an error rose before any code of ours ran: it is the form's that was sent. */
export function isUnreadable(error: unknown): boolean {
  // Errors of the network and of files have a code, and the place of a callback alone.
  if (!(error instanceof Error) || 'code' in error) return false
  const places = error.stack?.split('\n').filter(line => /^\s+at /.test(line)) ?? []
  return places.length > 0 && places.every(place => NOT_OURS.test(place))
}

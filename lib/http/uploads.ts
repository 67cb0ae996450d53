// Forms with documents: counted before their bodies are read, and few of them are read at once.
import type http from 'node:http'
import { addressGroups } from '../platform/address-groups.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { pathOf } from './address.ts'
import type { PortalResponse } from './response.ts'

/** Pages with a form that takes documents; every other form is words alone. */
const TAKES_DOCUMENTS = /^\/(register\/dispute|account\/business)\/?$/
/** Where one file is read, and not kept. */
const TAKES_ONE_FILE = /^\/(verify|staff\/payments\/settlements)\/?$/
/** Of requests, where they are asked for, where they lie, and where staff answer them; of certificates, where owners do; of readings: photographs. */
const TAKES_PHOTOGRAPHS =
  /^\/(contracts\/[^/]+\/[^/]+\/|contract-|staff\/)requests\/[^/]+$|^\/certificates\/[\da-f-]{36}$|^\/(contracts\/[^/]+\/[^/]+\/|contract-)readings$/
/** More than any form of words has. The page to pay has a box for each of a thousand invoices: 170 kB. */
export const WORDS_BYTES = 256 * 1024

/** Of one of its documents; undefined where it takes none. */
function mostMegabytes(request: http.IncomingMessage): number | undefined {
  const path = pathOf(request)
  if (TAKES_PHOTOGRAPHS.test(path)) return env().REQUEST_DOCUMENT_MAX_MB
  return TAKES_DOCUMENTS.test(path) || TAKES_ONE_FILE.test(path) ? env().DOCUMENT_MAX_MB : undefined
}

const mostFiles = (request: http.IncomingMessage): number =>
  TAKES_ONE_FILE.test(pathOf(request)) ? 1 : env().DOCUMENTS_PER_FORM

export const takesDocuments = (request: http.IncomingMessage): boolean => mostMegabytes(request) !== undefined

/** Bytes of the largest form that the page has. */
export const mostBytes = (request: http.IncomingMessage): number =>
  (mostMegabytes(request) ?? 0) * mostFiles(request) * 1_000_000 + WORDS_BYTES

/** A feed that a biller's system sends: its route looks at the token before it reads anything. */
export const isFeed = (request: http.IncomingMessage): boolean =>
  request.method === 'POST' && pathOf(request) === '/api/feed' && request.headers['next-action'] === undefined

/** Those that are being read take about so long. */
const AT_ONCE_SECONDS = 30
/** Of a body so much comes in each such while (1 kB a second: a slow line's), or its place goes to somebody else. */
const SLOWEST = { bytes: 10_000, ms: 10_000 }
/** So long the rest of a refused body is thrown away, that a browser still sending sees the answer. */
const LINGER_MS = 2000

/** A body that no form of words has. */
export const isUpload = (request: http.IncomingMessage): boolean =>
  takesDocuments(request) && Number(request.headers['content-length'] ?? 0) > WORDS_BYTES

/** How many are being read in this process, by address group and session. */
const beingRead = new Map<string, number>()

/**
 * Whether the body may be read; where not, it is answered: 429, with Retry-After and a page that says so. The request's headers
 * are prepared; nothing of its body is read before the answer. `sessionOf`: the id of its session, where it has one of ours:
 * in a cookie, one and the same id can be written in many ways.
 */
export async function admitUpload(
  request: http.IncomingMessage,
  response: PortalResponse,
  sessionOf: (request: http.IncomingMessage) => string | undefined,
): Promise<boolean> {
  const address = String(request.headers['x-client-address'])
  const session = sessionOf(request)
  const release = takePlaces(address, session)
  if (!release) return refuseUpload(request, response, AT_ONCE_SECONDS)
  response.once('close', release)
  const seconds = session
    ? await countTry(limits.uploadsOfSession(), session)
    : await countTry(limits.uploadsOfAddress(), { address })
  if (seconds > 0) return refuseUpload(request, response, seconds)
  cutWhereNothingComes(request)
  return true
}

/** Cuts off a body that hardly comes, which gives its place back. One that the server itself does not read on may wait. */
function cutWhereNothingComes(request: http.IncomingMessage): void {
  const { socket } = request
  let before = socket.bytesRead
  const watch = setInterval(() => {
    if (request.complete) return clearInterval(watch)
    const isRead = request.readableLength < request.readableHighWaterMark
    if (isRead && socket.bytesRead - before < SLOWEST.bytes) socket.destroy()
    before = socket.bytesRead
  }, SLOWEST.ms)
  socket.once('close', () => clearInterval(watch))
}

/** Cuts off a feed that hardly comes, and what still comes of one that was answered before its end. */
export function watchFeed(request: http.IncomingMessage, response: http.ServerResponse): void {
  // One whose reading was given up has no socket any more.
  const { socket } = request
  cutWhereNothingComes(request)
  response.once('finish', () => {
    if (!request.complete) cutRest(request, socket)
  })
}

/** Throws away what still comes of a body, for a while. */
function cutRest(request: http.IncomingMessage, socket = request.socket): void {
  request.resume()
  const cut = setTimeout(() => socket.destroy(), LINGER_MS)
  request.once('close', () => clearTimeout(cut))
  socket.once('close', () => clearTimeout(cut))
}

/**
 * Takes a place, for the session where there is one, else for the address, and gives it back; undefined where there is none.
 * Whoever is signed in is not kept out by strangers behind the same carrier's address.
 */
function takePlaces(address: string, session: string | undefined): (() => void) | undefined {
  const { UPLOADS_AT_ONCE_PER_ADDRESS, UPLOADS_AT_ONCE_PER_SESSION, LIMIT_IPV6_48_FACTOR } = env()
  const places = session
    ? [{ key: `session ${session}`, most: UPLOADS_AT_ONCE_PER_SESSION }]
    : addressGroups(address, LIMIT_IPV6_48_FACTOR).map(({ key, factor }) => ({
        key,
        most: UPLOADS_AT_ONCE_PER_ADDRESS * factor,
      }))
  if (places.some(({ key, most }) => (beingRead.get(key) ?? 0) >= most)) return undefined
  for (const { key } of places) beingRead.set(key, (beingRead.get(key) ?? 0) + 1)
  return () => {
    for (const { key } of places) {
      const left = beingRead.get(key)! - 1
      if (left > 0) beingRead.set(key, left)
      else beingRead.delete(key)
    }
  }
}

function refuseUpload(request: http.IncomingMessage, response: PortalResponse, seconds: number): false {
  const minutes = Math.ceil(seconds / 60)
  response.problem = { what: 'tooManyUploads', values: { minutes } }
  // Whoever takes no page: a script of ours takes this text for what it says (components/use-form.ts).
  response.writeHead(429, { 'Content-Type': 'text/plain', 'Retry-After': seconds }).end(`UPLOADS ${minutes}`)
  cutRest(request)
  return false
}

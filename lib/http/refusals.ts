// Requests that Next.js never sees: what is not there, forms from elsewhere, and bodies larger than any form of their page.
import type http from 'node:http'
import { parseAndValidateFlightRouterState } from 'next/dist/server/app-render/parse-and-validate-flight-router-state.js'
import { clock } from '../platform/clock.ts'
import { recordRefused } from '../platform/rate-limits.ts'
import { cut } from '../platform/text.ts'
import { pathOf } from './address.ts'
import { FRAME } from './error-pages.ts'
import { isFile } from './files.ts'
import { isInsideAddress } from './inside-address.ts'
import { isFeed, mostBytes, takesDocuments } from './uploads.ts'

/** Answers what the portal does not take; the request's address and headers are prepared. */
export function refuse(request: http.IncomingMessage, response: http.ServerResponse): boolean {
  const status = refusal(request)
  if (!status) return false
  if (status === 403) recordForeign(request)
  if (status === 413) refuseBody(request, response)
  else {
    request.resume()
    response.writeHead(status, status === 411 ? { Connection: 'close' } : {}).end()
  }
  return true
}

/** The status of a refusal; undefined where there is none. */
function refusal(request: http.IncomingMessage): number | undefined {
  if (isOfFramework(request) || isFormForMachines(request)) return 404
  if (isOtherMethod(request)) return 405
  if (isForeign(request)) return 403
  if (hasUnreadableState(request)) return 400
  if (isTooLarge(request)) return 413
  if (hasNoLength(request)) return 411
  return undefined
}

/**
 * What Next.js answers at addresses of its own, but for the files of the build: its picture service wrote what it was
 * asked for into the log, and its page of failures is one. And the action of another page, which Next.js would ask for itself, as it then seemed for
 * somebody at this machine's address. The frame of errors and the pages of a contract
 * stand for other addresses.
 */
const isOfFramework = (request: http.IncomingMessage): boolean =>
  /^\/_(?!next\/static\/)/.test(pathOf(request)) ||
  request.headers['x-action-forwarded'] !== undefined ||
  isInsideAddress(request) ||
  pathOf(request) === FRAME

/**
 * Machines send no form of a page. Under whatever address, Next.js would read it whole, 26 MB of it; but for the route that takes
 * feeds, which reads them itself.
 */
const isFormForMachines = (request: http.IncomingMessage): boolean =>
  pathOf(request).startsWith('/api/') &&
  !isFeed(request) &&
  (request.headers['next-action'] !== undefined ||
    /^\s*multipart\//i.test(request.headers['content-type'] ?? ''))

/** Pages would take any for GET, and route handlers fail on TRACE; which of these they know is their own to say. */
const isOtherMethod = (request: http.IncomingMessage): boolean =>
  !['GET', 'HEAD', ...(isFile(pathOf(request)) ? [] : ['POST'])].includes(request.method ?? '')

/** What a script says its browser shows: Next.js fails where it cannot read it, and every failure is a line in the log. */
function hasUnreadableState({ headers }: http.IncomingMessage): boolean {
  try {
    parseAndValidateFlightRouterState(headers['next-router-state-tree'])
    return false
  } catch {
    return true
  }
}

/** Where others post to: banks send customers back, mail programs unsubscribe (RFC 8058), and machines report. */
const OPEN_TO_OTHERS = /^\/(api|payments\/return|unsubscribe)\//

/** Whether Sec-Fetch-Site tells of a form of ours; browsers too old to send it are judged by Origin. */
export const isOwnSite = (site: http.IncomingHttpHeaders[string]): boolean =>
  site === undefined || site === 'same-origin' || site === 'none'

/** A form of another site's, be it a neighbour of ours. Browsers name the origin of every form they post. */
const isForeign = (request: http.IncomingMessage): boolean => {
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD' || OPEN_TO_OTHERS.test(pathOf(request))) return false
  const own = `${headers['x-forwarded-proto']}://${headers.host}`
  return !isOwnSite(headers['sec-fetch-site']) || (headers.origin !== undefined && headers.origin !== own)
}

/** Where it came from, as far as the browser says; the answer does not wait for it. */
function recordForeign({ headers }: http.IncomingMessage): void {
  const origin = cut(String(headers.origin ?? ''), 100)
  const site = cut(String(headers['sec-fetch-site'] ?? ''), 20)
  void recordRefused({
    action: 'form.foreign',
    address: String(headers['x-client-address']),
    details: { origin: /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : null, site: site || null },
    at: clock.now(),
  })
}

/** Larger than any form that the page has; Next.js would answer with a page that says only that something failed. */
function isTooLarge(request: http.IncomingMessage): boolean {
  if (pathOf(request).startsWith('/api/')) return false
  return Number(request.headers['content-length'] ?? 0) > mostBytes(request)
}

/** A form's body of unknown length: no browser sends one, and it would be read to the limit of the largest form. */
const hasNoLength = (request: http.IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined && !pathOf(request).startsWith('/api/')

/** The form's own, which says in its query which of its forms it is. */
function tooLargeAddress(address: string): string {
  const [path, search] = address.split('?', 2)
  const query = new URLSearchParams(search)
  query.delete('tooLarge')
  return `${path}?${query.size > 0 ? `${query}&` : ''}tooLarge`
}

/** Throws the body away as it comes; a form for documents is shown again and says why. */
function refuseBody(request: http.IncomingMessage, response: http.ServerResponse): void {
  // A browser that is still sending would not see an answer.
  request.resume().once('end', () => {
    if (takesDocuments(request)) response.writeHead(303, { Location: tooLargeAddress(request.url!) })
    else response.writeHead(413)
    response.end()
  })
}

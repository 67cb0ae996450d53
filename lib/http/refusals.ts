// Requests that Next.js never sees: forms from elsewhere, and bodies larger than any form of their page.
import type http from 'node:http'
import { env } from '../platform/env.ts'

/** Answers what the portal does not take, and says so; the request's headers are prepared. */
export function refuse(request: http.IncomingMessage, response: http.ServerResponse): boolean {
  if (isForeign(request)) {
    request.resume()
    response.writeHead(403).end()
  } else if (isTooLarge(request)) {
    refuseBody(request, response)
  } else if (hasNoLength(request)) {
    request.resume()
    response.writeHead(411, { Connection: 'close' }).end()
  } else return false
  return true
}

/** False for an address that cannot be decoded, or that has a NUL in it. */
export function canBeAsked(address = '/'): boolean {
  try {
    decodeURIComponent(address.split('?')[0]!)
    return !address.includes('%00')
  } catch {
    return false
  }
}

/** Where others post to: banks send customers back, and machines report. */
const OPEN_TO_OTHERS = /^\/(api|payments\/return)\//

/** A form of another site's. Browsers name the origin of every form they post. */
const isForeign = ({ method, url = '', headers }: http.IncomingMessage): boolean =>
  method === 'POST' &&
  headers.origin !== undefined &&
  headers.origin !== `${headers['x-forwarded-proto']}://${headers.host}` &&
  !OPEN_TO_OTHERS.test(url)

/** Pages with a form that takes documents; every other form is words alone. */
const TAKES_DOCUMENTS = /^\/(register\/dispute|account\/business)\/?$/
const WORDS_BYTES = 1024 * 1024

/** Larger than any form that the page has; Next.js would answer with a page that says only that something failed. */
function isTooLarge(request: http.IncomingMessage): boolean {
  const [folder = ''] = (request.url ?? '').split('?')
  if (folder.startsWith('/api/')) return false
  const documents = TAKES_DOCUMENTS.test(folder)
    ? env().DOCUMENT_MAX_MB * env().DOCUMENTS_PER_FORM * 1_000_000
    : 0
  return Number(request.headers['content-length'] ?? 0) > documents + WORDS_BYTES
}

/** A form's body of unknown length: no browser sends one, and it would be read to the limit of the largest form. */
const hasNoLength = ({ url, headers }: http.IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined && !url?.startsWith('/api/')

/** Throws the body away as it comes; a form for documents is shown again and says why. */
function refuseBody(request: http.IncomingMessage, response: http.ServerResponse): void {
  const [folder = ''] = (request.url ?? '').split('?')
  // A browser that is still sending would not see an answer.
  request.resume().once('end', () => {
    if (TAKES_DOCUMENTS.test(folder)) response.writeHead(303, { Location: `${folder}?tooLarge` })
    else response.writeHead(413)
    response.end()
  })
}

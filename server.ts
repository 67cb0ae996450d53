// The portal's HTTP server: security headers with a nonce a request, the client's address, limits, then Next.js.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { isIP } from 'node:net'
import next from 'next'
import proxyAddress from 'proxy-addr'
import { letGoOfAbortReasons } from './lib/platform/abort-reasons.ts'
import { compressText } from './lib/platform/compression.ts'
import { env } from './lib/platform/env.ts'
import { errorFacts, log } from './lib/platform/log.ts'
import { readableErrors } from './lib/platform/readable-errors.ts'

/** A request that takes longer to arrive is dropped; a document over a slow line still fits. */
const REQUEST_TIMEOUT_MS = 120_000
const HEADERS_TIMEOUT_MS = 15_000
/** Longer than load balancers keep theirs, so that they never use a connection that is being closed. */
const KEEP_ALIVE_MS = 75_000
const DRAIN_MS = 10_000

export type PortalServer = {
  /** Takes no new requests, finishes the ones under way for at most ten seconds, then ends. */
  close: () => Promise<void>
}

/** Serves the build in NEXT_DIST_DIR on env().PORT: a demonstration on the loopback addresses only, else on all. */
export async function startServer(): Promise<PortalServer> {
  letGoOfAbortReasons()
  const { PORT, DEMO } = env()
  const app = next({ dev: false, dir: '.', hostname: 'localhost', port: PORT, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  const prepare = requestPreparation()

  const errors = readableErrors(PORT)
  const servers: http.Server[] = []
  const listen = (host: string | undefined) =>
    new Promise<void>((resolve, reject) => {
      const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
        // There is nothing there, and asking Next.js or PostgreSQL would fail.
        if (!canBeAsked(request.url)) request.url = '/404'
        const standsFor = errors.standsFor(request)
        prepare(request, response)
        if (standsFor) request.headers['x-path'] = standsFor
        errors.watch(request, response)
        if (isForeign(request)) {
          request.resume()
          return response.writeHead(403).end()
        }
        if (isTooLarge(request)) return refuseBody(request, response)
        if (hasNoLength(request)) {
          request.resume()
          return response.writeHead(411, { Connection: 'close' }).end()
        }
        compressText(request, response)
        handle(request, response).catch(error => {
          log.error(errorFacts(error), 'a request failed')
          if (!response.headersSent) response.writeHead(500)
          response.end()
        })
      })
      server.requestTimeout = REQUEST_TIMEOUT_MS
      server.headersTimeout = HEADERS_TIMEOUT_MS
      server.once('error', reject)
      server.listen(PORT, host, () => {
        servers.push(server)
        resolve()
      })
    })

  if (DEMO) {
    await listen('127.0.0.1')
    // A machine without IPv6 has no ::1.
    await listen('::1').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw error
    })
  } else {
    await listen(undefined)
  }

  return {
    close: async () => {
      const closed = servers.map(server => new Promise(resolve => server.close(resolve)))
      for (const server of servers) server.closeIdleConnections()
      const timer = setTimeout(() => {
        for (const server of servers) server.closeAllConnections()
      }, DRAIN_MS)
      await Promise.all(closed)
      clearTimeout(timer)
      await app.close()
    },
  }
}

/** Next.js reads the nonce from the request's header of this name, and puts it on every script it writes. */
const CSP = 'content-security-policy'

/**
 * What happens to a request before Next.js sees it: headers that a client may not speak for are overwritten, the
 * security headers set.
 */
function requestPreparation(): (request: http.IncomingMessage, response: http.ServerResponse) => void {
  const { APP_URL, DEMO, TRUSTED_PROXIES } = env()
  const origin = new URL(APP_URL)
  const secure = origin.protocol === 'https:'
  const trust = trustedProxies(TRUSTED_PROXIES)
  const unchanging = new Set(fs.readdirSync('public').map(name => `/${name}`))

  return (request, response) => {
    const nonce = randomBytes(16).toString('base64')
    const policy = contentSecurityPolicy(nonce, secure)
    const { headers } = request
    delete headers['content-security-policy-report-only']
    headers[CSP] = policy
    headers['x-client-address'] = clientAddress(request, trust)
    headers['x-path'] = request.url ?? '/'

    // Forms must come from the portal's own address, whatever a proxy made of the Host; a demonstration is asked
    // by any name of this machine.
    if (!(DEMO && isLoopbackName(headers.host))) headers.host = origin.host
    headers['x-forwarded-host'] = headers.host
    if (headers.origin === 'null') nameOwnOrigin(headers, `${origin.protocol}//${headers.host}`)
    headers['x-forwarded-proto'] = secure ? 'https' : 'http'
    headers['x-forwarded-for'] = headers['x-client-address']
    delete headers['x-forwarded-port']
    delete headers.forwarded

    response.setHeader('Content-Security-Policy', isDocument(request) ? DOCUMENT_POLICY : policy)
    for (const [name, value] of fixedHeaders) response.setHeader(name, value)
    if (secure) response.setHeader('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
    const folder = /^\/[^/?]*/.exec(request.url ?? '/')![0]
    if (unchanging.has(folder)) response.setHeader('Cache-Control', 'public, max-age=2592000')
    // Next.js sets its own for pages and for its static files; this is for everything else.
    else if (folder !== '/_next') response.setHeader('Cache-Control', 'private, no-store')
  }
}

/** What somebody uploaded: should a browser show it all the same, then without scripts and as nobody's. */
const DOCUMENT_POLICY = "sandbox; default-src 'none'"
const isDocument = (request: http.IncomingMessage) => /^\/documents\/[^/?]+(\?|$)/.test(request.url ?? '')

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

/** False for an address that cannot be decoded, or that has a NUL in it. */
function canBeAsked(address = '/'): boolean {
  try {
    decodeURIComponent(address.split('?')[0]!)
    return !address.includes('%00')
  } catch {
    return false
  }
}

/**
 * Under `Referrer-Policy: no-referrer` a browser sends `Origin: null` with a form that no script posts, and Next.js would
 * take it for a foreign one. Sec-Fetch-Site, which no page can forge, tells where it comes from. A browser too old to
 * send it keeps the session's cookie (SameSite=Lax) from foreign forms all the same.
 */
function nameOwnOrigin(headers: http.IncomingHttpHeaders, own: string): void {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === undefined) headers.origin = own
}

/** Where others post to: banks send customers back, and machines report. */
const OPEN_TO_OTHERS = /^\/(api|payments\/return)\//

/** A form of another site's; its headers are prepared. Browsers name the origin of every form they post. */
const isForeign = ({ method, url = '', headers }: http.IncomingMessage): boolean =>
  method === 'POST' &&
  headers.origin !== undefined &&
  headers.origin !== `${headers['x-forwarded-proto']}://${headers.host}` &&
  !OPEN_TO_OTHERS.test(url)

function contentSecurityPolicy(nonce: string, secure: boolean): string {
  return (
    `default-src 'self'; script-src 'self' 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; ` +
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; frame-src 'none'; " +
    `base-uri 'none'; form-action 'self'; frame-ancestors 'none'${secure ? '; upgrade-insecure-requests' : ''}`
  )
}

const fixedHeaders: [string, string][] = [
  ['Referrer-Policy', 'no-referrer'],
  // Every page is personal or leads to such.
  ['X-Robots-Tag', 'noindex, nofollow'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Permitted-Cross-Domain-Policies', 'none'],
]

const isLoopbackName = (host: string | undefined): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? '')

type Trust = ReturnType<typeof proxyAddress.compile>

function trustedProxies(list: string): Trust {
  try {
    return proxyAddress.compile(
      list
        .split(',')
        .map(address => address.trim())
        .filter(Boolean),
    )
  } catch {
    throw new Error('The setting TRUSTED_PROXIES is not a list of addresses or networks separated by commas.')
  }
}

/** Who asks: the connection's other end, or whom a trusted proxy names. Always an address that `inet` takes. */
function clientAddress(request: http.IncomingMessage, trust: Trust): string {
  // `::ffff:192.0.2.1` is how a server on all addresses sees 192.0.2.1; `%eth0` is the zone of a link-local one.
  const plain = (address: string) =>
    address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '').replace(/%.*$/, '')
  // A connection that is already gone has no address.
  const peer = request.socket.remoteAddress
  if (!peer) return '0.0.0.0'
  const named = plain(proxyAddress(request, trust))
  return isIP(named) ? named : plain(peer)
}

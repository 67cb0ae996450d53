// The headers of a request and its answer before Next.js sees them: what clients may not speak for is overwritten, and
// every answer gets the security headers, with a nonce of its own.
import { randomBytes } from 'node:crypto'
import type http from 'node:http'
import { BROWSER_COOKIE, browserKey } from '../platform/browser-cookie.ts'
import { env } from '../platform/env.ts'
import { makeRequestId, readRequestId } from '../platform/request-id.ts'
import { keyedHash } from '../platform/seal.ts'
import { pathOf } from './address.ts'
import { clientAddress, trustedProxies } from './client-address.ts'
import { isFile, isPublicFile } from './files.ts'
import { isOwnSite } from './refusals.ts'

/** Next.js reads the nonce from the request's header of this name, and puts it on every script it writes. */
const CSP = 'content-security-policy'

/**
 * Of requests that this portal sends itself: Next.js fetches the page that a form leads to, and hands on the headers of the
 * request it answers. No client knows its value; it never leaves the machine.
 */
export const OWN_REQUEST = 'x-own-request'

/** A load balancer's, else made here; the answer has the same. */
export const REQUEST_ID = 'x-request-id'

/**
 * What prepares each request, whose address is in its one form, and its answer; false where its host is not ours.
 * `formTargets`: origins but our own that forms may lead to, as they are now.
 */
export function headerPreparation(
  formTargets: () => readonly string[] = () => [],
): (request: http.IncomingMessage, response: http.ServerResponse) => boolean {
  const { APP_URL, DEMO, TRUSTED_PROXIES } = env()
  const { protocol, host } = new URL(APP_URL)
  const secure = protocol === 'https:'
  const trust = trustedProxies(TRUSTED_PROXIES)
  // The same in every process: another one may answer.
  const secret = keyedHash('own requests', 'http')

  return (request, response) => {
    // On every page: one that is reached without a new document, as after signing in, has the policy of the one before.
    const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), secure, formTargets())
    const { headers } = request
    const own = headers[OWN_REQUEST] === secret
    delete headers['content-security-policy-report-only']
    headers[CSP] = policy
    headers['x-path'] = request.url && pageAddress(request.url)
    if (!own) headers['x-client-address'] = clientAddress(request, trust)
    headers[OWN_REQUEST] = secret
    // Under an id of their choosing strangers would hide among others in the log, or write into it.
    const isNamed = own || trust(request.socket.remoteAddress ?? '', 0)
    headers[REQUEST_ID] = (isNamed && readRequestId(headers[REQUEST_ID])) || makeRequestId()
    response.setHeader('X-Request-Id', headers[REQUEST_ID])

    // Own requests are sent to this machine, for the name that a customer asked.
    const asked = normalHost(own ? String(headers['x-forwarded-host']) : headers.host, protocol)
    const isKnown = asked === host || (DEMO && isLoopbackName(asked))
    headers.host = isKnown ? asked : host
    headers['x-forwarded-host'] = headers.host
    if (mayNameOrigin(request)) headers.origin = `${protocol}//${headers.host}`
    headers['x-forwarded-proto'] = secure ? 'https' : 'http'
    headers['x-forwarded-for'] = headers['x-client-address']
    delete headers['x-forwarded-port']
    delete headers.forwarded

    const path = pathOf(request)
    const allowed = isDocument(path) ? DOCUMENT_POLICY : isMail(path) ? forMail(policy) : policy
    response.setHeader('Content-Security-Policy', allowed)
    for (const [name, value] of fixedHeaders) response.setHeader(name, value)
    if (secure) response.setHeader('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
    if (needsBrowserCookie(request)) {
      const key = randomBytes(16).toString('base64url')
      const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
      response.appendHeader('Set-Cookie', `${BROWSER_COOKIE}=${key}; ${attributes}`)
    }
    // Next.js answers that it failed where a file is not as these want it; a file may be sent whole (RFC 9110, 14.2).
    if (isFile(path)) for (const name of CONDITIONS) delete headers[name]
    if (isPublicFile(path)) response.setHeader('Cache-Control', 'public, max-age=2592000')
    // Next.js sets its own for pages and for its static files; this is for everything else.
    else if (!isFile(path)) response.setHeader('Cache-Control', 'private, no-store')
    return isKnown
  }
}

const CONDITIONS = ['range', 'if-match', 'if-unmodified-since']

/** Without what Next.js adds where it asks for the data of a page alone: links would lead back to it. */
const pageAddress = (address: string): string =>
  address.replace(/([?&])_rsc(?:=[^&]*)?(?:&|$)/, '$1').replace(/[?&]$/, '')

const OWN_BROWSER_COOKIE = new RegExp(`(?:^|; )${BROWSER_COOKIE}=([^;]*)`)
const needsBrowserCookie = ({ method, headers }: http.IncomingMessage): boolean =>
  method === 'GET' &&
  headers.accept?.includes('text/html') === true &&
  browserKey(OWN_BROWSER_COOKIE.exec(headers.cookie ?? '')?.[1]) === undefined

/** What somebody uploaded: should a browser show it all the same, then without scripts and as nobody's. */
const DOCUMENT_POLICY = "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
const isDocument = (path: string) => /^\/documents\/[^/]+$/.test(path)

/** An e-mail in the demonstration brings its own style sheet (decision 0039), and runs nothing. */
const forMail = (policy: string) =>
  `sandbox allow-same-origin allow-forms; ${policy.replace(/style-src [^;]+/, "style-src 'self' 'unsafe-inline'")}`
const isMail = (path: string) => /^\/outbox\/[^/]+$/.test(path)

/**
 * Under `Referrer-Policy: no-referrer` a browser sends `Origin: null` with a form that no script posts, and Next.js would
 * take it for a foreign one; of a form without Origin it writes a line into the log. Sec-Fetch-Site, which no page can
 * forge, tells where a form comes from. A browser too old to send it keeps the session's cookie (SameSite=Lax) from
 * foreign forms all the same.
 */
const mayNameOrigin = ({ method, headers }: http.IncomingMessage): boolean =>
  (headers.origin === 'null' || (headers.origin === undefined && method === 'POST')) &&
  isOwnSite(headers['sec-fetch-site'])

function contentSecurityPolicy(nonce: string, secure: boolean, formTargets: readonly string[]): string {
  return (
    `default-src 'self'; script-src 'self' 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; ` +
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; frame-src 'none'; " +
    `base-uri 'none'; form-action ${["'self'", ...formTargets].join(' ')}; frame-ancestors 'none'${secure ? '; upgrade-insecure-requests' : ''}`
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

/** As browsers write it: in small letters, without the scheme's own port; undefined where it is none. */
const normalHost = (host: string | undefined, protocol: string): string | undefined =>
  host && /^[\w.:[\]-]+$/.test(host) && URL.canParse(`${protocol}//${host}`)
    ? new URL(`${protocol}//${host}`).host
    : undefined

const isLoopbackName = (host: string | undefined): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? '')

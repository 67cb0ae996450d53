// The headers of a request and its answer before Next.js sees them: what clients may not speak for is overwritten, and
// every answer gets the security headers, with a nonce of its own.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import type http from 'node:http'
import { env } from '../platform/env.ts'
import { clientAddress, trustedProxies } from './client-address.ts'

/** Next.js reads the nonce from the request's header of this name, and puts it on every script it writes. */
const CSP = 'content-security-policy'

/** What prepares each request and its answer. */
export function headerPreparation(): (request: http.IncomingMessage, response: http.ServerResponse) => void {
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

/**
 * Under `Referrer-Policy: no-referrer` a browser sends `Origin: null` with a form that no script posts, and Next.js would
 * take it for a foreign one. Sec-Fetch-Site, which no page can forge, tells where it comes from. A browser too old to
 * send it keeps the session's cookie (SameSite=Lax) from foreign forms all the same.
 */
function nameOwnOrigin(headers: http.IncomingHttpHeaders, own: string): void {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === undefined) headers.origin = own
}

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

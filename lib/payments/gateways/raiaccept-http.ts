// A request to RaiAccept's interface, with the client certificate that some of its versions demand.
import http from 'node:http'
import https from 'node:https'
import { parseJson } from '../../platform/json.ts'
import type { GatewayAccount } from './gateway.ts'

/** How long one request may take. */
const TIMEOUT_MS = 10_000
/** Of an answer: more is none. */
const MOST_BYTES = 1_000_000

/** `body`: parsed JSON, undefined where the answer is none. Redirects are not followed: their status is the answer. */
export type Answer = { status: number; body: unknown }

export type Call = {
  method: 'GET' | 'POST'
  url: string
  body?: unknown
  accessToken?: string
  signal?: AbortSignal
}

/** Throws where no whole answer came within ten seconds, or before `signal`. */
export function send(
  account: GatewayAccount,
  { method, url, body, accessToken, signal }: Call,
): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    Accept: 'application/json',
    ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
    ...(text && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
  }
  const { clientCertificate: cert, clientKey: key } = account.secrets
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const options = {
    method,
    headers,
    // A kept connection may be closed under the next order or refund, and nobody would know what became of it.
    agent: false,
    ...(cert && key && { cert, key }),
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
  }
  return new Promise((resolve, reject) => {
    const { request } = new URL(url).protocol === 'https:' ? https : http
    request(url, options, response => {
      read(response).then(
        whole => resolve({ status: response.statusCode ?? 0, body: parseJson(whole) }),
        reject,
      )
    })
      .once('error', reject)
      .end(text)
  })
}

async function read(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Error('The answer is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

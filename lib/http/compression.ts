// Compresses what is text on its way out: in one piece, which costs a fifth of compressing it as it is written.
import type { IncomingMessage, ServerResponse } from 'node:http'
import zlib from 'node:zlib'
import { pathOf } from './address.ts'
import { withoutIdleScripts } from './unused-scripts.ts'

const TEXT = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg)/
/** Smaller answers fit a packet either way. */
const LEAST_BYTES = 1000
/**
 * For what is made anew at every request: a page of 30 kB takes 0.1 ms, which is less than handing it to another thread and
 * back; the best level saves 0.6 kB for three times as much.
 */
const QUICK = 2
/** For files that never change, which are compressed once. */
const THOROUGH = 9

type Encoding = 'br' | 'gzip'

/** Files of the build by path and encoding: some two dozen, a few hundred kB. */
const unchanging = new Map<string, Buffer>()
/** A path may still be written in more ways than one. */
const MOST_KEPT = 300

/**
 * Takes over `write` and `end` of a response: text is kept until its end, compressed where the client takes that, and sent
 * whole with its length. Pages are not streamed here, so nobody waits longer for the first byte. Everything else passes.
 */
export function compressText(request: IncomingMessage, response: ServerResponse): void {
  const encoding = encodingFor(request)
  const write = response.write.bind(response) as (...values: unknown[]) => boolean
  const end = response.end.bind(response) as (...values: unknown[]) => ServerResponse
  const flushHeaders = response.flushHeaders.bind(response)
  const pieces: Buffer[] = []
  let decided: boolean | undefined
  const keeps = () => {
    decided ??= request.method !== 'HEAD' && isWholeText(response)
    return decided
  }
  const keep = (chunk: unknown, charset: unknown) => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') return
    pieces.push(
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof charset === 'string' ? (charset as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array),
    )
  }
  const callbackOf = (values: unknown[]) =>
    values.find(value => typeof value === 'function') as (() => void) | undefined

  response.flushHeaders = () => {
    if (!keeps()) flushHeaders()
  }
  response.write = ((...values: unknown[]) => {
    if (!keeps()) return write(...values)
    keep(values[0], values[1])
    callbackOf(values)?.()
    return true
  }) as typeof response.write
  response.end = ((...values: unknown[]) => {
    if (!keeps()) return end(...values)
    keep(values[0], values[1])
    const callback = callbackOf(values)
    const whole = Buffer.concat(pieces)
    const isPage = String(response.getHeader('Content-Type')).startsWith('text/html')
    const text = isPage ? withoutIdleScripts(whole) : whole
    const body = compressed(request, response, text, encoding)
    response.setHeader('Content-Length', body.length)
    return end(body, callback)
  }) as typeof response.end
}

/** Whether the answer, whose headers are about to go, is a whole text that nobody has encoded. */
function isWholeText(response: ServerResponse): boolean {
  if (response.headersSent || response.statusCode === 206 || response.statusCode === 304) return false
  if (response.hasHeader('Content-Encoding')) return false
  return TEXT.test(String(response.getHeader('Content-Type') ?? ''))
}

/** The body to send, with the headers that belong to it set. */
function compressed(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  encoding: Encoding | undefined,
): Buffer {
  if (body.length < LEAST_BYTES) return body
  response.appendHeader('Vary', 'Accept-Encoding')
  if (!encoding) return body
  response.setHeader('Content-Encoding', encoding)
  if (response.statusCode !== 200 || !/\bimmutable\b/.test(String(response.getHeader('Cache-Control') ?? '')))
    return compress(body, encoding, QUICK)
  const key = `${encoding} ${pathOf(request)}`
  const known = unchanging.get(key)
  if (known) return known
  if (unchanging.size >= MOST_KEPT) return compress(body, encoding, QUICK)
  const made = compress(body, encoding, THOROUGH)
  unchanging.set(key, made)
  return made
}

const compress = (body: Buffer, encoding: Encoding, level: number): Buffer =>
  encoding === 'br'
    ? zlib.brotliCompressSync(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: level } })
    : zlib.gzipSync(body, { level })

/** The best encoding that the client names without refusing it. */
function encodingFor(request: IncomingMessage): Encoding | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => !/;\s*q=0(\.0*)?$/.test(part))
    .map(part => part.split(';')[0])
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : undefined
}

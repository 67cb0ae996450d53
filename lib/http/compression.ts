// Compresses a whole text. Next.js can do it itself, but in gzip alone, each 2 kB as they are written, and anew at every
// request (https://github.com/vercel/next.js/pull/8587), for five times as much.
import type { ServerResponse } from 'node:http'
import zlib from 'node:zlib'
import { pathOf } from './address.ts'

/** Smaller answers fit a packet either way. */
export const LEAST_BYTES = 1000
/**
 * For what is made anew at every request: a page of 22 kB takes 0.15 ms, which is less than handing it to another thread and
 * back, and 5.8 kB; level 2 takes 0.1 ms and 6.0 kB, level 6 takes 0.2 ms and 5.6 kB.
 */
const QUICK = 4
/** For files that never change, which are compressed once. */
const THOROUGH = 9

type Encoding = 'br' | 'gzip'

/** Files of the build by path and encoding: some two dozen, a few hundred kB. */
const unchanging = new Map<string, Buffer>()
/** A path may still be written in more ways than one. */
const MOST_KEPT = 300

/** Pages that show a secret: beside what an address brought, the length of the compressed page would tell it (BREACH). */
const NEVER = /^\/account\/second-step(\/|$)/

/** The body in the best encoding that the client takes, which is set as a header. */
export function compressed(response: ServerResponse, body: Buffer): Buffer {
  const encoding = encodingFor(String(response.req.headers['accept-encoding'] ?? ''))
  if (!encoding || NEVER.test(pathOf(response.req))) return body
  response.setHeader('Content-Encoding', encoding)
  if (response.statusCode !== 200 || !/\bimmutable\b/.test(String(response.getHeader('Cache-Control') ?? '')))
    return compress(body, encoding, QUICK)
  const key = `${encoding} ${pathOf(response.req)}`
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
function encodingFor(header: string): Encoding | undefined {
  const accepted = header
    .split(',')
    .map(part => part.trim())
    .filter(part => !/;\s*q=0(\.0*)?$/.test(part))
    .map(part => part.split(';')[0])
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : undefined
}

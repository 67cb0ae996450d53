// One buffer that every answer passes: a text is kept until its end and sent whole, compressed; of an answer that is an
// error a browser gets a page that can be read. Everything else passes as it comes.
// Each part stands in for something that Next.js does not do, and can go when it does (decision 0031).
import http from 'node:http'
import type { Answer } from '../platform/answering.ts'
import { askedFor } from './address.ts'
import { compressed, LEAST_BYTES } from './compression.ts'
import { errorOf, errorPage, type Problem } from './error-pages.ts'
import { keepJustSent } from './just-sent.ts'
import { withoutUnusedScripts } from './unused-scripts.ts'

const TEXT = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg)/
/** A longer text passes as it comes. The page to pay with a box for each of a thousand invoices has about 1 MB. */
const MOST_KEPT_BYTES = 4_000_000
/** So long, in seconds, who met a busy database is asked to wait. */
const RETRY_AFTER = 5

type Written = Parameters<http.ServerResponse['write']>
type Ended = Parameters<http.ServerResponse['end']>
const isFunction = (value: unknown): value is () => void => typeof value === 'function'

export class PortalResponse<
  Request extends http.IncomingMessage = http.IncomingMessage,
> extends http.ServerResponse<Request> {
  answer: Answer = {
    unreadable: false,
    unavailable: false,
    statements: 0,
    statementMs: 0,
    slowStatements: 0,
  }
  /** Of the body, as far as it was sent. */
  bytes = 0
  /** Set where the page of an error has more to say than its status does. */
  problem: Problem | undefined
  private kept: Buffer[] = []
  private keptBytes = 0
  /** What becomes of the body: decided when the framework sends the first of it. */
  private way: 'passes' | 'is kept' | 'is a page of ours' | undefined

  private decide() {
    if (this.way) return this.way
    this.nameStatus()
    keepJustSent(this.req, this)
    if (!this.isOwnStatus()) this.problem ??= errorOf(this.statusCode)
    // Whatever its address may be kept as: a forged header would have a file refused to everybody.
    if (this.statusCode >= 400 && !this.headersSent) this.setHeader('Cache-Control', 'private, no-store')
    if (this.req.method === 'HEAD' || this.headersSent) this.way = 'passes'
    else if (this.problem && this.isForReading()) this.way = 'is a page of ours'
    else this.way = this.isWholeText() ? 'is kept' : 'passes'
    return this.way
  }

  /** Scripts are told in their own way. */
  private isForReading(): boolean {
    const { accept, 'next-action': action } = this.req.headers
    return action === undefined && accept?.includes('text/html') === true
  }

  /**
   * A form that Next.js could not read is its sender's fault (https://github.com/vercel/next.js/pull/90109); and where the
   * database is busy, nothing is wrong.
   */
  private nameStatus(): void {
    if (this.isOfOlderBuild()) {
      this.statusCode = 307
      this.setHeader('Location', `/unsent?to=${encodeURIComponent(askedFor(this.req))}`)
    } else if (this.req.method === 'POST' && this.statusCode === 307) {
      // A page that leads elsewhere while it answers a form: the form is not for there.
      this.statusCode = 303
    } else if (this.isOwnStatus()) {
      const { status, waitSeconds } = this.answer
      this.statusCode = status!
      if (waitSeconds !== undefined) this.setHeader('Retry-After', waitSeconds)
    } else if (this.statusCode === 500) {
      if (this.answer.unavailable) this.setHeader('Retry-After', RETRY_AFTER)
      this.statusCode = this.answer.unreadable ? 400 : this.answer.unavailable ? 503 : 500
    }
  }

  /** An action that this build does not know, of a form that no script sent: the browser sends it on to where it is kept. */
  private isOfOlderBuild(): boolean {
    return this.hasHeader('x-nextjs-action-not-found') && this.req.headers['next-action'] === undefined
  }

  /** A page that was rendered, and says itself what is wrong. */
  private isOwnStatus(): boolean {
    const { status } = this.answer
    return status !== undefined && [200, status].includes(this.statusCode)
  }

  /** Whether it is a whole text of some kB that nobody has encoded. */
  private isWholeText(): boolean {
    if ([204, 206, 304].includes(this.statusCode) || this.hasHeader('Content-Encoding')) return false
    if (Number(this.getHeader('Content-Length') ?? 0) > MOST_KEPT_BYTES) return false
    return TEXT.test(String(this.getHeader('Content-Type') ?? ''))
  }

  override writeHead(status: number, ...rest: unknown[]): this {
    const message = typeof rest[0] === 'string' ? rest[0] : undefined
    const headers = (message === undefined ? rest[0] : rest[1]) as http.OutgoingHttpHeaders | undefined
    this.statusCode = status
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value !== undefined) this.setHeader(name, value)
    }
    if (this.decide() !== 'passes') return this
    return message === undefined
      ? super.writeHead(this.statusCode)
      : super.writeHead(this.statusCode, message)
  }

  override flushHeaders(): void {
    if (this.decide() === 'passes') super.flushHeaders()
  }

  override write(...given: unknown[]): boolean {
    if (this.decide() === 'passes' || this.destroyed) {
      this.count(given)
      return super.write(...(given as Written))
    }
    this.keep(given)
    const done = given.find(isFunction)
    if (this.keptBytes <= MOST_KEPT_BYTES) {
      done?.()
      return true
    }
    this.way = 'passes'
    this.bytes += this.keptBytes
    return super.write(Buffer.concat(this.kept.splice(0)), done)
  }

  override end(...given: unknown[]): this {
    if (this.decide() === 'passes' || this.destroyed) {
      this.count(given)
      return super.end(...(given as Ended))
    }
    this.keep(given)
    const body = this.way === 'is kept' ? this.wholeText() : this.page()
    this.way = 'passes'
    this.setHeader('Content-Length', body.length)
    this.bytes += body.length
    return super.end(body, given.find(isFunction))
  }

  /** What passes; to a HEAD none of it is sent. */
  private count([chunk, charset]: unknown[]): void {
    if (this.destroyed || this.req.method === 'HEAD') return
    if (typeof chunk === 'string')
      this.bytes += Buffer.byteLength(
        chunk,
        typeof charset === 'string' ? (charset as BufferEncoding) : 'utf8',
      )
    else if (chunk instanceof Uint8Array) this.bytes += chunk.length
  }

  private keep([chunk, charset]: unknown[]): void {
    if (this.way !== 'is kept' || chunk === undefined || chunk === null || typeof chunk === 'function') return
    const piece =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof charset === 'string' ? (charset as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array)
    this.kept.push(piece)
    this.keptBytes += piece.length
  }

  private wholeText(): Buffer {
    const whole = Buffer.concat(this.kept.splice(0))
    const isPage = String(this.getHeader('Content-Type')).startsWith('text/html')
    return this.compress(isPage ? withoutUnusedScripts(whole) : whole)
  }

  private page(): Buffer {
    for (const name of ['Content-Encoding', 'Transfer-Encoding', 'ETag', 'Link']) this.removeHeader(name)
    this.setHeader('Content-Type', 'text/html; charset=utf-8')
    return this.compress(Buffer.from(errorPage(this.problem!, this.req, this.answer)))
  }

  private compress(body: Buffer): Buffer {
    if (body.length < LEAST_BYTES) return body
    this.appendHeader('Vary', 'Accept-Encoding')
    return compressed(this, body)
  }
}

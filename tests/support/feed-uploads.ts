// Feeds as billers' systems send them, without a server between.

import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { receiveFeed } from '../../lib/feed/receiving.ts'
import type { FeedFile } from '../../lib/feed/schema.ts'
import { admitToken, type FeedToken, makeToken } from '../../lib/feed/tokens.ts'
import { csvOf, type FeedRows } from './feeds.ts'
import { type ZipEntry, zipOf } from './zip.ts'

export async function tokenOf(biller: BillerCode, now: Date): Promise<FeedToken> {
  const { token } = await makeToken(biller, now)
  const admitted = await admitToken(`Bearer ${token}`, '192.0.2.1', now)
  if (admitted.status !== 'admitted') throw new Error('The token does not count.')
  return admitted.token
}

export const entriesOf = (rows: FeedRows): ZipEntry[] =>
  Object.entries(rows).map(([file, own]) => ({
    name: `${file}.csv`,
    content: csvOf(file as FeedFile, own),
  }))

export const zipFeed = (rows: FeedRows): Buffer => zipOf(entriesOf(rows))

export const BOUNDARY = 'between-the-parts'

/** A multipart body, part by part. */
export function multipartOf(entries: readonly Pick<ZipEntry, 'name' | 'content'>[]): Buffer {
  const parts = entries.flatMap(({ name, content }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`,
    content,
    '\r\n',
  ])
  return Buffer.concat([...parts, `--${BOUNDARY}--\r\n`].map(part => Buffer.from(part)))
}

export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`

/** Sends a body, or what a generator makes of it, as it comes. */
export function send(
  token: FeedToken,
  body: Buffer | Iterable<Buffer>,
  now: Date,
  headers: Record<string, string> = {},
) {
  const pieces = (Buffer.isBuffer(body) ? [body] : body)[Symbol.iterator]()
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
  return receiveFeed(token, new Headers({ 'content-type': 'application/zip', ...headers }), stream, now)
}

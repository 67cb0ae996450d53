// Reads the files of a multipart body as they come.
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { MOST_FILES } from './upload-files.ts'
import { UploadRefused, UploadTooLarge } from './upload-refused.ts'

/** What is no file is passed over, and has no need to be long. */
const LIMITS = { files: MOST_FILES, fields: 20, fieldSize: 1000, fieldNameSize: 100, headerPairs: 20 }

/** Hands each file to `onFile`, one after the other. Throws UploadRefused, and what `source` or `onFile` throws. */
export async function readMultipart(
  source: AsyncIterable<Buffer>,
  contentType: string,
  onFile: (name: string, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const parser = parserOf(contentType)
  const streams = new Set<BusboyFileStream>()
  let failure: unknown
  let reading = Promise.resolve()
  parser.on('file', (_, stream, name) => {
    streams.add(stream)
    // It may break before anybody reads it.
    stream.on('error', () => {})
    reading = reading
      .then(() => onFile(name, contentOf(stream)))
      .catch(error => {
        failure ??= error
        parser.destroy(error)
      })
  })
  for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const)
    parser.on(event, () => parser.destroy(new UploadRefused('too_many_files')))
  try {
    await pipeline(source, parser)
  } catch (error) {
    // Whoever reads a file would wait for its end.
    for (const stream of streams) stream.destroy(error as Error)
    failure ??= isOwn(error) ? error : new UploadRefused('broken_multipart')
  }
  await reading
  if (failure !== undefined) throw failure
}

/** What breaks off in the middle is the body's fault. */
async function* contentOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>
  } catch (error) {
    throw isOwn(error) ? error : new UploadRefused('broken_multipart')
  }
}

function parserOf(contentType: string): BusboyInstance {
  try {
    const headers: BusboyHeaders = { 'content-type': contentType }
    return new Busboy({ headers, limits: LIMITS, preservePath: true })
  } catch {
    throw new UploadRefused('broken_multipart')
  }
}

const isOwn = (error: unknown) =>
  error instanceof UploadRefused ||
  error instanceof UploadTooLarge ||
  (error as NodeJS.ErrnoException).code !== undefined

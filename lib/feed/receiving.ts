// Takes a feed that is sent: as a stream, counted as it comes and as it unpacks, stored in pieces, and queued for loading.
import fs from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { and, eq } from 'drizzle-orm'
import { feedRuns } from '../../db/schema/feed.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { readMultipart } from './multipart.ts'
import type { FeedFile, FeedReport } from './schema.ts'
import type { FeedToken } from './tokens.ts'
import { type Upload, uploadStore } from './upload-files.ts'
import { inUploadFolder } from './upload-folder.ts'
import { counted, UploadRefused, UploadTooLarge } from './upload-refused.ts'
import { unpackZip } from './zip.ts'

const MEGABYTE = 1_000_000
/** Whose uploads are being read in this process as many as may be, waits about so long. */
const BUSY_SECONDS = 30
/** A job that fails is tried so often, with pauses of up to six hours: for several days. */
const TRIES = 25

export type Received =
  | { status: 'accepted'; runId: number }
  /** As a whole, and why; the run says it too. */
  | { status: 'refused'; runId: number }
  | { status: 'tooLarge' | 'unknownType' | 'unknownEncoding' }
  | { status: 'limited'; seconds: number }

/** How many are being read in this process, by token. */
const beingRead = new Map<number, number>()

/**
 * Takes what a token's owner sends. The same files again, in whatever they are packed, are the run that they were before.
 * `headers`: of the request; `body`: read no further than it may be long.
 */
export async function receiveFeed(
  token: FeedToken,
  headers: Headers,
  body: ReadableStream<Uint8Array> | null,
  now: Date,
): Promise<Received> {
  const type = kindOf(headers.get('content-type') ?? '')
  if (!type || !body) return { status: 'unknownType' }
  const encoding = (headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip') return { status: 'unknownEncoding' }
  const mostBytes = env().FEED_UPLOAD_MAX_MB * MEGABYTE
  if (Number(headers.get('content-length') ?? 0) > mostBytes) return { status: 'tooLarge' }
  const reading = beingRead.get(token.id) ?? 0
  if (reading >= env().FEEDS_AT_ONCE) return { status: 'limited', seconds: BUSY_SECONDS }
  beingRead.set(token.id, reading + 1)
  try {
    const seconds = await countTry(limits.feeds(), `token ${token.id}`)
    if (seconds > 0) return { status: 'limited', seconds }
    const come = decoded(Readable.fromWeb(body as never), encoding, mostBytes)
    return await store(token, type, headers.get('content-type')!, come, now)
  } catch (error) {
    if (error instanceof UploadTooLarge) return { status: 'tooLarge' }
    throw error
  } finally {
    beingRead.set(token.id, beingRead.get(token.id)! - 1)
  }
}

type Kind = 'zip' | 'multipart'

function kindOf(contentType: string): Kind | undefined {
  if (/^\s*multipart\/form-data\b/i.test(contentType)) return 'multipart'
  return /^\s*application\/(zip|x-zip-compressed|octet-stream)\s*(;|$)/i.test(contentType) ? 'zip' : undefined
}

/** The body, counted as it comes, and once more after its gzip. */
function decoded(body: Readable, encoding: string, mostBytes: number): AsyncIterable<Buffer> {
  const count = counted(mostBytes, () => new UploadTooLarge())
  if (encoding === 'identity') return count(body)
  // Whoever reads the other end hears of it, if later: an error that nobody listens to would end the process.
  const unzip = createGunzip().on('error', () => {})
  pipeline(count(body), unzip).catch(error => unzip.destroy(error))
  return count(unzipped(unzip))
}

async function* unzipped(unzip: Readable): AsyncGenerator<Buffer> {
  try {
    yield* unzip as AsyncIterable<Buffer>
  } catch (error) {
    const isOfData = /^Z_/.test((error as NodeJS.ErrnoException).code ?? '')
    throw isOfData ? new UploadRefused('broken_gzip') : error
  }
}

async function store(
  token: FeedToken,
  kind: Kind,
  contentType: string,
  body: AsyncIterable<Buffer>,
  now: Date,
): Promise<Received> {
  const mostBytes = env().FEED_UNPACKED_MAX_MB * MEGABYTE
  const files = uploadStore(mostBytes, now)
  let isKept = false
  try {
    if (kind === 'multipart') await readMultipart(body, contentType, files.add)
    else await spooled(body, zip => unpackZip(zip, mostBytes, files.add))
    const upload = files.end()
    for (;;) {
      const runId = await beginRun(token, upload, files.claim, now)
      isKept = runId !== undefined
      // The run of the same files may come to nothing at this very moment.
      const known = runId ?? (await runOf(token, upload.digest))
      if (known !== undefined) return { status: 'accepted', runId: known }
    }
  } catch (error) {
    if (error instanceof UploadRefused)
      return { status: 'refused', runId: await refuseRun(token, error, now) }
    throw error
  } finally {
    if (!isKept) await files.discard()
  }
}

/** The run of an upload that is queued for loading with what was kept of it; undefined: the same files have one. */
function beginRun(
  token: FeedToken,
  { files, ignored, digest }: Upload,
  claim: ReturnType<typeof uploadStore>['claim'],
  now: Date,
): Promise<number | undefined> {
  return database().transaction(async tx => {
    const [added] = await tx
      .insert(feedRuns)
      .values({
        ...rowOf(token, { files, ignoredFiles: ignored }, now),
        status: 'queued',
        uploadDigest: digest,
      })
      .onConflictDoNothing()
      .returning({ id: feedRuns.id })
    if (!added) return undefined
    await claim(tx, added.id)
    await queueLoading(tx, token.billerId)
    return added.id
  })
}

/** Has all that a biller uploaded loaded, in the order in which it came, after maintenance. */
export const queueLoading = (tx: Parameters<typeof enqueue>[0], billerId: number) =>
  enqueue(
    tx,
    'load-feeds',
    { billerId },
    {
      key: `load-feeds ${billerId}`,
      queue: `load-feeds ${billerId}`,
      maxAttempts: TRIES,
      restsInMaintenance: true,
    },
  )

/** The directory of a zip stands at its end: it is read once all of it is there. */
function spooled<Value>(body: AsyncIterable<Buffer>, read: (path: string) => Promise<Value>): Promise<Value> {
  return inUploadFolder(async folder => {
    const zip = path.join(folder, 'upload.zip')
    await fs.writeFile(zip, body, { mode: 0o600 })
    return await read(zip)
  })
}

function rowOf(
  { id: tokenId, billerId, biller }: FeedToken,
  { files, ignoredFiles }: { files: readonly FeedFile[]; ignoredFiles: string[] },
  now: Date,
) {
  const nothing = { rows: 0, added: 0, changed: 0, unchanged: 0, removed: 0, refused: 0, waiting: 0 }
  const report: Partial<FeedReport> = {
    biller,
    files: files.map(file => ({ file, ...nothing, encoding: 'utf-8', broken: null })),
    ignoredFiles,
  }
  return { billerId, tokenId, startedAt: now, slicesDone: 0, report }
}

async function runOf({ billerId }: FeedToken, digest: string): Promise<number | undefined> {
  const [run] = await database()
    .select({ id: feedRuns.id })
    .from(feedRuns)
    .where(and(eq(feedRuns.billerId, billerId), eq(feedRuns.uploadDigest, digest)))
  return run?.id
}

async function refuseRun(token: FeedToken, { reason, file }: UploadRefused, now: Date): Promise<number> {
  const [run] = await database()
    .insert(feedRuns)
    .values({
      ...rowOf(token, { files: [], ignoredFiles: file === null ? [] : [file] }, now),
      status: 'refused',
      refusedFor: reason,
      finishedAt: now,
    })
    .returning({ id: feedRuns.id })
  return run!.id
}

// What is kept of a run in the storage of files: an upload's files and refused rows, in sealed pieces that no node holds whole.
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { feedFilePurposes } from '../../db/enums.ts'
import { feedRunFiles } from '../../db/schema/feed.ts'
import { deleteFile, getFile, newStorageKey, putFile } from '../files/storage.ts'
import { database } from '../platform/database.ts'
import { printable } from '../platform/text.ts'
import { FEED_FILE_NAMES, type FeedFile } from './schema.ts'
import { counted, UploadRefused } from './upload-refused.ts'

export const MOST_FILES = 100
const PIECE_BYTES = 4_000_000
const NAME_SHOWN = 100
/** Fast: it is read once. */
const GZIP = { level: 1 }

const packed = promisify<Buffer, { level: number }, Buffer>(gzip)
const unpacked = promisify<Uint8Array, Buffer>(gunzip)

type Purpose = (typeof feedFilePurposes)[number]

/** Stores a piece; its row is there before it, so that one that no run claims is found. */
export async function keepPiece(
  of: { runId: number | null; purpose: Purpose; file: FeedFile; piece: number },
  bytes: Buffer,
  now: Date,
): Promise<string> {
  const storageKey = newStorageKey()
  await database()
    .insert(feedRunFiles)
    .values({ ...of, storageKey, createdAt: now })
  await putFile(storageKey, await packed(bytes, GZIP))
  return storageKey
}

/** The pieces of a run's file, in their order. Throws where one is missing. */
export async function* readPieces(runId: number, purpose: Purpose, file: FeedFile): AsyncGenerator<Buffer> {
  const pieces = await database()
    .select({ storageKey: feedRunFiles.storageKey })
    .from(feedRunFiles)
    .where(and(eq(feedRunFiles.runId, runId), eq(feedRunFiles.purpose, purpose), eq(feedRunFiles.file, file)))
    .orderBy(asc(feedRunFiles.piece))
  for (const { storageKey } of pieces) {
    const bytes = await getFile(storageKey)
    if (!bytes) throw new UploadRefused('upload_lost')
    yield await unpacked(bytes)
  }
}

/** Which files of the feed are kept of a run. */
export async function listKept(runId: number, purpose: Purpose): Promise<FeedFile[]> {
  const rows = await database()
    .selectDistinct({ file: feedRunFiles.file })
    .from(feedRunFiles)
    .where(and(eq(feedRunFiles.runId, runId), eq(feedRunFiles.purpose, purpose)))
  return FEED_FILE_NAMES.filter(file => rows.some(row => row.file === file))
}

/** Writes an upload's files into a folder, a piece at a time. */
export async function writeFolder(runId: number, folder: string): Promise<void> {
  const files = await listKept(runId, 'upload')
  if (files.length === 0) throw new UploadRefused('upload_lost')
  for (const file of files)
    await fs.writeFile(path.join(folder, `${file}.csv`), readPieces(runId, 'upload', file), { mode: 0o600 })
}

/** Deletes pieces: each file before its row, so that what breaks off is found again. */
export async function deletePieces(keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await deleteFile(key)
    await database().delete(feedRunFiles).where(eq(feedRunFiles.storageKey, key))
  }
}

export async function deleteKept(runId: number, purpose: Purpose): Promise<void> {
  const rows = await database()
    .select({ storageKey: feedRunFiles.storageKey })
    .from(feedRunFiles)
    .where(and(eq(feedRunFiles.runId, runId), eq(feedRunFiles.purpose, purpose)))
  await deletePieces(rows.map(({ storageKey }) => storageKey))
}

/** `files`: those of the feed. `ignored`: names, printable, of what else came. `digest`: of all that came, whatever it came in. */
export type Upload = { files: FeedFile[]; ignored: string[]; digest: string }

/** Takes an upload's files, one after the other, counting what comes of all of them. */
export function uploadStore(mostBytes: number, now: Date) {
  const keys: string[] = []
  const digests = new Map<string, string>()
  const files = new Set<FeedFile>()
  const ignored: string[] = []
  let left = mostBytes

  async function add(name: string, content: AsyncIterable<Buffer>): Promise<void> {
    const called = judgedName(name, digests)
    const file = FEED_FILE_NAMES.find(one => `${one}.csv` === called)
    if (file) files.add(file)
    else ignored.push(printable(name, NAME_SHOWN))
    const digest = createHash('sha256')
    let waiting: Buffer[] = []
    let [piece, bytes] = [0, 0]
    const keep = async () => {
      if (!file) return
      const of = { runId: null, purpose: 'upload', file, piece } as const
      keys.push(await keepPiece(of, Buffer.concat(waiting), now))
      waiting = []
      ;[piece, bytes] = [piece + 1, 0]
    }
    const tooMuch = () => new UploadRefused('too_large_unpacked', printable(name, NAME_SHOWN))
    for await (const some of counted(left, tooMuch)(content)) {
      digest.update(some)
      left -= some.length
      if (!file) continue
      waiting.push(some)
      bytes += some.length
      if (bytes >= PIECE_BYTES) await keep()
    }
    // An empty file is a file too.
    if (bytes > 0 || piece === 0) await keep()
    digests.set(called, digest.digest('hex'))
  }

  return {
    add,
    end(): Upload {
      if (files.size === 0) throw new UploadRefused('no_feed_file')
      const all = [...digests].sort(([one], [other]) => (one < other ? -1 : 1))
      const digest = createHash('sha256').update(JSON.stringify(all)).digest('hex')
      return { files: FEED_FILE_NAMES.filter(file => files.has(file)), ignored, digest }
    },
    /** Gives the pieces to a run, in the transaction that writes it. */
    claim: async (tx: Executor, runId: number) => {
      for (let at = 0; at < keys.length; at += 1000)
        await tx
          .update(feedRunFiles)
          .set({ runId })
          .where(inArray(feedRunFiles.storageKey, keys.slice(at, at + 1000)))
    },
    discard: () => deletePieces(keys),
  }
}

/** The name without regard to case. Throws where it is none that a feed's file may have. */
function judgedName(name: string, known: ReadonlyMap<string, string>): string {
  const shown = printable(name, NAME_SHOWN)
  const called = name.toLowerCase()
  if (/[/\\\0:]/.test(name) || name === '' || name === '.' || name === '..')
    throw new UploadRefused('path_in_name', shown)
  if (/\.(zip|gz|7z|rar|tar|tgz|bz2|xz)$/.test(called)) throw new UploadRefused('zip_in_zip', shown)
  if (known.has(called)) throw new UploadRefused('name_twice', shown)
  if (known.size >= MOST_FILES) throw new UploadRefused('too_many_files')
  return called
}

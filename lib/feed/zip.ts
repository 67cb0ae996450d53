// Unpacks the zip of an upload: all that its directory says is judged first, and nothing that it says is believed after.
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl from 'yauzl'
import { MOST_FILES } from './upload-files.ts'
import { UploadRefused } from './upload-refused.ts'

/** CSV is packed to a tenth, that of zeros to a hundredth. */
const HIGHEST_RATIO = 200
/** Below that a high ratio does no harm. */
const SMALL_BYTES = 10_000_000
const STORED = 0
const DEFLATED = 8

const open = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)

/**
 * Hands each file of the zip at `path` to `onFile`, one after the other. Throws UploadRefused; `mostBytes`: of all files
 * unpacked, as the directory says (`onFile` counts what comes).
 */
export async function unpackZip(
  path: string,
  mostBytes: number,
  onFile: (name: string, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const zip = await open(path, {
    lazyEntries: true,
    strictFileNames: true,
    validateEntrySizes: true,
    autoClose: false,
  }).catch((error: unknown) => {
    throw ofLibrary(error)
  })
  try {
    const entries = await listEntries(zip)
    judge(entries, zip.fileSize, mostBytes)
    for (const entry of entries) await onFile(entry.fileName, contentOf(zip, entry))
  } finally {
    zip.close()
  }
}

/** What the library says of a zip becomes a reason; an error of the system stays what it is. */
function ofLibrary(error: unknown): unknown {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall !== undefined) return error
  return /relative path|absolute path|invalid characters in fileName/.test(error.message)
    ? new UploadRefused('path_in_name')
    : new UploadRefused('not_a_zip')
}

async function listEntries(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  if (zip.entryCount > MOST_FILES) throw new UploadRefused('too_many_files')
  const entries: yauzl.Entry[] = []
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.once('end', resolve)
    zip.once('error', error => reject(ofLibrary(error)))
    zip.readEntry()
  })
  return entries
}

function judge(entries: readonly yauzl.Entry[], zipBytes: number, mostBytes: number): void {
  let packed = 0
  let unpacked = 0
  for (const entry of entries) {
    const { fileName, compressionMethod, compressedSize, uncompressedSize } = entry
    if (entry.isEncrypted()) throw new UploadRefused('encrypted_zip', fileName)
    if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
      throw new UploadRefused('packed_otherwise', fileName)
    packed += compressedSize
    unpacked += uncompressedSize
    if (uncompressedSize > SMALL_BYTES && uncompressedSize > compressedSize * HIGHEST_RATIO)
      throw new UploadRefused('too_compressed', fileName)
  }
  if (unpacked > mostBytes) throw new UploadRefused('too_large_unpacked')
  // Entries that lie over each other unpack the same bytes again and again.
  if (packed > zipBytes) throw new UploadRefused('broken_zip')
}

/** Any other size than the directory's, and what cannot be unpacked, is an error of the stream. */
async function* contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  try {
    const stream = await new Promise<Readable>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    )
    yield* stream as AsyncIterable<Buffer>
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined
      ? new UploadRefused('broken_zip', entry.fileName)
      : error
  }
}

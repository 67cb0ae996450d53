// Where uploaded files are kept: put, get and delete by key, on local disk or S3-compatible, sealed. No path leaves this
// file.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Disk, errors } from 'flydrive'
import { FSDriver } from 'flydrive/drivers/fs'
import { BUSY, causes, isUnavailable } from '../../db/errors.ts'
import { answering } from '../platform/answering.ts'
import { env } from '../platform/env.ts'
import { isSealedNow, openStored, sealBytes } from '../platform/seal.ts'

let disk: Promise<Disk> | undefined

const storage = (): Promise<Disk> => {
  disk ??= openDisk()
  return disk
}

/** The folder of STORAGE=disk, made where it is missing. */
export async function makeFolder(): Promise<string> {
  const location = path.resolve(env().DATA_DIR, 'documents')
  await mkdir(location, { recursive: true, mode: 0o700 })
  return location
}

async function openDisk(): Promise<Disk> {
  const settings = env()
  if (settings.STORAGE === 'disk') {
    const location = await makeFolder()
    return new Disk(new FSDriver({ location, visibility: 'private' }))
  }
  // Only here: Amazon's library is large, and a portal that keeps files on disk never loads it.
  const { S3Driver } = await import('flydrive/drivers/s3')
  return new Disk(
    new S3Driver({
      endpoint: settings.S3_ENDPOINT!,
      region: settings.S3_REGION!,
      bucket: settings.S3_BUCKET!,
      credentials: {
        accessKeyId: settings.S3_ACCESS_KEY_ID!,
        secretAccessKey: settings.S3_SECRET_ACCESS_KEY!,
      },
      // What every S3-compatible service understands: the bucket in the path, no newer checksums, no access lists.
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      supportsACL: false,
      visibility: 'private',
    }),
  )
}

/** Random, and says nothing of the file. Two characters before the slash keep folders small on disk. */
export function newStorageKey(): string {
  const key = randomBytes(16).toString('hex')
  return `${key.slice(0, 2)}/${key}`
}

const KEY = /^[0-9a-f]{2}\/[0-9a-f]{32}$/

function checked(key: string): string {
  if (!KEY.test(key)) throw new Error('This is no key of the storage.')
  return key
}

/** Before every sealed file. One of before this was so begins as a PDF or picture does. */
const SEALED = Buffer.from('drita-sealed-1\n')
const PURPOSE = 'stored files'

/**
 * Stores a file under a key of `newStorageKey()`, sealed for that key with AUTH_SECRET. Where that fails, nothing of it
 * stays.
 */
export async function putFile(key: string, bytes: Uint8Array): Promise<void> {
  const sealed = Buffer.concat([SEALED, sealBytes(bytes, PURPOSE, checked(key))])
  const disk = await storage()
  try {
    await disk.put(key, sealed, { contentType: 'application/octet-stream' })
  } catch (error) {
    // A full disk holds half of it.
    await disk.delete(key).catch(() => {})
    throw noted(error)
  }
}

/** The file; undefined where there is none under this key. Throws where it does not open; the log says why. */
export async function getFile(key: string): Promise<Uint8Array | undefined> {
  const stored = await getStored(checked(key))
  if (!stored || !SEALED.equals(stored.subarray(0, SEALED.length))) return stored
  const bytes = openStored(stored.subarray(SEALED.length), PURPOSE, key)
  if (!bytes) throw new Error('A stored file does not open.')
  return bytes
}

/** Whether the file is sealed under AUTH_SECRET as it is now; also true where there is none. */
export async function isFileSealedNow(key: string): Promise<boolean> {
  const stored = await getStored(checked(key))
  if (!stored) return true
  return SEALED.equals(stored.subarray(0, SEALED.length)) && isSealedNow(stored.subarray(SEALED.length))
}

async function getStored(key: string): Promise<Uint8Array | undefined> {
  try {
    return await (await storage()).getBytes(key)
  } catch (error) {
    if (error instanceof errors.E_CANNOT_READ_FILE && isMissing(error.cause)) return undefined
    throw noted(error)
  }
}

const isMissing = (cause: unknown): boolean => {
  const { code, name } = cause as { code?: string; name?: string }
  return code === 'ENOENT' || name === 'NoSuchKey' || name === 'NotFound'
}

/** The two characters with which keys begin, before the slash. */
export const KEY_FOLDERS = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'))

/** Keys of all files in one of these folders; what else lies there is left out. */
export async function listKeys(folder: string): Promise<string[]> {
  const disk = await storage()
  const keys: string[] = []
  for (let from: string | undefined; ; ) {
    const page = await disk.listAll(folder, { paginationToken: from }).catch((error: unknown) => {
      // On disk a folder is made with its first file.
      if (isMissing((error as Error).cause)) return { objects: [], paginationToken: undefined }
      throw error
    })
    for (const one of page.objects) if (one.isFile && KEY.test(one.key)) keys.push(one.key)
    if (!page.paginationToken) return keys
    from = page.paginationToken
  }
}

/** Where the service is gone, or fails itself, whoever waits is told to come again, as where the database is gone. */
function noted(error: unknown): unknown {
  const answer = answering.getStore()
  if (answer && isOutage(error)) {
    answer.unavailable = true
    Object.assign(error as Error, { digest: BUSY })
  }
  return error
}

const isOutage = (error: unknown): boolean =>
  isUnavailable(error) ||
  causes(error).some(one => {
    const { $metadata } = one as { $metadata?: { httpStatusCode?: number } }
    return one.name === 'TimeoutError' || ($metadata?.httpStatusCode ?? 0) >= 500
  })

/** Deletes the file; one that is not there is no error. */
export async function deleteFile(key: string): Promise<void> {
  await (await storage()).delete(checked(key))
}

// The storage: on disk, and through an S3-compatible service on a socket.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answering } from '../../lib/platform/answering.ts'
import { pdf } from '../support/files.ts'
import { type S3Double, startS3Double } from '../support/s3-double.ts'

const bytes = Buffer.from([0, 255, 1, 254])
let folder: string
let s3: S3Double

/** The storage as a process with these settings has it. */
async function storageWith(settings: Record<string, string>) {
  vi.resetModules()
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  return import('../../lib/files/storage.ts')
}

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-storage-'))
  s3 = await startS3Double('KEYID')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  fs.rmSync(folder, { recursive: true })
  await s3.stop()
})

const onDisk = () => storageWith({ DATA_DIR: folder })
const onS3 = () =>
  storageWith({
    DATA_DIR: folder,
    STORAGE: 's3',
    S3_ENDPOINT: s3.url,
    S3_BUCKET: 'documents',
    S3_REGION: 'eu-central-1',
    S3_ACCESS_KEY_ID: 'KEYID',
    S3_SECRET_ACCESS_KEY: 'a secret',
  })

const secret = Buffer.from('letërnjoftim '.repeat(20))
/** What lies in the storage, without the portal. */
const readStored = (key: string): Buffer =>
  s3.objects.get(`documents/${key}`)?.bytes ?? fs.readFileSync(path.join(folder, 'documents', key))
function writeStored(key: string, content: Buffer): void {
  s3.objects.set(`documents/${key}`, { bytes: content, type: undefined })
  const file = path.join(folder, 'documents', key)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
}

describe.each([
  ['disk', onDisk],
  ['s3', onS3],
])('%s', (_, open) => {
  it('lists the keys of a folder, all pages of them, and nothing else that lies there', async () => {
    const storage = await open()
    const keys = ['01', '02', '03'].map(end => `ab/ab${end.padStart(30, '0')}`)
    for (const key of [...keys, `ac/ac${'0'.repeat(30)}`]) await storage.putFile(key, bytes)
    writeStored('ab/notes.txt', Buffer.from('not ours'))
    expect((await storage.listKeys('ab')).sort()).toEqual(keys)
    expect(await storage.listKeys('ff')).toEqual([])
  })

  it('gives back what was put, and nothing after it was deleted', async () => {
    const storage = await open()
    const key = storage.newStorageKey()
    await storage.putFile(key, bytes)
    expect(Buffer.from((await storage.getFile(key))!)).toEqual(bytes)
    await storage.deleteFile(key)
    expect(await storage.getFile(key)).toBeUndefined()
    await storage.deleteFile(key)
  })

  it('keeps what nobody can read or exchange without the secret', async () => {
    const storage = await open()
    const [key, other] = [storage.newStorageKey(), storage.newStorageKey()]
    await storage.putFile(key, secret)
    const stored = readStored(key)
    expect(stored.subarray(0, 15).toString()).toBe('drita-sealed-1\n')
    expect(stored.includes('letërnjoftim')).toBe(false)
    expect(stored.length).toBe(secret.length + 15 + 35)
    writeStored(other, stored)
    await expect(storage.getFile(other)).rejects.toThrow('does not open')
    writeStored(key, Buffer.concat([stored.subarray(0, -1), Buffer.from([stored.at(-1)! ^ 1])]))
    await expect(storage.getFile(key)).rejects.toThrow('does not open')
    vi.stubEnv('AUTH_SECRET', 'another-secret-of-the-tests-0123456789')
    writeStored(key, stored)
    await expect((await open()).getFile(key)).rejects.toThrow('does not open')
  })

  it('opens what was stored before files were sealed', async () => {
    const storage = await open()
    const key = storage.newStorageKey()
    writeStored(key, pdf)
    expect(Buffer.from((await storage.getFile(key))!)).toEqual(pdf)
  })

  it('has nothing under a key that was never used', async () => {
    const storage = await open()
    expect(await storage.getFile(storage.newStorageKey())).toBeUndefined()
  })

  it.each(['../secret', '/etc/passwd', 'ab/../../x', '', 'AB/cd'])(
    'takes no key but its own: %s',
    async key => {
      const storage = await open()
      await expect(storage.getFile(key)).rejects.toThrow('no key')
      await expect(storage.putFile(key, bytes)).rejects.toThrow('no key')
      await expect(storage.deleteFile(key)).rejects.toThrow('no key')
    },
  )
})

it('on disk, everything lies in a folder that nobody else may enter', async () => {
  const storage = await onDisk()
  await storage.putFile(storage.newStorageKey(), bytes)
  expect(fs.readdirSync(folder)).toEqual(['documents'])
  expect(fs.statSync(path.join(folder, 'documents')).mode & 0o777).toBe(0o700)
})

it('in S3, requests are signed and objects lie in the bucket', async () => {
  const storage = await onS3()
  const key = storage.newStorageKey()
  await storage.putFile(key, bytes)
  expect([...s3.objects.keys()]).toEqual([`documents/${key}`])
  expect(s3.requests).toEqual([{ method: 'PUT', path: `/documents/${key}`, signedBy: 'KEYID' }])
  expect(fs.readdirSync(folder)).toEqual([])
})

it('on a full disk nothing stays of a file', async () => {
  const storage = await onDisk()
  const key = storage.newStorageKey()
  const file = path.join(folder, 'documents', key)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.symlinkSync('/dev/full', file)
  await expect(storage.putFile(key, bytes)).rejects.toMatchObject({ cause: { code: 'ENOSPC' } })
  expect(fs.readdirSync(path.dirname(file))).toEqual([])
})

it('in S3, a service that is down is an error, not a missing file', async () => {
  const storage = await onS3()
  s3.failWith(500)
  await expect(storage.getFile(storage.newStorageKey())).rejects.toThrow()
})

it.each([
  ['gone', () => s3.kill()],
  ['failing', () => s3.failWith(503)],
])('in S3, whoever waits for a service that is %s is told to come again', async (_, end) => {
  const storage = await onS3()
  await end()
  for (const ask of [storage.getFile, (key: string) => storage.putFile(key, bytes)]) {
    const answer = { unreadable: false, unavailable: false }
    await answering.run(answer, () => expect(ask(storage.newStorageKey())).rejects.toThrow())
    expect(answer.unavailable).toBe(true)
  }
})

it('needs every setting of S3, and says which is missing', async () => {
  const { parseEnv } = await import('../../lib/platform/env.ts')
  const given = { APP_URL: 'http://localhost', AUTH_SECRET: 'x'.repeat(32), DEMO: '1', STORAGE: 's3' }
  expect(() => parseEnv(given)).toThrow(
    'The settings S3_ENDPOINT, S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are missing.',
  )
  expect(() => parseEnv({ ...given, STORAGE: 'tape' })).toThrow('STORAGE is neither disk nor s3')
})

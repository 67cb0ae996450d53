// Uploads that mean harm, or were made wrongly: each is refused with its reason, soon and with little memory.
import fs from 'node:fs'
import { constants, gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadUploads } from '../../lib/feed/jobs.ts'
import { getRunOfToken } from '../../lib/feed/queries.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { BOUNDARY, MULTIPART, multipartOf, send, tokenOf } from '../support/feed-uploads.ts'
import { csvOf } from '../support/feeds.ts'
import { filesIn, uploadsFolder } from '../support/uploads-folder.ts'
import { type ZipEntry, zipOf } from '../support/zip.ts'

process.env.FEED_UPLOAD_MAX_MB = '20'
process.env.FEED_UNPACKED_MAX_MB = '60'
const folder = uploadsFolder()
const db = await testDatabase()
const now = new Date('2026-11-27T10:00:00Z')
const token = await tokenOf('oshee', now)
beforeEach(() => deleteRows(db, 'rate_limits'))

const CONTRACTS = csvOf('contracts', [{ code: 'AL0000001', category: 'household' }])
const contracts = { name: 'contracts.csv', content: CONTRACTS }

/** How long something took, and by how many megabytes the process was larger meanwhile, at most. */
async function measured<Value>(work: () => Promise<Value>) {
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  const began = performance.now()
  const value = await work()
  clearInterval(watch)
  return { value, ms: performance.now() - began, megabytes: (most - before) / 1e6 }
}

const TIME_MS = 3000
const MEMORY_MB = 150

const ZEROS = Buffer.alloc(50_000_000)
const many = (count: number): ZipEntry[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${i}.csv`, content: '' }))

const ZIPS: [string, () => Buffer, string][] = [
  ['a bomb of zeros', () => zipOf([{ name: 'invoices.csv', content: ZEROS }]), 'too_compressed'],
  [
    'a bomb that says it is small',
    () => zipOf([{ name: 'invoices.csv', content: ZEROS, says: { bytes: 1000 } }]),
    'broken_zip',
  ],
  [
    'ten GB in small measure',
    () => zipOf([{ name: 'invoices.csv', content: 'x', says: { bytes: 4_294_967_000 } }]),
    'too_compressed',
  ],
  [
    'files that are larger together than may be',
    () =>
      zipOf(
        ['contracts.csv', 'invoices.csv'].map(name => ({
          name,
          content: 'x',
          says: { bytes: 40_000_000, packed: Buffer.alloc(400_000, 1) },
        })),
      ),
    'too_large_unpacked',
  ],
  ['a path upwards', () => zipOf([{ ...contracts, name: '../contracts.csv' }]), 'path_in_name'],
  ['a path of Windows', () => zipOf([{ ...contracts, name: '..\\contracts.csv' }]), 'path_in_name'],
  ['a path from the root', () => zipOf([{ ...contracts, name: '/etc/contracts.csv' }]), 'path_in_name'],
  ['a folder', () => zipOf([{ ...contracts, name: 'feed/contracts.csv' }]), 'path_in_name'],
  ['a NUL in a name', () => zipOf([{ ...contracts, name: 'contracts.csv\0.exe' }]), 'path_in_name'],
  ['20,000 files', () => zipOf(many(20_000)), 'too_many_files'],
  ['a password', () => zipOf([{ ...contracts, says: { flags: 0x801 } }]), 'encrypted_zip'],
  ['another method', () => zipOf([{ ...contracts, says: { method: 14 } }]), 'packed_otherwise'],
  ['a zip in the zip', () => zipOf([{ name: 'all.zip', content: zipOf([contracts]) }]), 'zip_in_zip'],
  ['one name twice', () => zipOf([contracts, { ...contracts, name: 'Contracts.CSV' }]), 'name_twice'],
  ['no file of a feed', () => zipOf([{ name: 'faturat.csv', content: CONTRACTS }]), 'no_feed_file'],
  ['half a zip', () => zipOf([contracts]).subarray(0, 60), 'not_a_zip'],
  ['no zip', () => Buffer.from(CONTRACTS), 'not_a_zip'],
  ['nothing', () => Buffer.alloc(0), 'not_a_zip'],
  [
    'what cannot be unpacked',
    () => zipOf([{ ...contracts, says: { packed: Buffer.alloc(100, 0xff) } }]),
    'broken_zip',
  ],
]

/** Whatever is refused leaves nothing. */
afterEach(() => expect(filesIn(folder)).toEqual([]))

test.each(ZIPS)('a zip of %s is refused, and its reason is told', async (_, make, reason) => {
  const body = make()
  const { value, ms, megabytes } = await measured(() => send(token, body, now))
  if (process.env.SHOW) console.log(_, body.length, Math.round(ms), Math.round(megabytes))
  if (value.status !== 'refused') throw new Error(JSON.stringify(value))
  expect(await getRunOfToken(token, value.runId)).toMatchObject({ state: 'refused', reason, files: [] })
  expect(ms).toBeLessThan(TIME_MS)
  expect(megabytes).toBeLessThan(MEMORY_MB)
})

const part = (name: string, content: string) => ({ name, content })
const MULTIPARTS: [string, () => Buffer, string][] = [
  ['a path', () => multipartOf([part('../contracts.csv', CONTRACTS)]), 'path_in_name'],
  ['no end', () => multipartOf([contracts]).subarray(0, -10), 'broken_multipart'],
  ['an end in the middle', () => multipartOf([contracts]).subarray(0, 150), 'broken_multipart'],
  ['no parts', () => Buffer.from('what is this'), 'broken_multipart'],
  ['no files', () => Buffer.from(`--${BOUNDARY}--\r\n`), 'no_feed_file'],
  [
    '101 files',
    () => multipartOf(Array.from({ length: 101 }, (_, i) => part(`${i}.csv`, ''))),
    'too_many_files',
  ],
]

test.each(MULTIPARTS)('a multipart body with %s is refused', async (_, make, reason) => {
  const received = await send(token, make(), now, { 'content-type': MULTIPART })
  if (received.status !== 'refused') throw new Error(JSON.stringify(received))
  expect(await getRunOfToken(token, received.runId)).toMatchObject({ state: 'refused', reason })
})

test('a multipart body without a boundary, and a gzip that is none, are refused', async () => {
  const bodies: [Buffer, Record<string, string>, string][] = [
    [multipartOf([contracts]), { 'content-type': 'multipart/form-data' }, 'broken_multipart'],
    [zipOf([contracts]), { 'content-encoding': 'gzip' }, 'broken_gzip'],
    [gzipSync(zipOf([contracts])).subarray(0, 100), { 'content-encoding': 'gzip' }, 'broken_gzip'],
  ]
  for (const [body, headers, reason] of bodies) {
    const received = await send(token, body, now, headers)
    if (received.status !== 'refused') throw new Error(JSON.stringify(received))
    expect(await getRunOfToken(token, received.runId)).toMatchObject({ reason })
  }
})

test('a gzip that breaks off ends no process, whenever its end is noticed', async () => {
  const body = gzipSync(zipOf([contracts])).subarray(0, 100)
  // An error that nobody listened to would fail the whole run of the tests.
  for (let round = 0; round < 20; round += 1)
    expect(await send(token, body, now, { 'content-encoding': 'gzip' })).toMatchObject({ status: 'refused' })
})

test('what is too long is read no further, however it comes', async () => {
  expect(await send(token, zipOf([contracts]), now, { 'content-length': '10000000000' })).toEqual({
    status: 'tooLarge',
  })
  let sent = 0
  function* endless() {
    for (;;) {
      sent += 1
      yield Buffer.alloc(1_000_000)
    }
  }
  const { value, ms, megabytes } = await measured(() => send(token, endless(), now))
  expect(value).toEqual({ status: 'tooLarge' })
  expect(sent).toBeLessThan(30)
  expect(ms).toBeLessThan(TIME_MS)
  expect(megabytes).toBeLessThan(MEMORY_MB)
})

test('what is small and gets long as its gzip is unpacked is read no further', async () => {
  const body = gzipSync(Buffer.alloc(500_000_000), { level: 1, strategy: constants.Z_RLE })
  const { value, ms, megabytes } = await measured(() =>
    send(token, body, now, { 'content-encoding': 'gzip' }),
  )
  expect(value).toEqual({ status: 'tooLarge' })
  expect(ms).toBeLessThan(TIME_MS)
  expect(megabytes).toBeLessThan(MEMORY_MB)
})

test('a large feed passes with little memory', async () => {
  const line = `${'x'.repeat(99)}\n`
  function* parts() {
    yield multipartOf([{ name: 'contracts.csv', content: `code\n` }]).subarray(
      0,
      -`\r\n--${BOUNDARY}--\r\n`.length,
    )
    for (let i = 0; i < 150; i++) yield Buffer.from(line.repeat(1000))
    yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
  }
  const { value, megabytes } = await measured(() => send(token, parts(), now, { 'content-type': MULTIPART }))
  expect(value.status).toBe('accepted')
  expect(megabytes).toBeLessThan(MEMORY_MB)
  await loadUploads({ billerId: 1 })
})

test('files that no feed has are refused whole, and rows of hostile cells one by one', async () => {
  const header = CONTRACTS.split('\n')[0]!
  const bodies: [string, string, unknown][] = [
    ['a million columns', `${'a,'.repeat(1_000_000)}a\n`, { reason: 'row_too_long' }],
    ['400,000 columns', `${header}${',x'.repeat(400_000)}\n`, { reason: 'unknown_column' }],
    ['a zip under its name', zipOf([contracts]).toString('latin1'), { reason: 'workbook' }],
    ['NUL', `\0${CONTRACTS}`, { reason: 'utf16' }],
  ]
  for (const [name, content, broken] of bodies) {
    const { value, ms, megabytes } = await measured(async () => {
      const received = await send(
        token,
        zipOf([
          { name: 'contracts.csv', content },
          { name, content: '' },
        ]),
        now,
      )
      await loadUploads({ billerId: 1 })
      return received
    })
    if (value.status !== 'accepted') throw new Error(JSON.stringify(value))
    expect(await getRunOfToken(token, value.runId)).toMatchObject({ state: 'refused', files: [{ broken }] })
    expect(ms, name).toBeLessThan(TIME_MS)
    expect(megabytes, name).toBeLessThan(MEMORY_MB)
  }
  const rows = csvOf('contracts', [
    { code: 'AL0000001', category: 'household', address: "=cmd|' /C calc'!A0" },
    { code: 'AL0000002', category: 'household', zone: 'a\0b' },
    { code: 'DPR-6687', category: 'household' },
  ])
  const received = await send(token, zipOf([{ name: 'contracts.csv', content: rows }]), now)
  await loadUploads({ billerId: 1 })
  if (received.status !== 'accepted') throw new Error(JSON.stringify(received))
  expect(await getRunOfToken(token, received.runId)).toMatchObject({
    state: 'partly',
    refusals: [
      { line: 3, column: 'zone', reason: 'forbidden_character' },
      { line: 4, column: 'code', reason: 'not_a_contract_code' },
    ],
  })
  const { rows: stored } = await db.execute(sql`select address from contracts`)
  expect(stored).toEqual([{ address: "=cmd|' /C calc'!A0" }])
  await db.execute(sql`delete from feed_run_files`)
  for (const file of filesIn(folder)) fs.rmSync(file)
})

test('other types and encodings are none of a feed’s, and too many feeds at once or in an hour wait', async () => {
  const body = zipOf([contracts])
  expect(await send(token, body, now, { 'content-type': 'text/csv' })).toEqual({ status: 'unknownType' })
  expect(await send(token, body, now, { 'content-encoding': 'br' })).toEqual({ status: 'unknownEncoding' })
  const wrong = Buffer.from('no zip')
  const atOnce = await Promise.all([1, 2, 3].map(() => send(token, wrong, now)))
  expect(atOnce.map(({ status }) => status).sort()).toEqual(['limited', 'refused', 'refused'])
  for (let sent = 2; sent < 60; sent++) await send(token, wrong, now)
  const limited = await send(token, wrong, now)
  expect(limited).toMatchObject({ status: 'limited' })
})

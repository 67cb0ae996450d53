// `npm run feed` as a person calls it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { emptyTables, feedFolder, fullDump, sampleFolder, sampleRows } from '../support/feeds.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

const program = path.join(import.meta.dirname, '../../bin/feed.ts')

function start(...words: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...words])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }))
  return { child, ended }
}

test('loads, prints the counts, ends with 0', async () => {
  const { code, output } = await start('--biller', 'oshee', sampleFolder('oshee')).ended
  expect(code).toBe(0)
  expect(output).toMatch(/^invoices\.csv +52 +52 +0 +0 +0 +0$/m)
  expect(output).toMatch(/^payments\.csv +46 +46 +0 +0 +0 +0$/m)
})

test('says what is refused and writes it to a file; with --strict loads nothing and ends with 1', async () => {
  const rows = sampleRows('oshee')
  rows.invoices[1] = { ...rows.invoices[1]!, due_on: '2024-02-30' }
  const folder = feedFolder({ contracts: rows.contracts, invoices: rows.invoices })
  const before = await fullDump(db)
  const strict = await start('--biller', 'oshee', folder, '--strict').ended
  expect(strict.code).toBe(1)
  expect(strict.output).toContain('invoices.csv line 3, due_on: this is no date that exists (YYYY-MM-DD)')
  expect(strict.output).toContain('Nothing was loaded.')
  expect(await fullDump(db)).toEqual(before)

  const file = path.join(folder, 'refused.txt')
  const { code, output } = await start('--biller', 'oshee', folder, '--refusals', file).ended
  expect(code).toBe(0)
  expect(output).toMatch(/^invoices\.csv +52 +51 +0 +0 +0 +1$/m)
  expect(fs.readFileSync(file, 'utf8')).toBe('file,line,column,reason\ninvoices.csv,3,due_on,not_a_date\n')
})

test('called wrongly, it explains itself and ends with 2', async () => {
  const calls = [[], ['--biller', 'nobody', '.'], ['--biller', 'oshee', '/nowhere'], ['--what']]
  for (const { code, output } of await Promise.all(calls.map(words => start(...words).ended))) {
    expect(code).toBe(2)
    expect(output).toContain('Usage: npm run feed -- --biller CODE FOLDER')
  }
})

/** Waits until the feed waits for a lock. */
const feedWaits = () =>
  expect
    .poll(
      async () => {
        const waiting = await db.execute(sql`select from pg_stat_activity where datname = current_database()
          and application_name = 'drita-feed' and wait_event_type = 'Lock'`)
        return waiting.rowCount
      },
      { timeout: 15_000 },
    )
    .toBe(1)

test('Ctrl-C stops it with nothing changed', async () => {
  await db.transaction(async tx => {
    // Another feed of this biller is under way: ours waits for it.
    await tx.execute(sql`select pg_advisory_xact_lock(7274821, 1)`)
    const { child, ended } = start('--biller', 'oshee', sampleFolder('oshee'))
    await feedWaits()
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 1, output: expect.stringContaining('Stopped; nothing was changed.') })
  })
  expect((await db.execute(sql`select id from contracts`)).rows).toEqual([])
})

test('Ctrl-C in the middle says how far it is, and the same command goes on', async () => {
  const codes = Array.from({ length: 20_001 }, (_, n) => `AL${String(n + 1).padStart(7, '0')}`)
  const last = codes.at(-1)!
  const folder = feedFolder({ contracts: codes.map(code => ({ code, category: 'household' })) })
  await db.execute(sql`insert into contracts (biller_id, code, category) values (1, ${last}, 'public')`)
  await db.transaction(async tx => {
    await tx.execute(sql`select from contracts where code = ${last} for no key update`)
    const { child, ended } = start('--biller', 'oshee', folder)
    await feedWaits()
    child.kill('SIGINT')
    const sentence = 'Stopped. 1 of 2 parts are loaded. The same command goes on from there.'
    expect(await ended).toEqual({ code: 1, output: expect.stringContaining(sentence) })
  })
  const { code, output } = await start('--biller', 'oshee', folder).ended
  expect(code).toBe(0)
  expect(output).toMatch(/^contracts\.csv +20001 +20000 +1 +0 +0 +0$/m)
})

// `npm run feed` as a person calls it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import {
  csvOf,
  emptyTables,
  feedFolder,
  folderOf,
  fullDump,
  sampleFolder,
  sampleRows,
} from '../support/feeds.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

const program = path.join(import.meta.dirname, '../../bin/feed.ts')

function start(...words: string[]) {
  const child = spawn(process.execPath, [program, ...words])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }))
  return { child, ended }
}

test('loads, prints the counts and a sentence, ends with 0; so it does where nothing is new', async () => {
  const first = await start('--biller', 'oshee', sampleFolder('oshee')).ended
  expect(first.code).toBe(0)
  expect(first.output).toMatch(/^invoices\.csv +65 +65 +0 +0 +0 +0$/m)
  expect(first.output).toMatch(/^payments\.csv +56 +56 +0 +0 +0 +0$/m)
  expect(first.output).toMatch(/^Loaded\.$/m)
  // No terminal: lines, without the characters that draw a bar.
  expect(first.output).toMatch(/^Starting +0 %$/m)
  expect(first.output).toMatch(/^Done +100 %$/m)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
  expect(first.output).not.toMatch(/\u001b|\r|█/)

  const again = await start('--biller', 'oshee', sampleFolder('oshee')).ended
  expect([again.code, again.output]).toEqual([0, expect.stringMatching(/^Loaded\.$/m)])
})

test('loads with refusals and ends with 3; --strict loads nothing and ends with 1', async () => {
  const rows = sampleRows('oshee')
  rows.invoices[1] = { ...rows.invoices[1]!, due_on: '2024-02-30' }
  const folder = feedFolder({ contracts: rows.contracts, invoices: rows.invoices })
  const before = await fullDump(db)
  const strict = await start('--biller', 'oshee', folder, '--strict').ended
  expect(strict.code).toBe(1)
  const { number } = rows.invoices[1]!
  expect(strict.output).toContain(
    `invoices.csv line 3 (${number}), due_on "2024-02-30": this is no date that exists (YYYY-MM-DD)`,
  )
  expect(strict.output).toContain('Nothing was loaded: 1 row refused (--strict).')
  expect(await fullDump(db)).toEqual(before)

  const { code, output } = await start('--biller', 'oshee', folder).ended
  expect(code).toBe(3)
  expect(output).toMatch(/^invoices\.csv +65 +64 +0 +0 +0 +1$/m)
  expect(output).toContain('Loaded, but 1 row refused.')
})

test.runIf(process.env.DEEP)('where nothing is left to load it says so and ends with 1', async () => {
  const contracts = [{ code: 'AL0000001', category: 'villa' }]
  const refused = await start('--biller', 'oshee', feedFolder({ contracts })).ended
  expect([refused.code, refused.output]).toEqual([
    1,
    expect.stringContaining('Nothing was loaded: 1 row refused.'),
  ])
  const broken = await start('--biller', 'oshee', folderOf({ 'contracts.csv': 'code\n' })).ended
  expect([broken.code, broken.output]).toEqual([
    1,
    expect.stringContaining('Nothing was loaded: 1 file refused.'),
  ])
  const empty = await start('--biller', 'oshee', folderOf({ 'fatura.csv': 'x', 'lexo.txt': 'x' })).ended
  expect(empty.code).toBe(1)
  expect(empty.output).toContain(
    "holds none of a feed's files (contracts.csv, invoices.csv, invoice_lines.csv, payments.csv, readings.csv, disconnections.csv, outages.csv). It holds fatura.csv, lexo.txt.",
  )
})

test.runIf(process.env.DEEP)(
  'refused rows are written as they stand, mended in place and loaded from there',
  async () => {
    const header = csvOf('invoices', []).trim()
    const invoice = (number: string, due: string) =>
      `${number},AL0000001,2024-01,,,2024-01-31,${due},,,,,456.00,100.00,556.00,`
    const folder = folderOf({
      'contracts.csv': csvOf('contracts', [
        { code: 'AL0000001', category: 'household' },
        { code: 'AL0000002', category: '=villa', address: 'Rruga "A", kati 2' },
      ]),
      'invoices.csv': `${header}\n${invoice('I1', '2024-02-29')}\n${invoice('I2', '31.01.2024')}\n${invoice('I3', '2024-02-29')},\n`,
    })
    const refused = path.join(folder, 'refused')
    const { code, output } = await start('--biller', 'oshee', folder, '--refusals', refused).ended
    expect(code).toBe(3)
    expect(output).toContain(
      `The refused rows are in ${refused}: contracts.csv (1 row), invoices.csv (2 rows). Mend them there and load that folder.`,
    )
    const read = (name: string) => fs.readFileSync(path.join(refused, name), 'utf8')
    expect(read('contracts.csv').split('\r\n')).toEqual([
      `\uFEFFrefused_line,refused_column,refused_reason,${csvOf('contracts', []).trim()}`,
      '3,category,this value is none of those allowed,AL0000002,,,,,,,=villa,,,,"Rruga ""A"", kati 2",,,,,,,,,',
      '',
    ])
    expect(read('invoices.csv').split('\r\n').slice(1)).toEqual([
      `3,due_on,this is no date that exists (YYYY-MM-DD),${invoice('I2', '31.01.2024')}`,
      `4,,the row has another number of columns than the header,${invoice('I3', '2024-02-29')},`,
      '',
    ])
    // Not over what may not have been sent yet, nor over the feed itself.
    for (const taken of [refused, folder]) {
      const wrong = await start('--biller', 'oshee', folder, '--refusals', taken).ended
      expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('is no empty folder')])
    }

    fs.writeFileSync(
      path.join(refused, 'invoices.csv'),
      read('invoices.csv').replace('31.01.2024', '2024-02-29').replace('556.00,,', '556.00,'),
    )
    fs.writeFileSync(
      path.join(refused, 'contracts.csv'),
      read('contracts.csv').replace('=villa', 'household'),
    )
    const mended = await start('--biller', 'oshee', refused).ended
    expect([mended.code, mended.output]).toEqual([0, expect.stringMatching(/^invoices\.csv +2 +2 +0/m)])
    const { rows } = await db.execute(sql`select code, address from contracts where code = 'AL0000002'`)
    expect(rows).toEqual([{ code: 'AL0000002', address: 'Rruga "A", kati 2' }])
  },
)

test('called wrongly, it explains itself and ends with 2', async () => {
  const few = [['--biller', 'oshee', '/nowhere'], ['--what']]
  const calls = process.env.DEEP ? [...few, [], ['--biller', 'nobody', '.']] : few
  for (const { code, output } of await Promise.all(calls.map(words => start(...words).ended))) {
    expect(code).toBe(2)
    expect(output).toContain('Usage: npm run feed -- --biller CODE FOLDER')
  }
})

test.runIf(process.env.DEEP)('what it was called with steers no terminal', async () => {
  const name = 'a\u001b]0;x\u0007\u202eb\nc'
  const empty = path.join(folderOf({}), name)
  fs.mkdirSync(empty)
  const feed = path.join(folderOf({}), name)
  fs.cpSync(sampleFolder('oshee'), feed, { recursive: true })
  const sent = await Promise.all(
    [
      ['--biller', name, '.'],
      [`--${name}`],
      ['--biller', 'oshee', `/nowhere/${name}`],
      ['--biller', 'oshee', empty],
      ['--biller', 'oshee', sampleFolder('oshee'), '--refusals', feed],
      ['--biller', 'oshee', feed, '--refusals', path.join(empty, 'refused')],
    ].map(words => start(...words).ended),
  )
  for (const { output } of sent) {
    expect(output).toContain('a<U+001B>]0;x<U+0007><U+202E>b')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
    expect(output).not.toMatch(/[\u001b\u0007\u202e]/)
  }
  expect(sent.map(({ code }) => code)).toEqual([2, 2, 2, 1, 2, 0])
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

test.runIf(process.env.DEEP)('Ctrl-C stops it with nothing changed', async () => {
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

test.runIf(process.env.DEEP)(
  'Ctrl-C in the middle says how far it is, and the same command goes on',
  async () => {
    const codes = Array.from({ length: 20_001 }, (_, n) => `AL${String(n + 1).padStart(7, '0')}`)
    const last = codes.at(-1)!
    const folder = feedFolder({ contracts: codes.map(code => ({ code, category: 'household' })) })
    await db.execute(sql`insert into contracts (biller_id, code, category) values (1, ${last}, 'public')`)
    await db.transaction(async tx => {
      await tx.execute(sql`select from contracts where code = ${last} for no key update`)
      const { child, ended } = start('--biller', 'oshee', folder)
      await feedWaits()
      child.kill('SIGINT')
      const sentence = 'Stopped. 1 of 2 parts are loaded. The same command loads the rest.'
      expect(await ended).toEqual({ code: 1, output: expect.stringContaining(sentence) })
    })
    const { code, output } = await start('--biller', 'oshee', folder).ended
    expect(code).toBe(0)
    expect(output).toMatch(/^contracts\.csv +20001 +20000 +1 +0 +0 +0$/m)
  },
)

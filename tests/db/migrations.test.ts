// Migrations beside somebody who is in the way.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { migrateDatabase } from '../../db/migrate.ts'
import { testDatabase } from '../support/database.ts'
import { connect } from '../support/postgres.ts'

const db = await testDatabase()
const url = process.env.DATABASE_URL!
const other = await connect(url, 'somebody')
afterAll(() => other.end())

/** A folder of migrations, newer than all there are. */
function folderOf(migrations: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-migrations-'))
  fs.mkdirSync(path.join(folder, 'meta'))
  const entries = Object.keys(migrations).map(tag => ({
    tag,
    when: 4_000_000_000_000 + Number(tag.slice(0, 4)),
  }))
  fs.writeFileSync(path.join(folder, 'meta/_journal.json'), JSON.stringify({ entries }))
  for (const [tag, text] of Object.entries(migrations))
    fs.writeFileSync(path.join(folder, `${tag}.sql`), text)
  return folder
}

const indexes = async () =>
  (
    await db.$client.query(
      `select relname, indisvalid from pg_index join pg_class on oid = indexrelid where relname like 'tried%'`,
    )
  ).rows

test('a lock that stays is waited for until a deadline, and its owner named', async () => {
  await other.query('select pg_advisory_lock(7274820)')
  const said: string[] = []
  try {
    await expect(migrateDatabase(url, { waitMs: 1000, onWait: line => said.push(line) })).rejects.toThrow(
      /did not end within 1 s: connection \d+ of somebody at 127\.0\.0\.1, idle since/,
    )
  } finally {
    await other.query('select pg_advisory_unlock(7274820)')
  }
  expect(said[0]).toMatch(/^Another process brings the database up to date: connection \d+ of somebody/)
})

test('who holds one of its tables and then wants another is not broken off', async () => {
  const folder = folderOf({
    '0000_two':
      'alter table billers add tried_too integer;\n--> statement-breakpoint\nalter table contracts add tried_too integer',
  })
  await other.query('begin; select from contracts limit 1')
  const migrated = migrateDatabase(url, { folder })
  // Whoever waits for longer than a second looked for a ring before, and does not look again.
  await sleep(1500)
  await other.query('select from billers')
  await other.query('commit')
  await migrated
})

test('a table that is held is tried again, and nobody waits behind the migration for long', async () => {
  const folder = folderOf({ '0001_column': 'alter table billers add tried integer' })
  await other.query('begin; select from billers for update')
  const said: string[] = []
  const migrated = migrateDatabase(url, { folder, onWait: line => said.push(line) })
  await sleep(500)
  const began = Date.now()
  await db.$client.query('select from billers')
  expect(Date.now() - began).toBeLessThan(4000)
  while (said.length === 0) await sleep(50)
  await other.query('commit')
  await migrated
  expect(said).toEqual(['The migration 0001_column waits for a table that somebody holds'])
  await migrateDatabase(url, { folder })
})

test('statements outside a transaction are run again where they broke off', async () => {
  const [broken, whole] = ['unique index concurrently', 'index concurrently'].map(
    index => `-- outside a transaction\ncreate ${index} if not exists tried on billers (currency);`,
  )
  // Two billers have one currency.
  await expect(migrateDatabase(url, { folder: folderOf({ '0002_index': broken! }) })).rejects.toThrow(
    /unique/,
  )
  expect(await indexes()).toEqual([{ relname: 'tried', indisvalid: false }])
  const folder = folderOf({ '0002_index': `${whole}--> statement-breakpoint\nselect 1` })
  await migrateDatabase(url, { folder })
  expect(await indexes()).toEqual([{ relname: 'tried', indisvalid: true }])
})

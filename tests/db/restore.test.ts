// Backups: PostgreSQL 18 restored to a moment and compared row by row, and deploy/pgbackrest.conf taken at its word by Debian's programs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../db/migrate.ts'
import {
  type ArchivedPostgres,
  changedSince,
  startArchivedPostgres,
  takeMoment,
} from '../support/archived-postgres.ts'
import { type PgBackRest, startPgBackRest } from '../support/pgbackrest.ts'
import { rows } from '../support/postgres.ts'

// Each starts servers of its own, which takes longer than all that npm test has for a file.
describe.runIf(process.env.DEEP)('a backup of the embedded PostgreSQL', () => {
  let postgres: ArchivedPostgres
  const known = (url: string) =>
    rows<{ action: string }>(url, `select action from audit_events where action like 'known.%' order by id`)
  const note = (action: string) =>
    rows(postgres.url, 'insert into audit_events (action, at) values ($1, now())', [action])

  beforeAll(async () => {
    postgres = await startArchivedPostgres()
    await migrateDatabase(postgres.url, {})
  })
  afterAll(() => postgres.end())

  it('brings back every table as it was at a moment, and nothing that came later', async () => {
    const tooEarly = new Date().toISOString()
    await note('known.before-backup')
    await postgres.backUp()
    await note('known.before')
    const { moment, contents } = await takeMoment(postgres.url)
    expect([...contents.keys()]).toEqual(expect.arrayContaining(['payments', 'audit_events', 'billers']))
    await note('known.after')
    expect(await changedSince(postgres.url, contents)).toEqual(['audit_events'])
    await postgres.archiveLog()
    // The same instant, as a clock in Tirana shows it in winter.
    const local = new Date(Date.parse(moment) + 3_600_000).toISOString().replace('Z', '+01:00')
    for (const target of [moment, local]) {
      const restored = await postgres.restore(target)
      expect(await changedSince(restored.url, contents)).toEqual([])
      expect(await known(restored.url)).toEqual([
        { action: 'known.before-backup' },
        { action: 'known.before' },
      ])
      restored.stop()
    }
    // One before the backup ended is not refused: what comes back is later than was asked for, which only a known row tells.
    const early = await postgres.restore(tooEarly)
    expect(await known(early.url)).toEqual([{ action: 'known.before-backup' }])
    early.stop()
  })

  it('beyond what was archived is refused by the server, with its reason', async () => {
    const later = new Date(Date.now() + 3_600_000).toISOString()
    await expect(postgres.restore(later)).rejects.toThrow(
      'recovery ended before configured recovery target was reached',
    )
  })
})

describe.runIf(process.env.DEEP)('pgBackRest, as deploy/pgbackrest.conf sets it up', () => {
  let backup: PgBackRest
  beforeAll(async () => {
    backup = await startPgBackRest()
  }, 600_000)
  afterAll(() => backup.end())

  it('makes a stanza, a full and an incremental backup, and restores to a moment', async () => {
    backup.run('stanza-create')
    backup.run('check')
    await backup.query('create table known (word text)')
    await backup.query(`insert into known values ('before')`)
    backup.run('--type=full', 'backup')
    await backup.query(`insert into known values ('between')`)
    const { moment } = await backup.takeMoment()
    await backup.query('delete from known')
    backup.run('--type=incr', 'backup')
    expect(backup.run('info')).toMatch(/full backup: [\s\S]*incr backup: /)
    await backup.restore(moment)
    const words = await backup.query<{ word: string }>('select word from known order by word')
    expect(words).toEqual([{ word: 'before' }, { word: 'between' }])
  })
})

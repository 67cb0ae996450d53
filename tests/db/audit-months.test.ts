// The audit log by months: made before they begin, dropped when they are old, and made of the one table that there was.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, expect, inject, test } from 'vitest'
import { migrateDatabase } from '../../db/migrate.ts'
import { makeMonths } from '../../lib/platform/audit.ts'
import { addMonths } from '../../lib/platform/dates.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { testDatabase } from '../support/database.ts'
import { connect, onServer } from '../support/postgres.ts'

const DAY_MS = 86_400_000
const db = await testDatabase()
const url = process.env.DATABASE_URL!
const migrations = path.join(import.meta.dirname, '../../db/migrations')
const names = ['audit-up-to-a-month', 'audit-up-to-a-month-checked', 'audit-by-month']

const serving = `serving_${randomBytes(6).toString('hex')}`
await onServer(inject('databaseServer'), `create role ${serving} login password 'secret'`)
afterAll(async () => {
  await db.execute(sql.raw(`drop owned by ${serving}`))
  await onServer(inject('databaseServer'), `drop role ${serving}`)
})
const asServing = () => {
  const address = new URL(url)
  address.username = serving
  address.password = 'secret'
  return address.href
}

/** The log as it was, with its events: none is less than it is now. */
const BEFORE = `
  drop schema audit_months cascade;
  drop table audit_events;
  drop function make_audit_months, purge_audit_events;
  create table audit_events (id bigint primary key generated always as identity, at timestamptz not null default now(), account_id uuid,
    action text not null, subject text, address inet, session_id uuid, details jsonb, request_id text);
  create index audit_events_account_newest on audit_events (account_id, id);
  create index audit_events_subject_newest on audit_events (subject, id);
  create index audit_events_age on audit_events (at);
  create trigger audit_events_no_change before update or truncate on audit_events for each statement execute function refuse_change();
  create trigger audit_events_no_early_delete before delete on audit_events
    for each row when (old.at > now() - interval '1 year') execute function refuse_change();
  create function purge_audit_events(before timestamptz, most integer) returns integer
    language sql security definer set search_path = '' as 'select 0';
  insert into audit_events (action, at) select 'before', now() - make_interval(hours => n) from generate_series(0, 9999) n;
  grant select, insert on audit_events to ${serving};
  grant usage, select on audit_events_id_seq to ${serving};`

/** The three migrations, as if they were new. */
function theirFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-months-'))
  fs.mkdirSync(path.join(folder, 'meta'))
  const entries = names.map((name, n) => {
    const file = fs.readdirSync(migrations).find(one => one.replace(/^\d+_/, '') === `${name}.sql`)!
    fs.copyFileSync(path.join(migrations, file), path.join(folder, file))
    return { tag: file.replace(/\.sql$/, ''), when: 4_000_000_000_000 + n }
  })
  fs.writeFileSync(path.join(folder, 'meta/_journal.json'), JSON.stringify({ entries }))
  return folder
}

type Part = { part: string; begins: string | null; ends: string | null; indexes: number; triggers: number }
/** Each month, the first part and the rest, with its indexes that belong to the whole and its triggers that are on. */
const parts = async () =>
  (
    await db.execute<Part>(sql`
    select replace(part::text, 'audit_months.audit_events_', '') as part, (begins at time zone 'UTC')::date::text as begins,
      (ends at time zone 'UTC')::date::text as ends,
      (select count(*)::int from pg_index join pg_inherits on inhrelid = indexrelid where indrelid = part and indisvalid) as indexes,
      (select count(*)::int from pg_trigger where tgrelid = part and tgenabled = 'O') as triggers
    from audit_months.parts order by parts.ends nulls last`)
  ).rows

/** In which part a kind of event lies. */
const placeOf = async (action: string) =>
  (
    await db.execute<{ place: string }>(sql`
    select distinct replace(tableoid::regclass::text, 'audit_months.audit_events_', '') as place from audit_events
    where action = ${action} order by 1`)
  ).rows.map(({ place }) => place)

const inMonths = (months: number) =>
  new Date(`${addMonths(new Date().toISOString().slice(0, 10), months)}T12:00:00Z`)
const monthOf = (at: Date) => at.toISOString().slice(0, 7).replace('-', '_')
const write = (action: string, at: Date) =>
  db.execute(sql`insert into audit_events (action, at) values (${action}, ${at.toISOString()})`)
const refusal = (error: { cause?: { message: string } }) => error.cause?.message

/** Each of ours has its key and three indexes, and refuses both kinds of change. */
async function expectWhole(): Promise<Part[]> {
  const all = await parts()
  expect(all.filter(({ indexes, triggers }) => indexes !== 4 || triggers !== 2)).toEqual([])
  const months = all.slice(0, -1)
  expect(months[0]!.begins).toBeNull()
  expect(months.slice(1).map(({ begins }) => begins)).toEqual(months.slice(0, -1).map(({ ends }) => ends))
  expect(all.at(-1)).toMatchObject({ part: 'rest', begins: null, ends: null })
  return months
}

test('the table that was becomes the first part, as it lies on the disk, while nodes of before go on writing', async () => {
  await db.$client.query(BEFORE)
  const files = async () =>
    (
      await db.execute(sql`select pg_relation_filenode(c.oid) as file from pg_class c
        where relname in ('audit_events', 'audit_events_before') and relkind = 'r'
          or relname like 'audit_events%_newest' and relkind = 'i' or relname = 'audit_events_age' and relkind = 'i' order by 1`)
    ).rows
  const lay = await files()
  expect(lay).toHaveLength(4)

  const old = await connect(asServing())
  let [written, ended] = [0, false]
  const writing = (async () => {
    while (!ended) {
      await old.query({
        name: 'an event',
        text: `insert into audit_events (id, at, action) values (default, now(), $1)`,
        values: ['meanwhile'],
      })
      written += 1
    }
  })()
  await migrateDatabase(url, { folder: theirFolder() })
  const during = written
  while (written < during + 20) await new Promise(resolve => setTimeout(resolve, 5))
  ended = true
  await writing
  await old.end()

  const { rows } = await db.execute(
    sql`select count(*)::int as events, count(distinct id)::int as ids, max(id)::int as last from audit_events`,
  )
  const events = 10_000 + written
  expect(rows).toEqual([{ events, ids: events, last: events }])
  expect(during).toBeGreaterThan(0)
  expect(await placeOf('before')).toEqual(['before'])
  const months = await expectWhole()
  expect(months.at(-1)!.begins).toBe(inMonths(3).toISOString().slice(0, 10))
  // Its end is a month away at least: that long the log could be written without the months.
  expect(Date.parse(months[0]!.ends!)).toBeGreaterThan(Date.now() + 28 * DAY_MS)
  expect(await files()).toEqual(expect.arrayContaining(lay))
})

test('months are made by day, once, also by two at once and after months in which nobody did', async () => {
  const before = await parts()
  const both = await Promise.all([connect(url), connect(asServing())])
  await db.execute(sql.raw(`grant execute on function make_audit_months to ${serving}`))
  const until = inMonths(6).toISOString().slice(0, 10)
  const made = await Promise.all(
    both.map(client => client.query(`select make_audit_months('${until}') as made`)),
  )
  expect(made.map(({ rows }) => rows[0].made).sort()).toEqual([0, 3])
  for (const client of both) await client.end()
  expect((await expectWhole()).at(-1)!.part).toBe(monthOf(inMonths(6)))
  // By the clock of the portal, five months later, and once more that day.
  for (let times = 0; times < 2; times += 1) await makeMonths(db, inMonths(5))
  expect((await expectWhole()).at(-1)!.part).toBe(monthOf(inMonths(8)))
  expect(await parts()).toHaveLength(before.length + 5)
  await taskList()['make-audit-months']!({}, { job: { id: '1', attempts: 1, max_attempts: 1 } } as never)
  expect(await parts()).toHaveLength(before.length + 5)
})

test('what is of no month yet is written all the same, and is in its month when that is made', async () => {
  await write('early', inMonths(10))
  await write('far too early', inMonths(100))
  expect(await placeOf('early')).toEqual(['rest'])
  const { rows: was } = await db.execute(sql`select * from audit_events where action = 'early'`)
  await makeMonths(db, inMonths(8))
  expect(await placeOf('early')).toEqual([monthOf(inMonths(10))])
  expect(await placeOf('far too early')).toEqual(['rest'])
  expect((await db.execute(sql`select * from audit_events where action = 'early'`)).rows).toEqual(was)
  await expectWhole()
  expect(
    await db.execute(sql`delete from audit_events where action = 'far too early'`).catch(refusal),
  ).toMatch(/^audit_events_rest may not be changed/)
})

test('no part can be changed by itself either', async () => {
  for (const { part } of await parts()) {
    for (const change of ['update % set action = action', 'truncate %']) {
      const statement = change.replace('%', `audit_months.audit_events_${part}`)
      expect(await db.execute(sql.raw(statement)).catch(refusal)).toMatch(/may not be changed/)
    }
  }
})

test('months that are old are dropped, of the one in which the end falls what is older, and nothing less than a year old', async () => {
  // As after years: the first part ended long ago.
  for (const { part } of (await parts()).slice(0, -1))
    await db.execute(sql.raw(`drop table audit_months.audit_events_${part}`))
  const ended = inMonths(-18).toISOString().slice(0, 10)
  await db.$client.query(`create table audit_months.audit_events_before partition of audit_events for values from (minvalue) to ('${ended} 00:00+00');
    create trigger audit_events_no_change before update or truncate on audit_months.audit_events_before
      for each statement execute function refuse_change()`)
  await makeMonths(db, new Date())
  await expectWhole()
  for (const months of [-20, -16, -14, -13, -1, 0]) await write(`of ${-months}`, inMonths(months))
  const before = new Date(inMonths(-14).getTime() + 14 * DAY_MS)
  await write('of 14, later', new Date(before.getTime() + DAY_MS))
  const purge = async (time: Date) =>
    (
      await db.execute<{ purged: number }>(
        sql`select purge_audit_events(${time.toISOString()}::timestamptz, 100) as purged`,
      )
    ).rows[0]!.purged

  expect(await purge(before)).toBe(1)
  expect((await parts())[0]!.part).toBe(monthOf(inMonths(-14)))
  const { rows } = await db.execute<{ action: string }>(
    sql`select action from audit_events where action like 'of %' order by at`,
  )
  expect(rows.map(({ action }) => action)).toEqual(['of 14, later', 'of 13', 'of 1', 'of 0'])
  // For what is older now there is no part but the rest.
  await write('of 20', inMonths(-20))
  expect(await placeOf('of 20')).toEqual(['rest'])
  expect(await purge(before)).toBe(1)

  expect(await purge(inMonths(-2))).toBe(0)
  const [first] = await parts()
  expect(Date.parse(first!.ends!)).toBeGreaterThan(Date.now() - 367 * DAY_MS)
  expect(Date.parse(first!.begins!)).toBeLessThan(Date.now() - 365 * DAY_MS + 31 * DAY_MS)
  expect(await purge(new Date()).catch(refusal)).toMatch(/may not be changed/)
  expect(await placeOf('of 1')).toEqual([monthOf(inMonths(-1))])
})

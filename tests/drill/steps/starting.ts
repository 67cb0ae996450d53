// Starts that somebody is in the way of: a lock that a pooler keeps, and a pooler where PostgreSQL itself is needed.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { freePort } from '../../../db/embedded.ts'
import { startPgBouncer } from '../../support/pgbouncer.ts'
import { rows } from '../../support/portal-process.ts'
import { type Place, type Process, runProgram, WORKER } from '../place.ts'
import { startPostgres } from '../postgres.ts'

/** As db/migrate.ts has it. */
const MIGRATION_LOCK = 7_274_820
/** It waits five minutes. */
const DEADLINE_MS = 330_000
const AT_ONCE_MS = 180_000

const PORTAL = ['bin/start.ts']
const MIGRATE = ['bin/migrate.ts']

/** On servers of its own: it takes five minutes beside the others. */
export async function starting({ settings }: Place): Promise<string[]> {
  const postgres = await startPostgres()
  const bouncer = await startPgBouncer(postgres.serving)
  try {
    const pooled = {
      DATABASE_URL: bouncer.url,
      DATABASE_OWNER_URL: postgres.owner,
      DATABASE_REPLICA_URL: '',
    }
    const direct = { ...pooled, DATABASE_DIRECT_URL: postgres.serving }
    const start = async (program: string[], variables: Record<string, string>) =>
      runProgram(program, { ...settings, ...variables, PORT: String(await freePort()) })
    // Migrations refuse it where there is one role, and jobs where the owner has an address of its own.
    for (const [DATABASE_OWNER_URL, programs] of [
      ['', [PORTAL, MIGRATE]],
      [postgres.owner, [PORTAL, WORKER]],
    ] as const) {
      const alone = { ...pooled, DATABASE_OWNER_URL, DATABASE_DIRECT_URL: '', JOBS_IN_PROCESS: 'on' }
      for (const program of programs) {
        await expectEnd(await start(program, alone), AT_ONCE_MS, /set DATABASE_DIRECT_URL/)
      }
      const written = await rows(
        postgres.url,
        `select from pg_class where relkind = 'r' and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`,
      )
      if (written.length > 0) throw new Error('It wrote before it named the setting.')
    }
    await lockThroughPooler(bouncer.url, postgres.url)
    const began = Date.now()
    const waiting = [await start(PORTAL, direct), await start(MIGRATE, direct)]
    const took = await Promise.all(
      waiting.map(async program => {
        await expectEnd(
          program,
          DEADLINE_MS,
          /Another process brings this database up to date and did not end/,
        )
        return ((Date.now() - began) / 1000).toFixed(0)
      }),
    )
    const [sentence] = /Another process brings this.*/.exec(waiting[0]!.output()) ?? []
    return [
      'a pooler without DATABASE_DIRECT_URL: portal, migrations and worker name the setting and end, and have written nothing',
      `a lock that stays: portal and migrations ended after ${took.join(' and ')} s, with`,
      `"${sentence}"`,
    ]
  } finally {
    await bouncer.stop()
    await postgres.end()
  }
}

/** A session's lock: its client leaves, and the pooler keeps the connection, and so the lock. */
async function lockThroughPooler(pooled: string, direct: string): Promise<void> {
  const client = new pg.Client({ connectionString: pooled })
  await client.connect()
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
  await client.end()
  const held = await rows(
    direct,
    `select from pg_locks where locktype = 'advisory' and objid = ${MIGRATION_LOCK}`,
  )
  if (held.length !== 1) throw new Error('The pooler did not keep the lock.')
}

async function expectEnd(program: Process, withinMs: number, words: RegExp): Promise<void> {
  const timer = setTimeout(program.kill, withinMs)
  const status = await program.ended
  clearTimeout(timer)
  if (status === null) throw new Error(`It did not end within ${withinMs / 1000} s:\n${program.output()}`)
  if (status === 0 || !words.test(program.output())) {
    throw new Error(`It ended with ${status} and not with ${words}:\n${program.output()}`)
  }
}

export async function secondStore({ settings, startWorker }: Place): Promise<string[]> {
  // The first one marks the folder.
  const onDisk = { ...settings, STORAGE: 'disk' }
  const worker = await startWorker(onDisk)
  await worker.stop()
  const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-drill-other-'))
  try {
    const all = { ...onDisk, DATA_DIR: elsewhere, PORT: String(await freePort()) }
    for (const parameters of [PORTAL, WORKER]) {
      await expectEnd(runProgram(parameters, all), AT_ONCE_MS, /DATA_DIR/)
    }
    return ['node and worker name DATA_DIR and end']
  } finally {
    fs.rmSync(elsewhere, { recursive: true, force: true })
  }
}

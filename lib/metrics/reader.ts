// Reads the figures of the whole portal: when somebody asks, on a connection of its own, and rarely however often it is asked.
import { sql } from 'drizzle-orm'
import { type Database, openDatabase } from '../../db/client.ts'
import { causes } from '../../db/errors.ts'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import type { Figure } from './figures.ts'
import { readings } from './readings.ts'

/**
 * Milliseconds. What was read counts for so long. Prometheus waits ten seconds: connecting may take so long, and each statement, and
 * after so long no further one is begun.
 */
const TIMES = { keptMs: 15_000, stepMs: 2_000, allMs: 4_000 }
export type Times = typeof TIMES

/**
 * `isUp`: the database answers; one that is only busy does. `clockOffset`: by so many seconds this node's clock is before the
 * database's. `read`: which figures could be read.
 */
export type Reading = {
  isUp: boolean
  clockOffset?: number
  read: Record<string, boolean>
  figures: Figure[]
}

export type Reader = { read: () => Promise<Reading>; stop: () => Promise<void> }

export function startReader(times: Times = TIMES): Reader {
  const { DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_REPLICA_URL: replicaUrl } = env()
  // Past a PgBouncer, whose connections may all be taken.
  const db = open((DATABASE_DIRECT_URL ?? DATABASE_URL)!, times)
  const replica = replicaUrl ? open(replicaUrl, times) : undefined
  let last: { at: number; reading: Promise<Reading> } | undefined
  return {
    read: () => {
      if (!last || performance.now() - last.at > times.keptMs)
        last = { at: performance.now(), reading: readAll(db, replica, times) }
      return last.reading
    },
    stop: async () => {
      await Promise.all([db.$client.end(), replica?.$client.end()])
    },
  }
}

const open = (url: string, { stepMs }: Times): Database =>
  openDatabase(url, 1, { connect: stepMs, statement: stepMs, lock: stepMs, idle: stepMs })

/** One after the other, on one connection; what fails leaves the others. */
async function readAll(db: Database, replica: Database | undefined, { allMs }: Times): Promise<Reading> {
  const began = performance.now()
  const reading: Reading = { isUp: true, read: {}, figures: [] }
  try {
    reading.clockOffset = await readClockOffset(db)
  } catch (error) {
    log.warn(errorFacts(error), 'metrics: the database was not asked')
    return { ...reading, isUp: saysAnything(error), read: without(Object.keys(readings)) }
  }
  const parts = Object.entries(readings)
  if (replica) parts.push(['replica', () => readReplicaLag(db, replica)])
  for (const [name, read] of parts) {
    try {
      if (performance.now() - began > allMs) throw new Error('There was no time left.')
      reading.figures.push(...(await read(db, clock.now())))
      reading.read[name] = true
    } catch (error) {
      log.warn({ figures: name, ...errorFacts(error) }, 'metrics: figures could not be read')
      reading.read[name] = false
    }
  }
  return reading
}

const without = (names: string[]): Record<string, boolean> =>
  Object.fromEntries(names.map(name => [name, false]))

/** PostgreSQL or a PgBouncer has spoken, though to refuse: it has too many connections, or was too slow. */
const saysAnything = (error: unknown): boolean =>
  causes(error).some(
    ({ code = '', message }) =>
      /^(53...|57014)$/.test(code) || /^(no more connections|query_wait)/.test(message),
  )

async function readClockOffset(db: Database): Promise<number> {
  const asked = clock.now().getTime()
  const { rows } = await db.execute<{ ms: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`,
  )
  return ((asked + clock.now().getTime()) / 2 - rows[0]!.ms) / 1000
}

/**
 * Processes that run jobs write a row every ten seconds: by how much the newest of the replica is older. That needs no clock, and
 * grows where the replica has lost its connection, of which it knows nothing itself.
 */
async function readReplicaLag(db: Database, replica: Database): Promise<Figure[]> {
  const newest = async (one: Database) => {
    const { rows } = await one.execute<{ beat: number | null }>(
      sql`select extract(epoch from max(beat_at))::float8 as beat from job_workers`,
    )
    return rows[0]!.beat
  }
  const [written, there] = [await newest(db), await newest(replica)]
  return [
    ['drita_replica_lag_seconds', written === null || there === null ? null : Math.max(0, written - there)],
  ]
}

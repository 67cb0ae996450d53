// Reading from a database that follows the primary: whether it may be asked, and asking the primary where it fails.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type Database, readingDatabase } from '../../db/client.ts'
import { isConflict, isUnavailable } from '../../db/errors.ts'
import { answering } from './answering.ts'
import { errorFacts, log } from './log.ts'

/** So often, in milliseconds, both are asked how far they are. */
const CHECK_MS = 2_000

/** How far a database is in the log of all changes; of a replica, what it has of it. */
export type Position = { follows: boolean; position: number }

/**
 * Measures the way behind in time, whatever little is written: the last moment of which the replica has all that the primary had
 * then. What follows nobody, as a replica that was made a primary of its own, has never had anything.
 */
export function lagMeter(): {
  note: (at: number, primary: Position, replica: Position) => void
  last: number
} {
  let mark: { at: number; position: number } | undefined
  const meter = {
    last: Number.NEGATIVE_INFINITY,
    note: (at: number, primary: Position, replica: Position) => {
      if (!replica.follows) {
        meter.last = Number.NEGATIVE_INFINITY
        return
      }
      // After a failover the primary may be a little less far than the one before was.
      if (!mark || mark.position > primary.position) mark = { at, position: primary.position }
      if (replica.position < mark.position) return
      meter.last = replica.position >= primary.position ? at : mark.at
      mark = { at, position: primary.position }
    },
  }
  return meter
}

const POSITION = sql`select pg_is_in_recovery() as follows,
  (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end - '0/0'::pg_lsn)::float8 as position`

async function positionOf(db: Database): Promise<Position> {
  return (await db.execute<Position>(POSITION)).rows[0]!
}

export type Following = {
  /** Asks the replica while it answers and is at most `mostLagMs` behind, else the primary. */
  database: Database
  /** The replica's own connections. */
  pool: Database
  stop: () => Promise<void>
}

/** Watches the replica until it is stopped. */
export function followReplica(
  replica: Database,
  primary: () => Database,
  mostLagMs: number,
  isFit = (last: number) => performance.now() - last <= mostLagMs,
): Following {
  const stopping = new AbortController()
  const meter = lagMeter()
  let wasFit: boolean | undefined

  const check = async () => {
    let facts = {}
    try {
      const at = performance.now()
      meter.note(at, await positionOf(primary()), await positionOf(replica))
    } catch (error) {
      facts = errorFacts(error)
    }
    const fits = isFit(meter.last)
    if (fits !== wasFit && fits) log.info('the replica is read')
    else if (fits !== wasFit)
      log.warn(facts, 'the replica is not read: it does not answer, or is too far behind')
    wasFit = fits
  }
  const watch = async () => {
    const { signal } = stopping
    while (!signal.aborted) {
      await check()
      await sleep(CHECK_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  // Of nobody's answer, though it begins with one.
  const watching = answering.exit(watch)

  /** What failed is asked again of the primary, which may know better; what took too long would take as long there. */
  const failed = (error: Error): boolean => {
    if (isUnavailable(error) && !isConflict(error)) meter.last = Number.NEGATIVE_INFINITY
    return (error as { code?: string }).code !== '57014'
  }
  return {
    pool: replica,
    database: readingDatabase(async (statement, values) => {
      if (!isFit(meter.last)) return primary().$client.query(statement, values)
      const answer = answering.getStore()
      const before = answer?.unavailable
      try {
        return await replica.$client.query(statement, values)
      } catch (error) {
        if (!failed(error as Error)) throw error
        // Nobody waits in vain.
        if (answer && before !== undefined) answer.unavailable = before
        return primary().$client.query(statement, values)
      }
    }),
    stop: async () => {
      stopping.abort()
      await watching
      await replica.$client.end()
    },
  }
}

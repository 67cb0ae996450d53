// All nodes go by the database's clock: a code that one of them made is not over at another one whose machine's clock is wrong.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { machine } from './clock.ts'
import { errorFacts, log } from './log.ts'

const EVERY_MS = 30_000
/** Clocks that are right differ by less, and so long an answer may be under way. */
const TOLERATED_MS = 5_000

/** Looks once, and then again and again until it is stopped. A database that cannot be asked changes nothing. */
export async function followDatabaseClock(db: Executor): Promise<{ stop: () => void }> {
  const look = () =>
    lookAtDatabaseClock(db).catch(error =>
      log.warn(errorFacts(error), 'the database could not be asked for the time'),
    )
  await look()
  const timer = setInterval(look, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Goes by the database's clock where the machine's differs, and says so. */
export async function lookAtDatabaseClock(db: Executor): Promise<void> {
  const asked = Date.now()
  const { rows } = await db.execute<{ now: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
  )
  const took = Date.now() - asked
  // Of an answer that was long under way nobody knows how old it is.
  if (took > TOLERATED_MS) return
  const behindMs = rows[0]!.now - (asked + took / 2)
  const isWrong = Math.abs(behindMs) > TOLERATED_MS
  const seconds = Math.round(behindMs / 1000)
  if (isWrong && Math.abs(behindMs - machine.behindMs) > TOLERATED_MS) {
    log.error(
      { behindSeconds: seconds },
      'ALARM: the clock of this machine is not the database’s, which is gone by',
    )
  }
  if (!isWrong && machine.behindMs !== 0) log.info('the clock of this machine is right again')
  machine.behindMs = isWrong ? behindMs : 0
}

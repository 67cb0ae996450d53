// Limits on guesses, counted in PostgreSQL so that all nodes share them.
import { lt } from 'drizzle-orm'
import { RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../../db/client.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { database } from './database.ts'
import { purge } from './purge.ts'
import { keyedHash } from './seal.ts'

/** After so long without a new wait, the next one is the shortest again. */
const REMEMBER_WAITS_SECONDS = 24 * 3600

const limiters = new Map<string, RateLimiterPostgres>()

function limiter(name: string, points: number, seconds: number): RateLimiterPostgres {
  let found = limiters.get(name)
  if (!found) {
    found = new RateLimiterPostgres({
      storeClient: database().$client,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points,
      duration: seconds,
    })
    limiters.set(name, found)
  }
  return found
}

/**
 * `points` tries in `seconds`, then a wait of `seconds`. With `longestSeconds` waits grow: each is twice the one before,
 * up to that, until a success or a day without one. Keys may be personal: only their keyed hash is stored.
 */
export type Limit = { name: string; points: number; seconds: number; longestSeconds?: number }

const counter = (limit: Limit) => limiter(limit.name, limit.points, limit.seconds)
const waits = (limit: Limit) => limiter(`${limit.name}-waits`, 1, REMEMBER_WAITS_SECONDS)
const hashed = (key: string) => keyedHash(key, 'rate limits')

/** Counts a try. Returns 0 where it is allowed, else the seconds to wait. */
export async function countTry(limit: Limit, key: string): Promise<number> {
  try {
    await counter(limit).consume(hashed(key))
    return 0
  } catch (refused) {
    if (refused instanceof Error) throw refused
    const { consumedPoints, msBeforeNext } = refused as RateLimiterRes
    // Exactly one try is the first too many, however many come at once: a wait grows once.
    if (limit.longestSeconds && consumedPoints === limit.points + 1) return startWait(limit, key)
    return Math.max(1, Math.ceil(msBeforeNext / 1000))
  }
}

async function startWait(limit: Limit, key: string): Promise<number> {
  const before = (await waits(limit).get(hashed(key)))?.consumedPoints ?? 0
  const seconds = Math.min(limit.seconds * 2 ** before, limit.longestSeconds!)
  // The day begins when the wait is over.
  await waits(limit).set(hashed(key), before + 1, seconds + REMEMBER_WAITS_SECONDS)
  await counter(limit).block(hashed(key), seconds)
  return seconds
}

/** Takes one try back, where a success should not count. */
export async function returnTry(limit: Limit, key: string): Promise<void> {
  await counter(limit).reward(hashed(key), 1)
}

/** Forgets the tries of a key, after a success. */
export async function forgetTries(limit: Limit, key: string): Promise<void> {
  await counter(limit).delete(hashed(key))
  if (limit.longestSeconds) await waits(limit).delete(hashed(key))
}

/** Deletes counters that no longer count. */
export async function forgetOldTries(db: Database, now: Date): Promise<void> {
  await purge(db, rateLimits, rateLimits.expire, lt(rateLimits.expire, now.getTime()))
}

// Limits on guesses, counted in PostgreSQL so that all nodes share them.
import { RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible'
import { database } from './database.ts'
import { keyedHash } from './seal.ts'

const limiters = new Map<string, RateLimiterPostgres>()

function limiter(name: string, points: number, seconds: number): RateLimiterPostgres {
  let found = limiters.get(name)
  if (!found) {
    found = new RateLimiterPostgres({
      storeClient: database().$client,
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

/** `points` tries in `seconds`. The key may be personal: only its keyed hash is stored. */
export type Limit = { name: string; points: number; seconds: number }

/** Counts a try. Returns 0 where it is allowed, else the seconds to wait. */
export async function countTry(limit: Limit, key: string): Promise<number> {
  try {
    await limiter(limit.name, limit.points, limit.seconds).consume(keyedHash(key, 'rate limits'))
    return 0
  } catch (refused) {
    if (refused instanceof Error) throw refused
    return Math.max(1, Math.ceil((refused as RateLimiterRes).msBeforeNext / 1000))
  }
}

/** Forgets the tries of a key, after a success. */
export async function forgetTries(limit: Limit, key: string): Promise<void> {
  await limiter(limit.name, limit.points, limit.seconds).delete(keyedHash(key, 'rate limits'))
}

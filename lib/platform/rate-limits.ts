// Limits on guesses, counted in PostgreSQL so that all nodes share them.
import { inArray, lt } from 'drizzle-orm'
import { RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../../db/client.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { addressGroups } from './address-groups.ts'
import { answering } from './answering.ts'
import { type AuditEvent, recordEvent } from './audit.ts'
import { clock } from './clock.ts'
import { database } from './database.ts'
import { env } from './env.ts'
import { type Limit, recordLimits } from './limits.ts'
import { errorFacts, log } from './log.ts'
import { purge } from './purge.ts'
import { keyedHash } from './seal.ts'

/** After so long without a new wait, the next one is the shortest again. */
const REMEMBER_WAITS_SECONDS = 24 * 3600

/** By pool: whoever waits at a page counts in the time that a page has. */
const limiters = new WeakMap<Database['$client'], Map<string, RateLimiterPostgres>>()

function limiter(name: string, points: number, seconds: number): RateLimiterPostgres {
  const pool = database().$client
  const ofPool = limiters.get(pool) ?? new Map<string, RateLimiterPostgres>()
  limiters.set(pool, ofPool)
  let found = ofPool.get(name)
  if (!found) {
    found = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points,
      duration: seconds,
    })
    ofPool.set(name, found)
  }
  return found
}

/** What a command answers where there were too many tries. */
export type Wait = { ok: false; code: 'wait'; seconds: number }

const counter = (limit: Limit) => limiter(limit.name, limit.points, limit.seconds)
const waits = (limit: Limit) => limiter(`${limit.name}-waits`, 1, REMEMBER_WAITS_SECONDS)
const hashed = (key: string) => keyedHash(key, 'rate limits')

/**
 * A text; or the address a try comes from, which is counted in each of its groups, for what it is `about` where that is given.
 * Keys may be personal: only their keyed hash is stored.
 */
export type Key = string | { address: string | null; about?: string }

/** What a key is counted as: the limit and its text, for an address those of its narrow group first. */
function counted(limit: Limit, key: Key): [Limit, string][] {
  if (typeof key === 'string') return [[limit, key]]
  const { address, about } = key
  return addressGroups(address ?? '', env().LIMIT_IPV6_48_FACTOR).map(({ key, factor }, index) => [
    { ...limit, name: index === 0 ? limit.name : `${limit.name}-wide`, points: limit.points * factor },
    about === undefined ? key : `${key} ${about}`,
  ])
}

/**
 * Counts a try. Returns 0 where it is allowed, else the seconds to wait. What an address's narrow group refuses is not
 * counted for the wider one: a single customer does not use up what others may do.
 */
export async function countTry(limit: Limit, key: Key): Promise<number> {
  const { seconds, limit: met, isFirst } = await takeEach(limit, key)
  if (isFirst) await recordRefused({ action: 'limit.met', details: { limit: met }, at: clock.now() })
  return seconds
}

async function takeEach(limit: Limit, key: Key) {
  for (const [one, text] of counted(limit, key)) {
    const { seconds, isFirst } = await takeTry(one, text)
    if (seconds > 0) return { seconds, isFirst, limit: one.name }
  }
  return { seconds: 0, isFirst: false, limit: limit.name }
}

/**
 * Writes down that something was refused, never what was typed. Of one kind so many an hour and address, and so many in
 * all: nobody fills the audit log. Whatever keeps it from being written keeps nothing from being refused.
 */
export async function recordRefused(event: AuditEvent): Promise<void> {
  const address = event.address ?? answering.getStore()?.address ?? null
  try {
    const { ofAddress, inAll } = recordLimits(event.action)
    if ((await takeEach(ofAddress, { address })).seconds > 0) return
    const { seconds, isFirst } = await takeTry(inAll, '')
    if (isFirst) log.warn({ action: event.action }, 'more is refused than is written down in an hour')
    if (seconds === 0) await recordEvent(database(), { ...event, address })
  } catch (error) {
    log.error({ ...errorFacts(error), action: event.action }, 'a refusal could not be written down')
  }
}

/** Counts a try; `isFirst`: it is the first too many, which exactly one is, however many come at once. */
export async function takeTry(limit: Limit, key: string): Promise<{ seconds: number; isFirst: boolean }> {
  try {
    await counter(limit).consume(hashed(key))
    return { seconds: 0, isFirst: false }
  } catch (refused) {
    if (refused instanceof Error) throw refused
    const { consumedPoints, msBeforeNext } = refused as RateLimiterRes
    const isFirst = consumedPoints === limit.points + 1
    // A wait grows once.
    if (limit.longestSeconds && isFirst) return { seconds: await startWait(limit, key), isFirst }
    return { seconds: Math.max(1, Math.ceil(msBeforeNext / 1000)), isFirst }
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

/** Whether another try would be refused; counts none. */
export async function isUsedUp(limit: Limit, key: string): Promise<boolean> {
  const found = await counter(limit).get(hashed(key))
  return (found?.consumedPoints ?? 0) >= limit.points
}

/** Takes back one try that was allowed, where a success should not count. */
export async function returnTry(limit: Limit, key: Key): Promise<void> {
  for (const [one, text] of counted(limit, key)) await counter(one).reward(hashed(text), 1)
}

/** Forgets the tries of these keys, after a success. */
export async function forgetTries(limit: Limit, ...keys: string[]): Promise<void> {
  const stored = keys.flatMap(key => [counter(limit), waits(limit)].map(one => one.getKey(hashed(key))))
  await database().delete(rateLimits).where(inArray(rateLimits.key, stored))
}

/** Deletes counters that no longer count. */
export async function forgetOldTries(db: Database, now: Date): Promise<void> {
  await purge(db, rateLimits, rateLimits.expire, lt(rateLimits.expire, now.getTime()))
}

// Limits on guesses, counted in PostgreSQL so that all nodes share them.
import { and, eq, gt, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.ts'
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
import { tellRefused } from './refused.ts'
import { keyedHash } from './seal.ts'

/** After so long without a new wait, the next one is the shortest again. */
const REMEMBER_WAITS_SECONDS = 24 * 3600

/** What a command answers where there were too many tries. */
export type Wait = { ok: false; code: 'wait'; seconds: number }

/** What is stored as the key of a counter: never what it counts. */
const keyOf = (name: string, key: string): string => `${name}:${keyedHash(key, 'rate limits')}`
/** Under which row of rate_limits the tries of a key are counted, for reads of several at once. */
export const counterOf = ({ name }: Limit, key: string): string => keyOf(name, key)

const waitsOf = ({ name }: Limit): string => `${name}-waits`

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

/** Counts a try. Returns 0 where it is allowed, else the seconds to wait. */
export const countTry = async (limit: Limit, key: Key): Promise<number> =>
  (await countTries([limit, key])).seconds

/**
 * Counts tries in this order, up to the first that is refused: what an address's narrow group refuses is not counted for the
 * wider one, and a single customer does not use up what others may do. `met`: the limit that refuses.
 */
export async function countTries(...tries: [Limit, Key][]): Promise<{ seconds: number; met?: Limit }> {
  const each = tries.flatMap(([limit, key]) => counted(limit, key).map(one => ({ limit, one })))
  const { seconds, isFirst, index } = await take(each.map(({ one }) => one))
  const met = each[index]
  if (met) tellRefused({ what: 'limit', name: met.one[0].name })
  if (isFirst)
    await recordRefused({ action: 'limit.met', details: { limit: met!.one[0].name }, at: clock.now() })
  return { seconds, met: met?.limit }
}

/**
 * Writes down that something was refused, never what was typed. Of one kind so many an hour and session, or address, and so many in
 * all: nobody fills the audit log. Whatever keeps it from being written keeps nothing from being refused.
 */
export async function recordRefused(event: AuditEvent): Promise<void> {
  tellRefused({ what: 'action', name: event.action })
  const address = event.address ?? answering.getStore()?.address ?? null
  try {
    const { ofAddress, inAll } = recordLimits(event.action)
    // Who is signed in is counted apart: whoever shares an address with others hides nothing of what they try.
    const session = event.sessionId ?? answering.getStore()?.sessionId
    if ((await take(counted(ofAddress, session ?? { address }))).seconds > 0) return
    const { seconds, isFirst } = await takeTry(inAll, '')
    if (isFirst) log.warn({ action: event.action }, 'more is refused than is written down in an hour')
    if (seconds === 0) await recordEvent(database(), { ...event, address })
  } catch (error) {
    log.error({ ...errorFacts(error), action: event.action }, 'a refusal could not be written down')
  }
}

/** Counts a try; `isFirst`: it is the first too many, which exactly one is, however many come at once. */
export const takeTry = (limit: Limit, key: string): Promise<{ seconds: number; isFirst: boolean }> =>
  take([[limit, key]])

/** As countTries says, in one statement; `index`: of the one that is refused. */
async function take(tries: [Limit, string][]): Promise<{ seconds: number; isFirst: boolean; index: number }> {
  const now = clock.now().getTime()
  const { rows } = await database().$client.query<{ points: number; expire: number; allowed: boolean }>({
    name: `take_${tries.length}`,
    text: takeText(tries.length),
    values: [
      now,
      ...tries.flatMap(([{ name, points, seconds }, key]) => [
        keyOf(name, key),
        now + seconds * 1000,
        points,
      ]),
    ],
  })
  // As many rows as were counted: the last of them says whether it is the first that is refused.
  const index = rows.length - 1
  const { points, expire, allowed } = rows[index]!
  const [limit, key] = tries[index]!
  if (allowed) return { seconds: 0, isFirst: false, index: -1 }
  const isFirst = points === limit.points + 1
  // A wait grows once.
  if (limit.longestSeconds && isFirst) return { seconds: await startWait(limit, key), isFirst, index }
  return { seconds: Math.max(1, Math.ceil((expire - now) / 1000)), isFirst, index }
}

/** $1: now; of each try its key, when it is forgotten and how many are allowed. Each locks its row after the one before. */
function takeText(count: number): string {
  const steps = Array.from({ length: count }, (_, n) => {
    const [key, expire, points] = [2, 3, 4].map(first => `$${first + 3 * n}`)
    const ifAllowed = n === 0 ? '' : `from try_${n - 1} where allowed`
    return `try_${n} as (
      insert into rate_limits as counter (key, points, expire) select ${key}::text, 1, ${expire}::bigint ${ifAllowed}
      on conflict (key) do update set
        points = case when counter.expire <= $1::bigint then 1 else counter.points + 1 end,
        expire = case when counter.expire <= $1::bigint then excluded.expire else counter.expire end
      returning points, expire, points <= ${points}::integer as allowed)`
  })
  const all = steps.map((_, n) => `select ${n} as step, points, expire, allowed from try_${n}`)
  return `with ${steps.join(', ')} ${all.join(' union all ')} order by step`
}

async function startWait(limit: Limit, key: string): Promise<number> {
  const now = clock.now().getTime()
  const [waited, counter] = [keyOf(waitsOf(limit), key), keyOf(limit.name, key)]
  const before = (await pointsOf(waited)) ?? 0
  const seconds = Math.min(limit.seconds * 2 ** before, limit.longestSeconds!)
  const until = now + seconds * 1000
  // The day begins when the wait is over.
  await keep(waited, { points: before + 1, expire: until + REMEMBER_WAITS_SECONDS * 1000 })
  await keep(counter, { points: limit.points + 1, expire: until })
  return seconds
}

const keep = (key: string, values: { points: number; expire: number }) =>
  database()
    .insert(rateLimits)
    .values({ key, ...values })
    .onConflictDoUpdate({ target: rateLimits.key, set: values })

async function pointsOf(key: string, db: Executor = database()): Promise<number | undefined> {
  const [found] = await db
    .select({ points: rateLimits.points })
    .from(rateLimits)
    .where(and(eq(rateLimits.key, key), isRunning()))
  return found?.points
}

const isRunning = () => gt(rateLimits.expire, clock.now().getTime())

/** Tries that count now. */
export const countedTries = async (db: Executor, limit: Limit, key: string): Promise<number> =>
  (await pointsOf(keyOf(limit.name, key), db)) ?? 0

/** Whether another try would be refused; counts none. */
export const isUsedUp = async (limit: Limit, key: string): Promise<boolean> =>
  ((await pointsOf(keyOf(limit.name, key))) ?? 0) >= limit.points

/** The same of any of these keys. */
export async function isAnyUsedUp(limit: Limit, keys: string[]): Promise<boolean> {
  const stored = keys.map(key => keyOf(limit.name, key))
  const full = and(inArray(rateLimits.key, stored), gte(rateLimits.points, limit.points), isRunning())
  return (await database().$count(rateLimits, full)) > 0
}

/** Takes back one try that was allowed, where a success should not count. */
export async function returnTry(limit: Limit, key: Key): Promise<void> {
  // One row after the other: two in one statement would be locked in either order, and block those who count.
  for (const [{ name }, text] of counted(limit, key)) {
    await database()
      .update(rateLimits)
      .set({ points: sql`${rateLimits.points} - 1` })
      .where(and(eq(rateLimits.key, keyOf(name, text)), gt(rateLimits.points, 0), isRunning()))
      .prepare('return_try')
      .execute()
  }
}

/** Forgets the tries of these keys, after a success. */
export async function forgetTries(limit: Limit, ...keys: string[]): Promise<void> {
  await forgottenTries(database(), limit, ...keys)
}

/** What forgetTries writes, to be written with more. */
export function forgottenTries(db: Executor, limit: Limit, ...keys: string[]) {
  const stored = keys.flatMap(key => [limit.name, waitsOf(limit)].map(name => keyOf(name, key)))
  return db.delete(rateLimits).where(inArray(rateLimits.key, stored))
}

/** Deletes counters that no longer count. */
export async function forgetOldTries(db: Database, now: Date): Promise<void> {
  await purge(db, rateLimits, rateLimits.expire, lt(rateLimits.expire, now.getTime()))
}

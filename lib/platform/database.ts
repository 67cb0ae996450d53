// The process's pools, made at first use: one for whoever waits at a page, one for jobs and commands.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Database, type Limits, openDatabase } from '../../db/client.ts'
import { answering } from './answering.ts'
import { type Env, env } from './env.ts'
import { errorFacts, log } from './log.ts'
import { type Following, followReplica } from './replica.ts'
import { onNobodysBehalf } from './request-id.ts'

/** `page`: somebody waits for an answer, a bank too. `job`: jobs, and what is run from the command line. */
type Work = 'page' | 'job'

// On globalThis: the framework loads this module once per bundle, and a process needs one pool of each kind.
const holder = globalThis as typeof globalThis & {
  dritaDatabases?: Map<Work, Database>
  dritaWork?: AsyncLocalStorage<Work>
  dritaReplica?: Following
}
holder.dritaDatabases ??= new Map()
holder.dritaWork ??= new AsyncLocalStorage<Work>()
const databases = holder.dritaDatabases
const currentWork = holder.dritaWork

/** The pool for the work that goes on. */
export function database(): Database {
  const url = env().DATABASE_URL
  if (!url) throw new Error('The setting DATABASE_URL is missing.')
  const work = currentWork.getStore() ?? 'page'
  let opened = databases.get(work)
  if (!opened) {
    opened = openDatabase(url, env().DATABASE_POOL, limitsOf(work), {
      onError: error =>
        onNobodysBehalf(() => log.warn(errorFacts(error), 'a connection to PostgreSQL broke')),
      met: () => answering.getStore(),
    })
    databases.set(work, opened)
  }
  return opened
}

/**
 * For what others, or feeds, wrote long ago, on pages that show much of it: a database that follows, where DATABASE_REPLICA_URL names
 * one that is near enough; else `database()`. That is also for a browser that has just sent something, and for jobs: they look for what was
 * written a moment ago. Reads alone, and no transactions.
 */
export function replica(): Database {
  const { DATABASE_REPLICA_URL: url, DATABASE_POOL, DATABASE_REPLICA_LAG_SECONDS } = env()
  if (!url || currentWork.getStore() === 'job' || answering.getStore()?.hasJustSent) return database()
  if (!holder.dritaReplica) {
    const limits = { ...limitsOf('page'), connect: REPLICA_CONNECT_MS }
    const opened = openDatabase(url, DATABASE_POOL, limits, {
      onError: error =>
        onNobodysBehalf(() => log.warn(errorFacts(error), 'a connection to the replica broke')),
      met: () => answering.getStore(),
    })
    holder.dritaReplica = followReplica(opened, database, DATABASE_REPLICA_LAG_SECONDS * 1000)
  }
  return holder.dritaReplica.database
}

/** There is another that can be asked. */
const REPLICA_CONNECT_MS = 1_000

/** Runs what nobody waits for at a page: it may take its time, and takes no connection from those who wait. */
export const asJob = <Value>(work: () => Value): Value => currentWork.run('job', work)

/** How each pool of this process stands, by the work it is for: connections at work and idle, and who waits for one. */
export function listPools(): { work: Work | 'replica'; inUse: number; idle: number; waiting: number }[] {
  const pools: [Work | 'replica', Database][] = [...databases]
  if (holder.dritaReplica) pools.push(['replica', holder.dritaReplica.pool])
  return pools.map(([work, { $client }]) => {
    const { totalCount, idleCount, waitingCount } = $client
    return { work, inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  })
}

/** Closes all of them. */
export async function closeDatabases(): Promise<void> {
  // It asks the primary how far that is.
  await holder.dritaReplica?.stop()
  holder.dritaReplica = undefined
  const opened = [...databases.values()]
  databases.clear()
  await Promise.all(opened.map(({ $client }) => $client.end()))
}

/** The limits of the settings, for a kind of work. */
export function limitsOf(work: Work | 'feed', settings: Env = env()): Limits {
  const seconds = {
    page: settings.DATABASE_PAGE_SECONDS,
    job: settings.DATABASE_JOB_SECONDS,
    feed: settings.DATABASE_FEED_SECONDS,
  }
  const lock = work === 'page' ? settings.DATABASE_PAGE_LOCK_SECONDS : settings.DATABASE_JOB_LOCK_SECONDS
  return {
    connect: settings.DATABASE_CONNECT_SECONDS * 1000,
    statement: seconds[work] * 1000,
    lock: lock * 1000,
    idle: settings.DATABASE_IDLE_SECONDS * 1000,
  }
}

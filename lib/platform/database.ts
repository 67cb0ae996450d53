// The process's pools, made at first use: one for whoever waits at a page, one for jobs and commands.
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Database, type Limits, openDatabase } from '../../db/client.ts'
import { answering } from './answering.ts'
import { type Env, env } from './env.ts'
import { errorFacts, log } from './log.ts'

/** `page`: somebody waits for an answer, a bank too. `job`: jobs, and what is run from the command line. */
type Work = 'page' | 'job'

// On globalThis: the framework loads this module once per bundle, and a process needs one pool of each kind.
const holder = globalThis as typeof globalThis & {
  dritaDatabases?: Map<Work, Database>
  dritaWork?: AsyncLocalStorage<Work>
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
      onError: error => log.warn(errorFacts(error), 'a connection to PostgreSQL broke'),
      met: () => answering.getStore(),
    })
    databases.set(work, opened)
  }
  return opened
}

/** Runs what nobody waits for at a page: it may take its time, and takes no connection from those who wait. */
export const asJob = <Value>(work: () => Value): Value => currentWork.run('job', work)

/** Closes all of them. */
export async function closeDatabases(): Promise<void> {
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

// Runs the queue's jobs in this process, lane by lane.
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, parseCrontab, type Runner, run, type WorkerEvents } from 'graphile-worker'
import { askAt, type Database, openDatabase, refusePooler } from '../../db/client.ts'
import { limitsOf } from '../platform/database.ts'
import { followDatabaseClock } from '../platform/database-clock.ts'
import { type Env, env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import { onNobodysBehalf } from '../platform/request-id.ts'
import { followJobs } from './ended.ts'
import { reportFailedJobs } from './failed.ts'
import { LANES, type Lane, taskList } from './handlers.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import { listResting } from './resting.ts'

/** Each lane listens on one; taking jobs and writing down their ends share the others. */
const CONNECTIONS = Object.keys(LANES).length + 2
/**
 * Milliseconds. A process that has missed three beats is taken for dead. A lane that ended is started again after a while. Of new
 * jobs a lane is told at once; it asks of its own for those that were put off to a time, or freed.
 */
const TIMES = { beatMs: 10_000, deadMs: 40_000, restartMs: 5_000, pollMs: 2_000 }
type Times = typeof TIMES

/** How the queue is used here. */
export const PRESET = {
  worker: {
    // Without a batch the queue's last writes are not waited for, and one that fails ends the process.
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    // A plan made once for all lanes would go by priority, through what waits in the others (index jobs_by_task).
    preparedStatements: false,
  },
}

/** In UTC; what is daily when few are awake, and made up for where it was missed within a day. A scan waits for the last. */
export const CALENDAR = [
  '10 1 * * * make-audit-months ?fill=1d',
  '15 1 * * * forget-account-data ?fill=1d',
  '20 1 * * * forget-directories ?fill=1d',
  '30 1 * * * forget-tries ?fill=1d',
  '45 * * * * forget-forms ?fill=1d',
  '45 1 * * * remove-old-documents ?fill=1d',
  '50 1 * * * forget-drafts ?fill=1d',
  '55 1 * * * forget-viewers ?fill=1d',
  '0 2 * * * forget-messages ?fill=1d',
  '5 2 * * * forget-notices ?fill=1d',
  '15 2 * * * forget-payment-events ?fill=1d',
  '17 2 * * * forget-settlements ?fill=1d',
  '20 2 * * * forget-pay-links ?fill=1d',
  '25 2 * * * forget-readings ?fill=1d',
  '30 2 * * * forget-events ?fill=1d',
  '40 2 * * * forget-looks ?fill=1d',
  '50 2 * * * forget-feed-files ?fill=1d',
  '40 5 * * * find-unsettled ?fill=1d',
  '0 6 * * * report-silent-billers ?fill=1d',
  '*/10 * * * * sweep-payments',
  '*/10 * * * * sweep-refunds',
  '*/10 * * * * count-requests ?queue=count-requests&jobKey=count-requests',
  '*/10 * * * * end-access ?queue=end-access&jobKey=end-access',
  '*/5 * * * * scan-documents ?queue=scan-documents&jobKey=scan-documents',
  '* * * * * hand-over-notices ?queue=hand-over-notices&jobKey=hand-over-notices',
  // Eight in the morning, in summer and in winter; what the first made the second leaves alone.
  '5 6 * * * make-reminders ?fill=1d&queue=make-reminders&jobKey=make-reminders',
  '5 7 * * * make-reminders ?fill=1d&id=make-reminders-in-winter&queue=make-reminders&jobKey=make-reminders',
  '0 * * * * report-failed-jobs',
].join('\n')

/** The queue's own lines. What became of a job is left out: its handler's wrapper says it, without the payload. */
const logger = new Logger(() => (level, message, meta) => {
  if (meta?.failure || meta?.success) return
  const facts = meta?.error ? { message, ...errorFacts(meta.error) } : { message }
  if (level === 'error') log.error(facts, 'jobs')
  else if (level === 'warning') log.warn(facts, 'jobs')
})

export type JobRunner = {
  /** Takes no new jobs, waits for those under way and until the queue has written down what became of them. */
  stop: () => Promise<void>
}

/** PostgreSQL itself. */
const addressOf = (settings: Env): string => settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL!

/** Whether jobs could run with these settings, for a start that is about to write: throws as startJobs does. */
export const checkJobsAddress = (settings: Env): Promise<void> =>
  askAt(addressOf(settings), settings.DATABASE_CONNECT_SECONDS * 1000, refusePooler)

/** Starts taking jobs. Throws an Error of one sentence where it is led to a PgBouncer: it listens for new jobs. */
export async function startJobs(times = TIMES): Promise<JobRunner> {
  const db = openDatabase(addressOf(env()), CONNECTIONS, limitsOf('job'), {
    onError: error => onNobodysBehalf(() => log.warn(errorFacts(error), 'a connection of the queue broke')),
  })
  // The queue wants to see one; the client has its own.
  db.$client.on('connect', () => {})
  const client = await db.$client.connect()
  try {
    await refusePooler(client)
  } catch (error) {
    void db.$client.end()
    throw error
  } finally {
    client.release()
  }
  const following = await followDatabaseClock(db)
  const heartbeat = await startHeartbeat(db, times)
  const lanes: JobRunner[] = []
  for (const lane of Object.keys(LANES) as Lane[]) lanes.push(await startLane(lane, db, heartbeat, times))
  await reportFailedJobs(db)
  return {
    stop: async () => {
      await Promise.all(lanes.map(lane => lane.stop()))
      await heartbeat.stop()
      following.stop()
      await db.$client.end()
    },
  }
}

/** Runs a lane; one that ends by itself, as after an outage of the database, is started again. */
async function startLane(lane: Lane, db: Database, heartbeat: Heartbeat, times: Times): Promise<JobRunner> {
  const stopping = new AbortController()
  const { signal } = stopping
  const keepRunning = async (first: Runner) => {
    for (let runner: Runner | undefined = first; ; ) {
      if (runner) await untilEnded(runner, signal)
      if (signal.aborted) return
      log.error({ lane }, 'a lane of jobs ended and is started again')
      await sleep(times.restartMs, undefined, { signal }).catch(() => {})
      runner = await runLane(lane, db, heartbeat, times).catch(error => {
        log.error({ lane, ...errorFacts(error) }, 'a lane of jobs could not be started')
        return undefined
      })
    }
  }
  const ended = keepRunning(await runLane(lane, db, heartbeat, times))
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

/** Stops the runner when `stopping` says so. */
async function untilEnded(runner: Runner, stopping: AbortSignal): Promise<void> {
  const stop = () => runner.stop().catch(error => log.warn(errorFacts(error), 'jobs could not be stopped'))
  if (stopping.aborted) await stop()
  else stopping.addEventListener('abort', stop)
  await runner.promise.catch(() => {})
  stopping.removeEventListener('abort', stop)
}

async function runLane(lane: Lane, db: Database, heartbeat: Heartbeat, times: Times): Promise<Runner> {
  const events: WorkerEvents = new EventEmitter()
  followJobs(events)
  events.on('pool:create', ({ workerPool }) => heartbeat.pools.add(workerPool.id))
  events.on('pool:release', ({ workerPool }) => heartbeat.pools.delete(workerPool.id))
  return run({
    pgPool: db.$client,
    taskList: taskList(lane),
    parsedCronItems: lane === 'background' ? parseCrontab(CALENDAR) : [],
    concurrency: LANES[lane],
    pollInterval: times.pollMs,
    forbiddenFlags: () => listResting(db),
    noHandleSignals: true,
    logger,
    events,
    preset: PRESET,
  })
}

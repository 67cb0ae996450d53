// The queue, run to its end by a worker of a test's own.
import { Logger, type RunnerOptions, runOnce } from 'graphile-worker'
import pg from 'pg'

/**
 * Does the jobs that are due and returns when its connections are closed: the worker's own pool is still closing when it
 * returns, and a database dropped then would end the process with an error that nobody listens for.
 */
export async function runDueJobs(
  taskList: RunnerOptions['taskList'],
  { url = process.env.DATABASE_URL, preset }: { url?: string; preset?: RunnerOptions['preset'] } = {},
): Promise<void> {
  const pgPool = new pg.Pool({ connectionString: url })
  pgPool.on('error', () => {}).on('connect', client => client.on('error', () => {}))
  try {
    await runOnce({ pgPool, taskList, preset, noHandleSignals: true, logger: new Logger(() => () => {}) })
  } finally {
    await pgPool.end()
  }
}

// The steps that `npm start` and `npm run serve` share: what has to hold before, the web processes, and the jobs beside them.
import net from 'node:net'
import { checkStore } from '../../lib/files/store-mark.ts'
import { outsidePattern } from '../../lib/http/inside-address.ts'
import { startMetrics } from '../../lib/metrics/node.ts'
import { routesOfBuild } from '../../lib/metrics/requests.ts'
import { checkAccounts } from '../../lib/payments/accounts.ts'
import { closeDatabases, database } from '../../lib/platform/database.ts'
import type { Env } from '../../lib/platform/env.ts'
import { startJobs } from '../../lib/worker/runner.ts'
import { startServer } from '../../server.ts'
import { atEnd, lost } from './running.ts'
import { countServing, startWebProcesses } from './web-processes.ts'

/** Finds out before the long steps whether the port is free. */
export async function checkPort({ PORT, DEMO }: Env): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(PORT, DEMO ? '127.0.0.1' : undefined, () => probe.close(() => resolve()))
  })
}

/** What the database knows of must be here: the folder of documents, the secrets of accounts at banks. The schema is up to date. */
export async function checkBelongings(): Promise<void> {
  atEnd(closeDatabases)
  await checkStore(database())
  await checkAccounts()
}

/** Serves, with jobs beside it where the settings say so. */
export async function startServing({ WEB_PROCESSES, JOBS_IN_PROCESS }: Env): Promise<void> {
  // Undone after the server has closed: what is still asked for has jobs.
  let stopJobs: (() => unknown) | undefined
  atEnd(() => stopJobs?.())
  const ofWeb = {
    processes: WEB_PROCESSES,
    countServing: WEB_PROCESSES === 1 ? () => 1 : countServing,
    routes: () => routesOfBuild(outsidePattern),
  }
  atEnd((await startMetrics(ofWeb)).stop)
  const server = WEB_PROCESSES === 1 ? await startServer() : await startWebProcesses(WEB_PROCESSES, lost)
  atEnd(server.close, server.drain)
  // After the server: the demonstration's bank, which jobs ask, answers there.
  if (JOBS_IN_PROCESS) stopJobs = (await startJobs()).stop
}

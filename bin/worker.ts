// `npm run worker`: runs jobs apart from the web server, where that has JOBS_IN_PROCESS=off.
import './start/production.ts'
import { getSigner } from '../lib/certificates/signing-key.ts'
import { startMetrics } from '../lib/metrics/node.ts'
import { getDkim } from '../lib/notifications/smtp.ts'
import { log } from '../lib/platform/log.ts'
import { printToLog } from '../lib/platform/printed.ts'
import { checkJobsAddress, startJobs } from '../lib/worker/runner.ts'
import { checkMigrated } from './start/migrating.ts'
import { atEnd, run, unlessStopped } from './start/running.ts'
import { checkBelongings } from './start/serving.ts'
import { readServingSettings } from './start/settings.ts'

async function work(): Promise<void> {
  const settings = readServingSettings(['DATABASE_URL'])
  if (!settings.DEMO) printToLog()
  getSigner()
  await checkJobsAddress(settings)
  getDkim()
  await checkMigrated(settings.DATABASE_URL!)
  await unlessStopped(checkBelongings)
  await unlessStopped(async () => atEnd((await startMetrics()).stop))
  await unlessStopped(async () => atEnd((await startJobs()).stop))
  log.info('Running jobs')
}

await run(work, () => log.info('stopping'))

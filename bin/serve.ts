// `npm run serve`: serves what is built and migrated, as the role that serves. It builds nothing, migrates nothing and starts no database.
import './start/production.ts'
import { getSigner } from '../lib/certificates/signing-key.ts'
import { getDkim } from '../lib/notifications/smtp.ts'
import { log } from '../lib/platform/log.ts'
import { printToLog } from '../lib/platform/printed.ts'
import { checkJobsAddress } from '../lib/worker/runner.ts'
import { buildFault } from './start/build.ts'
import { checkMigrated } from './start/migrating.ts'
import { run, unlessStopped } from './start/running.ts'
import { checkBelongings, checkPort, startServing } from './start/serving.ts'
import { readServingSettings } from './start/settings.ts'

async function serve(): Promise<void> {
  const settings = readServingSettings()
  if (!settings.DEMO) printToLog()
  const fault = buildFault()
  if (fault) throw new Error(fault)
  getSigner()
  getDkim()
  await checkPort(settings)
  if (settings.JOBS_IN_PROCESS) await checkJobsAddress(settings)
  await checkMigrated(settings.DATABASE_URL!)
  await unlessStopped(checkBelongings)
  await unlessStopped(() => startServing(settings))
  log.info({ address: settings.APP_URL, port: settings.PORT }, 'Drita is ready')
}

await run(serve, () => log.info('stopping'))

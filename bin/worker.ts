// `npm run worker`: runs jobs apart from the web server, where that has JOBS_IN_PROCESS=off.
import { getSigner } from '../lib/certificates/signing-key.ts'
import { checkStore } from '../lib/files/store-mark.ts'
import { checkAccounts } from '../lib/payments/accounts.ts'
import { closeDatabases, database } from '../lib/platform/database.ts'
import { env, unknownSettings } from '../lib/platform/env.ts'
import { type JobRunner, startJobs } from '../lib/worker/runner.ts'
import { migrate } from './start/migrating.ts'

for (const sentence of unknownSettings(process.env)) console.error(sentence)
let jobs: JobRunner
try {
  if (!env().DATABASE_URL) throw new Error('The setting DATABASE_URL is missing.')
  getSigner()
  await migrate(env(), console.error)
  await checkStore(database())
  await checkAccounts()
  jobs = await startJobs()
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
console.log('Running jobs; Ctrl-C stops.')
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    if (stopping) return
    stopping = true
    await jobs.stop()
    await closeDatabases()
    process.exit(0)
  })
}

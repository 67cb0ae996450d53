// What a command that works on the database does around its own work: reads what was asked, starts what is missing, says how it ended.
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { closeDatabases } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { shownError } from './shown.ts'
import { checkMigrated, migrate, ownerUrl } from './start/migrating.ts'
import { readSettings } from './start/settings.ts'

/**
 * Performs what was asked for, `call`, or says what is wrong with it. The process ends with what `perform` returns: 0 when it was
 * done, 1 when not; 2 where it was called wrongly.
 */
export async function runCommand<Call extends object>(
  call: Call | string,
  usage: string,
  perform: (call: Call) => Promise<number>,
): Promise<void> {
  if (typeof call === 'string') {
    console.error(`${call}\n\n${usage}`)
    process.exit(2)
  }
  let server: { url: string; stop: () => Promise<void> } | undefined
  try {
    const settings = readSettings()
    if (!settings.DATABASE_URL) {
      server = await startEmbeddedPostgres(settings.DATA_DIR)
      process.env.DATABASE_URL = server.url
    }
    // That of a demonstration has nobody else who would.
    if (server) await migrate(env(), console.error)
    else await checkMigrated(ownerUrl(settings)!)
    process.exitCode = await perform(call)
  } catch (error) {
    console.error(`Nothing was changed. ${shownError(error)}`)
    process.exitCode = 1
  } finally {
    await closeDatabases()
    await server?.stop()
  }
}

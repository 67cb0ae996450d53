// Tokens for tests that send feeds to a portal that runs.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Portal, SECRET } from './portal-process.ts'

/** The header of a new token of the biller's, made by the command as people make it. */
export async function bearerOf({ databaseUrl, dataDir }: Portal, biller: string): Promise<string> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    DEMO: 'on',
    AUTH_SECRET: SECRET,
  }
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/feed-token.ts', '--biller', biller], {
    env,
  })
  return `Bearer ${/^drita-feed-[\w-]+$/m.exec(stdout)![0]}`
}

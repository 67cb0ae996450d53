// Builds of the drill's own, whose forms both know by one key.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.resolve(import.meta.dirname, '../..')

/** The key of a deployment's: it counts when the portal is built, and must outlive a build. */
export const FORM_KEY = Buffer.from('a-key-of-the-drill-only-01234567').toString('base64')

/** Builds the portal where that has not been done since it changed; returns the folder for NEXT_DIST_DIR. */
export async function build(folder: string): Promise<string> {
  const env = { ...process.env, NEXT_DIST_DIR: folder, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: FORM_KEY }
  await promisify(execFile)(process.execPath, ['bin/start/build.ts'], { cwd: root, env }).catch(error => {
    throw new Error(`The portal could not be built:\n${error.stdout}${error.stderr}`)
  })
  return folder
}

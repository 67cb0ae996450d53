// What nodes and workers run: sources with a build of the drill's own. Forms of all builds know each other by one key.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

export type Release = {
  /** The folder of its sources, with its packages installed. */
  root: string
  /** The folder of its build in there, for NEXT_DIST_DIR. */
  build: string
}

/** Of the sources that the drill is part of. */
export const ROOT = path.resolve(import.meta.dirname, '../..')

/** The key of a deployment's: it counts when the portal is built, and must outlive a build. */
export const FORM_KEY = Buffer.from('a-key-of-the-drill-only-01234567').toString('base64')

/** Builds the release where that has not been done since its sources changed. */
export async function buildRelease(release: Release): Promise<Release> {
  const { root, build } = release
  const env = { ...process.env, NEXT_DIST_DIR: build, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: FORM_KEY }
  await promisify(execFile)(process.execPath, ['bin/start/build.ts'], { cwd: root, env }).catch(error => {
    throw new Error(`The portal in ${root} could not be built:\n${error.stdout}${error.stderr}`)
  })
  return release
}

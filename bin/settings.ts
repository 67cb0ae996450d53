// The settings of what a person runs, on one machine without any too.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Env, parseEnv, unknownSettings } from '../lib/platform/env.ts'

/**
 * The settings, after the defaults of a start on one machine; a demonstration gets a secret of its own, kept. Says which
 * names look like settings and are none.
 */
export function readSettings(): Env {
  const given = process.env
  for (const sentence of unknownSettings(given)) console.error(sentence)
  if (!given.DEMO) given.DEMO = given.DATABASE_URL ? 'off' : 'on'
  const demonstration = ['on', 'true', '1'].includes(given.DEMO)
  if (demonstration) {
    // No balancer is to be told, and Ctrl-C ends at once.
    if (!given.DRAIN_SECONDS) given.DRAIN_SECONDS = '0'
    if (!given.APP_URL) given.APP_URL = `http://localhost:${given.PORT || 3000}`
    if (!given.AUTH_SECRET) given.AUTH_SECRET = keptSecret(path.resolve(given.DATA_DIR || '.data'))
  }
  if (!given.WEB_PROCESSES) {
    given.WEB_PROCESSES = demonstration ? '1' : String(Math.min(os.availableParallelism(), 64))
  }
  return parseEnv(given)
}

function keptSecret(folder: string): string {
  const file = path.join(folder, 'auth-secret')
  fs.mkdirSync(folder, { recursive: true })
  if (!fs.existsSync(file)) {
    // Renamed when whole, so that no start ever reads half of it.
    const partial = `${file}.${process.pid}`
    fs.writeFileSync(partial, randomBytes(32).toString('base64url'), { mode: 0o600 })
    fs.renameSync(partial, file)
  }
  return fs.readFileSync(file, 'utf8')
}

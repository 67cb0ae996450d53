// The settings of what a person runs, on one machine without any too.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Env, parseEnv, unknownSettings } from '../../lib/platform/env.ts'

/**
 * The settings, after the defaults of a start on one machine; a demonstration gets secrets of its own, kept. Says which
 * names look like settings and are none.
 */
export function readSettings(): Env {
  const given = process.env
  for (const sentence of unknownSettings(given)) console.error(sentence)
  const demonstration = isDemonstration()
  if (!given.DEMO) given.DEMO = demonstration ? 'on' : 'off'
  if (demonstration) {
    // No balancer is to be told, and Ctrl-C ends at once.
    if (!given.DRAIN_SECONDS) given.DRAIN_SECONDS = '0'
    if (!given.APP_URL) given.APP_URL = `http://localhost:${given.PORT || 3000}`
    if (!given.AUTH_SECRET) given.AUTH_SECRET = keptSecret('auth-secret', 'base64url')
    keepFormsKey()
  }
  if (!given.WEB_PROCESSES) {
    given.WEB_PROCESSES = demonstration ? '1' : String(Math.min(os.availableParallelism(), 64))
  }
  return parseEnv(given)
}

export const isDemonstration = (): boolean =>
  process.env.DEMO ? ['on', 'true', '1'].includes(process.env.DEMO) : !process.env.DATABASE_URL

/** In a demonstration: the key with which a build's forms are found and opened, the same for the next build. */
export function keepFormsKey(): void {
  if (process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY) return
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = keptSecret('forms-key', 'base64')
}

/** 32 random bytes, made at first use. */
function keptSecret(name: string, encoding: 'base64' | 'base64url'): string {
  const folder = path.resolve(process.env.DATA_DIR || '.data')
  const file = path.join(folder, name)
  fs.mkdirSync(folder, { recursive: true })
  if (!fs.existsSync(file)) {
    // Renamed when whole, so that no start ever reads half of it.
    const partial = `${file}.${process.pid}`
    fs.writeFileSync(partial, randomBytes(32).toString(encoding), { mode: 0o600 })
    fs.renameSync(partial, file)
  }
  return fs.readFileSync(file, 'utf8')
}

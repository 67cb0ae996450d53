// The settings of what a person runs, on one machine without any too.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Env, parseEnv, unknownSettings } from '../../lib/platform/env.ts'
import { log } from '../../lib/platform/log.ts'
import { selfSigned } from './self-signed.ts'

/**
 * The settings, after the defaults of a start on one machine; a demonstration gets secrets of its own, kept. Says which
 * names look like settings and are none. Throws as parseEnv does.
 */
export function readSettings(needed: readonly (keyof Env)[] = []): Env {
  const given = process.env
  for (const sentence of unknownSettings(given)) console.error(sentence)
  const demonstration = isDemonstration()
  if (!given.DEMO) given.DEMO = demonstration ? 'on' : 'off'
  if (demonstration) {
    // No balancer is to be told, and Ctrl-C ends at once.
    if (!given.DRAIN_SECONDS) given.DRAIN_SECONDS = '0'
    // Somebody reads along, who wants to know where it is and what is wrong.
    if (!given.LOG_LEVEL) given.LOG_LEVEL = 'warn'
    if (!given.APP_URL) given.APP_URL = `http://localhost:${given.PORT || 3000}`
    if (!given.AUTH_SECRET) given.AUTH_SECRET = keptSecret('auth-secret', 'base64url')
    keepFormsKey()
    if (!given.CERTIFICATE_KEY_FILE && !given.CERTIFICATE_CHAIN_FILE) {
      const file = keptFile('signing-key.pem', demonstrationKey)
      Object.assign(given, { CERTIFICATE_KEY_FILE: file, CERTIFICATE_CHAIN_FILE: file })
    }
  }
  if (!given.WEB_PROCESSES) {
    given.WEB_PROCESSES = demonstration ? '1' : String(Math.min(os.availableParallelism(), 64))
  }
  const settings = parseEnv(given, needed)
  log.level = settings.LOG_LEVEL
  return settings
}

/** The same where others start the database and build the portal: without DEMO it is for customers. */
export function readServingSettings(needed: readonly (keyof Env)[] = SERVING): Env {
  if (!process.env.DEMO) process.env.DEMO = 'off'
  // Nobody sits at its terminal, of a demonstration either.
  if (!process.env.LOG_LEVEL) process.env.LOG_LEVEL = 'info'
  return readSettings(needed)
}

/** What serving needs beside what every start needs; the key names the forms of a build. */
const SERVING = ['DATABASE_URL', 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'] as const

/** Those of the database alone: whatever else serving needs is of no use here, and need not be set. */
export const readDatabaseSettings = (needed: readonly (keyof Env)[] = []): Env =>
  parseEnv(
    {
      APP_URL: 'http://localhost',
      AUTH_SECRET: 'not used '.repeat(4),
      ...process.env,
      DEMO: 'on',
    },
    needed,
  )

export const isDemonstration = (): boolean =>
  process.env.DEMO ? ['on', 'true', '1'].includes(process.env.DEMO) : !process.env.DATABASE_URL

/** In a demonstration: the key with which a build's forms are found and opened, the same for the next build. */
export function keepFormsKey(): void {
  if (process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY) return
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = keptSecret('forms-key', 'base64')
}

/** 32 random bytes, made at first use. */
const keptSecret = (name: string, encoding: 'base64' | 'base64url'): string =>
  fs.readFileSync(
    keptFile(name, () => randomBytes(32).toString(encoding)),
    'utf8',
  )

/** The path of a file of DATA_DIR that only this user reads; `make` says what is in it, at first use. */
function keptFile(name: string, make: () => string): string {
  const folder = path.resolve(process.env.DATA_DIR || '.data')
  const file = path.join(folder, name)
  fs.mkdirSync(folder, { recursive: true })
  if (!fs.existsSync(file)) {
    // Renamed when whole, so that no start ever reads half of it.
    const partial = `${file}.${process.pid}`
    fs.writeFileSync(partial, make(), { mode: 0o600 })
    fs.renameSync(partial, file)
  }
  return file
}

const TWENTY_YEARS_MS = 20 * 365 * 86_400_000

/** A key and its certificate in one file: never one without the other. */
function demonstrationKey(): string {
  const now = Date.now()
  const { key, certificate } = selfSigned(
    'Drita (demonstration)',
    new Date(now),
    new Date(now + TWENTY_YEARS_MS),
  )
  return key + certificate
}

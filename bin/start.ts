// The steps of `npm start`: settings, database, migrations, demonstration, build, jobs, server; and back at the end.
import './start/production.ts'
import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { isRunning } from '../db/embedded-files.ts'
import { sentenceOf } from '../db/errors.ts'
import { getSigner } from '../lib/certificates/signing-key.ts'
import { checkStore } from '../lib/files/store-mark.ts'
import { checkAccounts } from '../lib/payments/accounts.ts'
import { asJob, closeDatabases, database } from '../lib/platform/database.ts'
import { type Env, env } from '../lib/platform/env.ts'
import { startJobs } from '../lib/worker/runner.ts'
import { startServer } from '../server.ts'
import { build, buildIsStale } from './start/build.ts'
import { migrate } from './start/migrating.ts'
import { demonstrationAccounts, demonstrationStaff, seedDemonstration } from './start/seed.ts'
import { readSettings } from './start/settings.ts'
import { startWebProcesses } from './start/web-processes.ts'

/** What has to be undone at the end, in the order it was done. */
const undo: (() => unknown)[] = []
let stopping = false
let ready = false
let building: ChildProcess | undefined
const startedAt = performance.now()

class Stopped extends Error {}

async function start(): Promise<void> {
  const settings = readSettings()
  const embedded = !settings.DATABASE_URL
  if (embedded) {
    await step('Starting PostgreSQL', async () => {
      const server = await startEmbeddedPostgres(settings.DATA_DIR, { only: true, onLost: lost })
      undo.push(server.stop)
      process.env.DATABASE_URL = server.url
    })
  }
  await checkPort(settings)
  // Before the long steps, and after the embedded server's address is a setting: they are read once.
  getSigner()
  await step('Bringing the database up to date', () => migrate(env(), say))
  undo.push(closeDatabases)
  await checkStore(database())
  await checkAccounts()
  if (settings.DEMO) await step('Loading the demonstration', () => asJob(seedDemonstration))
  if (buildIsStale()) {
    await step('Building the portal (about a minute)', () =>
      build(say, child => {
        building = child
      }),
    )
  }
  await step('Starting the server', async () => {
    const { WEB_PROCESSES } = settings
    // Undone after the server has closed: what is still asked for has jobs.
    let stopJobs: (() => unknown) | undefined
    undo.push(() => stopJobs?.())
    const server = WEB_PROCESSES === 1 ? await startServer() : await startWebProcesses(WEB_PROCESSES, lost)
    undo.push(server.close, server.drain)
    if (settings.JOBS_IN_PROCESS) {
      // After the server: the demonstration's bank, which jobs ask, answers there.
      stopJobs = (await startJobs()).stop
    }
  })
  announce(settings)
  ready = true
}

/** Finds out before the long steps whether the port is free. */
async function checkPort({ PORT, DEMO }: Env): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(PORT, DEMO ? '127.0.0.1' : undefined, () => probe.close(() => resolve()))
  })
}

async function step(what: string, work: () => Promise<unknown>): Promise<void> {
  if (stopping) throw new Stopped()
  console.log(`${what} …`)
  const began = performance.now()
  try {
    await work()
  } catch (error) {
    throw stopping ? new Stopped() : error
  }
  console.log(`  done in ${seconds(began)}`)
  if (stopping) throw new Stopped()
}

const say = (line: string) => console.log(`  ${line}`)

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`

function announce(settings: Env): void {
  console.log(`\nDrita is ready after ${seconds(startedAt)}: ${settings.APP_URL}`)
  if (settings.DEMO) {
    const accounts = demonstrationAccounts.map(account => `${account.username} (${account.contractCode})`)
    const staff = demonstrationStaff.map(({ username, role }) =>
      username === role ? role : `${username} (${role})`,
    )
    console.log(`This is a demonstration, for this machine only.
  Sign in as ${accounts.join(' or ')} with the password ${settings.DEMO_PASSWORD}.
  Staff, same password: ${staff.join(', ')}; each sign-in asks for a code, which is in /outbox.
  To register: Arben Hoxha (OSHEE, AL0000001, J00101999W), Blerta Krasniqi (KESCO, DPR-6687, 1234567892).
  Codes and messages: ${new URL('/outbox', settings.APP_URL)}`)
  }
  console.log('Ctrl-C stops it.')
}

/** PostgreSQL or a web process is gone for good. */
function lost(error: Error): void {
  console.error(sentence(error))
  void end(1)
}

function stop(): void {
  if (stopping) return
  stopping = true
  console.log('\nStopping …')
  building?.kill('SIGTERM')
  // While it starts, the step under way ends first.
  if (ready) void end(0)
}

/** Undoes what was done, the last first, and ends the process. */
async function end(status: number): Promise<void> {
  stopping = true
  for (const action of undo.splice(0).reverse()) {
    try {
      await action()
    } catch (error) {
      console.error(sentence(error))
      status = 1
    }
  }
  process.exit(status)
}

/** `npm start` killed with SIGKILL cannot tell us; without it nobody would stop the portal. */
function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event !== 'start') return
  // npm starts a shell, and that starts us; some shells give way to what they start.
  const parent = process.ppid
  const shell = /^(?:ba|da)?sh$/.test(readProc(parent, 'comm'))
  const npm = shell ? Number(/^PPid:\s*(\d+)/m.exec(readProc(parent, 'status'))?.[1] ?? parent) : parent
  setInterval(() => {
    if (process.ppid !== parent || !isRunning(npm)) stop()
  }, 500).unref()
}

/** A file of /proc; empty where there is none. */
function readProc(pid: number, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8').trim()
  } catch {
    return ''
  }
}

/** What a person can do something about, in one sentence; a stack only for what nobody expected. */
function sentence(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Port ${process.env.PORT || 3000} is taken: give another one with PORT.`
  const said = sentenceOf(error)
  if (said) return `The database cannot be used: ${said}.`
  if (code === 'EACCES') return `Not permitted: ${message}.`
  return error instanceof Error && error.constructor === Error && !code ? message : String(stack ?? error)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
stopWithNpm()

try {
  await start()
} catch (error) {
  if (!(error instanceof Stopped)) console.error(sentence(error))
  await end(error instanceof Stopped ? 0 : 1)
}

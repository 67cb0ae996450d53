// The steps of `npm start`: settings, database, migrations, demonstration, build, jobs, server; and back at the end.
import './start/production.ts'
import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { isRunning } from '../db/embedded-files.ts'
import { getSigner } from '../lib/certificates/signing-key.ts'
import { asJob } from '../lib/platform/database.ts'
import { type Env, env } from '../lib/platform/env.ts'
import { printToLog } from '../lib/platform/printed.ts'
import { checkJobsAddress } from '../lib/worker/runner.ts'
import { build, buildFault } from './start/build.ts'
import { migrate } from './start/migrating.ts'
import { atEnd, lost, run, stop, unlessStopped } from './start/running.ts'
import { demonstrationAccounts, demonstrationStaff, seedDemonstration } from './start/seed.ts'
import { checkBelongings, checkPort, startServing } from './start/serving.ts'
import { readSettings } from './start/settings.ts'

let building: ChildProcess | undefined
const startedAt = performance.now()

async function start(): Promise<void> {
  const settings = readSettings()
  if (!settings.DEMO) printToLog()
  if (!settings.DATABASE_URL) {
    await step('Starting PostgreSQL', async () => {
      const server = await startEmbeddedPostgres(settings.DATA_DIR, { only: true, onLost: lost })
      atEnd(server.stop)
      process.env.DATABASE_URL = server.url
    })
  }
  await checkPort(settings)
  // Before the long steps, and after the embedded server's address is a setting: they are read once.
  getSigner()
  if (settings.JOBS_IN_PROCESS) await unlessStopped(() => checkJobsAddress(env()))
  await step('Bringing the database up to date', () => migrate(env(), say))
  await checkBelongings()
  if (settings.DEMO) await step('Loading the demonstration', () => asJob(seedDemonstration))
  if (buildFault()) {
    await step('Building the portal (about a minute)', () =>
      build(say, child => {
        building = child
      }),
    )
  }
  await step('Starting the server', () => startServing(settings))
  announce(settings)
}

async function step(what: string, work: () => Promise<unknown>): Promise<void> {
  await unlessStopped(async () => {
    console.log(`${what} …`)
    const began = performance.now()
    await work()
    console.log(`  done in ${seconds(began)}`)
  })
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

stopWithNpm()
await run(start, () => {
  console.log('\nStopping …')
  building?.kill('SIGTERM')
})

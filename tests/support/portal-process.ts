// Starts and ends the portal as `npm start` or `npm run serve` does, as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { cloneTemplate, rows } from './postgres.ts'
import { signingFile } from './signing.ts'

export { rows } from './postgres.ts'

export type Portal = {
  /** Its address, without a slash at the end. */
  url: string
  databaseUrl: string
  pid: number
  /** Its DATA_DIR, thrown away at its end. */
  dataDir: string
  /** What it wrote so far. */
  output: () => string
  /** Of it, what somebody should see to: nothing that is told of every request. */
  complaints: () => string
  /** Ends it as Ctrl-C does. */
  stop: () => Promise<void>
  /** Ends it as `kill -9` does. */
  kill: () => Promise<void>
}

/** The AUTH_SECRET of the portals of tests. */
export const SECRET = 'a-secret-of-the-tests-only-0123456789'

const START_MS = 180_000
const ROOT = path.resolve(import.meta.dirname, '../..')

/** `root`: where another release of the portal is. */
type Options = {
  port?: number
  program?: string
  root?: string
  [variable: string]: string | number | undefined
}

/** Starts a demonstration on the database, on `port` (default: a free one); serves the build of the tests. */
export async function startPortal(
  databaseUrl: string,
  { port, program = 'bin/start.ts', root = ROOT, ...variables }: Options = {},
): Promise<Portal> {
  const chosen = port ?? (await freePort())
  const url = `http://localhost:${chosen}`
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-data-'))
  // A new folder each time, and what was in the last one is gone.
  if (!variables.DATA_DIR) {
    await rows(databaseUrl, 'delete from document_store').catch(
      () => 'there is no such table before the first start',
    )
  }
  const child = spawn(process.execPath, [program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NEXT_DIST_DIR: '.next-test',
      npm_lifecycle_event: '',
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      // Else a message would wait for the morning.
      QUIET_HOURS: 'off',
      DEMO: 'on',
      PORT: String(chosen),
      APP_URL: url,
      AUTH_SECRET: SECRET,
      CERTIFICATE_KEY_FILE: signingFile('current'),
      CERTIFICATE_CHAIN_FILE: signingFile('current'),
      ...(variables as Record<string, string>),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  // An answer would not do: with several web processes the first one may answer before the last one serves.
  for (const until = Date.now() + START_MS; !output.includes('Drita is ready'); ) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`The portal did not start:\n${output}`)
    }
    await sleep(100)
  }
  const endWith = async (signal: NodeJS.Signals) => {
    if (!hasEnded(child)) {
      child.kill(signal)
      await once(child, 'exit')
    }
    fs.rmSync(dataDir, { recursive: true, force: true })
  }
  return {
    url,
    databaseUrl,
    pid: child.pid!,
    dataDir,
    output: () => output,
    complaints: () =>
      output
        .split('\n')
        .filter(line => !/^\{"level":[123]0,/.test(line))
        .join('\n'),
    stop: () => endWith('SIGTERM'),
    kill: () => endWith('SIGKILL'),
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** A database of its own: a copy of the demonstration that the global setup made. */
export const cloneDemonstration = () => cloneTemplate(process.env.E2E_DATABASE_URL!)

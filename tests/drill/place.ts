// Where the drill happens: PostgreSQL with a replica, a PgBouncer before it, two nodes of the portal, workers, nginx before the nodes,
// and an S3-compatible store for documents.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { type Nginx, startNginx } from '../support/nginx.ts'
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { type Portal, startPortal } from '../support/portal-process.ts'
import { type S3Double, startS3Double } from '../support/s3-double.ts'
import { type Made, makeCustomers, openDrillDatabase } from './paying.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { FORM_KEY, type Release, ROOT } from './releases.ts'

const POOLER_CONNECTIONS = 10
const START_MS = 180_000
const STORE_KEY = 'drill'

type Variables = Record<string, string>

export type Place = {
  postgres: Postgres
  bouncer: PgBouncer
  nginx: Nginx
  /** Where documents are. */
  store: S3Double
  nodes: [Node, Node]
  /** What nodes and workers have in common, and what they run, from their next start on. */
  settings: Variables
  release: Release
  /** Customers with contracts to pay (paying.ts), as the release that the place began with makes them. */
  makeCustomers: (accounts: number, contractsEach: number) => Promise<Made[]>
  /** `npm run worker`, on the same settings and `variables`. */
  startWorker: (variables?: Variables) => Promise<Process>
  end: () => Promise<void>
}

/** A node on a port of its own. */
export type Node = {
  /** As it was started last. */
  portal: Portal
  /** What somebody should see to, of all its starts. */
  complaints: () => string
  start: (variables?: Variables) => Promise<void>
  restart: (variables?: Variables) => Promise<void>
}

export type Process = {
  pid: number
  /** What it wrote so far. */
  output: () => string
  /** Its exit status, once it has ended. */
  ended: Promise<number | null>
  kill: () => Promise<void>
  stop: () => Promise<void>
}

export async function openPlace(release: Release): Promise<Place> {
  const undo: (() => unknown)[] = []
  const end = async () => {
    for (const action of undo.splice(0).reverse()) await action()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => end().finally(() => process.exit(130)))
  try {
    const postgres = await startPostgres()
    undo.push(postgres.end)
    const bouncer = await startPgBouncer(postgres.behind(), POOLER_CONNECTIONS)
    undo.push(bouncer.stop)
    const ports = [await freePort(), await freePort()] as const
    const nginx = await startNginx([...ports])
    undo.push(nginx.stop)
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-drill-data-'))
    undo.push(() => fs.rmSync(dataDir, { recursive: true, force: true }))
    const store = await startS3Double(STORE_KEY)
    undo.push(store.stop)
    const settings = {
      ...settingsFor(postgres, bouncer, nginx, dataDir),
      S3_ENDPOINT: store.url,
      NEXT_DIST_DIR: release.build,
    }
    const place: Place = {
      postgres,
      bouncer,
      nginx,
      store,
      nodes: ports.map(port => makeNode(port, () => place)) as [Node, Node],
      settings,
      release,
      makeCustomers: await customersOf(release, postgres.url),
      startWorker: async (variables = {}) => {
        const worker = runProgram(WORKER, { ...variablesOf(place), ...variables }, place.release.root)
        undo.push(worker.kill)
        await untilSaid(worker, 'Running jobs')
        return worker
      },
      end,
    }
    undo.push(() => Promise.all(place.nodes.map(({ portal }) => portal?.stop())))
    for (const node of place.nodes) await node.start()
    await postgres.addReplica()
    return place
  } catch (error) {
    await end()
    throw error
  }
}

function settingsFor(postgres: Postgres, bouncer: PgBouncer, nginx: Nginx, dataDir: string): Variables {
  return {
    DATABASE_URL: bouncer.url,
    DATABASE_DIRECT_URL: postgres.serving,
    DATABASE_OWNER_URL: postgres.owner,
    DATABASE_REPLICA_URL: postgres.following,
    DATA_DIR: dataDir,
    APP_URL: nginx.url,
    TRUSTED_PROXIES: '127.0.0.1, ::1',
    AUTH_SECRET: 'a-secret-of-the-drill-only-0123456789',
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: FORM_KEY,
    JOBS_IN_PROCESS: 'off',
    STORAGE: 's3',
    S3_BUCKET: 'documents',
    S3_REGION: 'eu-central-1',
    S3_ACCESS_KEY_ID: STORE_KEY,
    S3_SECRET_ACCESS_KEY: 'of-the-drill',
    // Payments need the sandbox bank.
    DEMO: 'on',
    // The same few people ask for codes, and pay, all the time.
    LIMIT_PAYMENTS_PER_HOUR: '1000',
    LIMIT_CODE_SENDS_PER_HOUR: '1000',
    LIMIT_CODE_SENDS_PER_DAY: '1000',
    // As outside of a demonstration.
    DRAIN_SECONDS: '5',
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
  }
}

const variablesOf = ({ settings, release }: Place): Variables => ({
  ...settings,
  NEXT_DIST_DIR: release.build,
})

/** Each of hundreds of rows would wait for two disks. */
const AT_ONCE = encodeURIComponent('-c synchronous_commit=off')

/** Another release has other tables: its own drill fills them. */
async function customersOf({ root }: Release, url: string): Promise<Place['makeCustomers']> {
  const own = { makeCustomers, openDrillDatabase }
  const its: typeof own = root === ROOT ? own : await import(path.join(root, 'tests/drill/paying.ts'))
  return async (accounts, contractsEach) => {
    const db = its.openDrillDatabase(`${url}?options=${AT_ONCE}`)
    try {
      return await its.makeCustomers(db, accounts, contractsEach)
    } finally {
      await db.$client.end()
    }
  }
}

function makeNode(port: number, place: () => Place): Node {
  const started: Portal[] = []
  const node = {
    complaints: () => started.map(portal => portal.complaints()).join('\n'),
    start: async (variables: Variables = {}) => {
      const { settings, release } = place()
      const given = { ...variablesOf(place()), ...variables, port, root: release.root }
      node.portal = await startPortal(settings.DATABASE_URL!, given)
      started.push(node.portal)
    },
    restart: async (variables: Variables = {}) => {
      await node.portal.stop()
      await node.start(variables)
    },
  } as Node
  return node
}

/** What its nodes said last that somebody should see to, for whoever looks into an error. */
export const lastWords = ({ nodes }: Place): string =>
  nodes.map((node, index) => `node ${index + 1} said last:\n${node.complaints().slice(-3000)}`).join('\n')

/** What `npm run worker` runs. */
export const WORKER = ['bin/worker.ts']

/** A program of the project's, by what node is told; `root`: where another release of it is. */
export function runProgram(parameters: string[], variables: Variables, root = ROOT): Process {
  const child = spawn(process.execPath, parameters, {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = once(child, 'exit').then(([status]) => status as number | null)
  const endWith = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
  }
  return {
    pid: child.pid!,
    output: () => output,
    ended,
    kill: () => endWith('SIGKILL'),
    stop: () => endWith('SIGTERM'),
  }
}

async function untilSaid(program: Process, words: string): Promise<void> {
  const ended = program.ended.then(() => 'ended')
  for (const until = Date.now() + START_MS; !program.output().includes(words); ) {
    if ((await Promise.race([ended, sleep(100)])) === 'ended' || Date.now() > until) {
      await program.kill()
      throw new Error(`A worker did not start:\n${program.output()}`)
    }
  }
}

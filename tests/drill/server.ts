// One PostgreSQL without whoever starts it again: the drill starts it, ends it, and lets it stand still.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type EmbeddedFiles, spawnAs } from '../../db/embedded-files.ts'

const run = promisify(execFile)
const GONE_MS = 10_000

export type Server = {
  port: number
  /** The folder of its data. */
  cluster: string
  /** Waits until it answers. */
  start: () => Promise<void>
  /** `fast`: transactions under way are broken off; `immediate`: nothing is written down any more. */
  stop: (how?: 'fast' | 'immediate') => Promise<void>
  /** Ends it with `kill -9`, and every process of its. */
  kill: () => Promise<void>
  /** It answers nobody, and nobody is told. */
  freeze: () => void
  thaw: () => void
  /** Makes a replica one that writes. */
  promote: () => Promise<void>
  isRunning: () => boolean
}

export function makeServer(files: EmbeddedFiles, cluster: string, port: number): Server {
  const log = `${cluster}.log`
  const pidFile = path.join(cluster, 'postmaster.pid')
  const control = (...parameters: string[]) =>
    run(path.join(files.native, 'bin/pg_ctl'), ['-D', cluster, '-w', ...parameters], spawnAs(files.owner))
  const settings = [
    'listen_addresses=127.0.0.1',
    "unix_socket_directories=''",
    'max_connections=200',
    'timezone=UTC',
    // A replica asks so often for a server that is being restarted; by default every 5 s, and so long who writes waits for it.
    'wal_retrieve_retry_interval=200ms',
  ]
  if (process.platform === 'linux') settings.push('dynamic_shared_memory_type=sysv')
  const options = [`-p ${port}`, ...settings.map(setting => `-c ${setting}`)].join(' ')
  const processes = () => {
    const server = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0])
    const children = fs.readFileSync(`/proc/${server}/task/${server}/children`, 'utf8')
    return [server, ...children.trim().split(' ').filter(Boolean).map(Number)]
  }
  const signal = (pids: number[], name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name)
      } catch {
        // A connection that has just ended.
      }
    }
  }
  return {
    port,
    cluster,
    start: async () => {
      await control('start', '-t', '60', '-l', log, '-o', options).catch(error => {
        throw new Error(`PostgreSQL did not start (${error.message}):\n${lastLines(log)}`)
      })
    },
    stop: async (how = 'immediate') => void (await control('stop', '-m', how)),
    kill: async () => {
      const pids = processes()
      signal(pids, 'SIGKILL')
      for (const until = Date.now() + GONE_MS; pids.some(isAlive); await sleep(10)) {
        if (Date.now() > until) throw new Error('PostgreSQL outlives kill -9.')
      }
      // Its number may be somebody else's by now.
      fs.rmSync(pidFile, { force: true })
    },
    freeze: () => signal(processes(), 'SIGSTOP'),
    thaw: () => signal(processes(), 'SIGCONT'),
    promote: async () => void (await control('promote')),
    isRunning: () => {
      try {
        return isAlive(processes()[0]!)
      } catch {
        return false
      }
    },
  }
}

/** One that has ended, and that nobody asked about yet, has no words any more. */
function isAlive(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
  } catch {
    return false
  }
}

const lastLines = (file: string) => fs.readFileSync(file, 'utf8').split('\n').slice(-15).join('\n')

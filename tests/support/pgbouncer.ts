// Debian's PgBouncer as deploy/pgbouncer.ini sets it up, before the databases of a test and with addresses of this machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../db/embedded.ts'

export type PgBouncer = {
  /** The way through it to the database. */
  url: string
  /** Ends it at once, as a machine that is switched off does. */
  kill: () => Promise<void>
  /** Starts it again on its port after that. */
  restart: () => Promise<void>
  /** Ends it as systemd does: first the transactions under way. */
  finish: () => Promise<void>
  /** Says something at its console: PAUSE, RESUME. */
  command: (words: string) => Promise<void>
  /** Leads its clients to the database at another address, from their next transaction on. */
  leadTo: (url: string) => Promise<void>
  stop: () => Promise<void>
}

/** Debian puts it where not everybody's PATH leads. */
const PROGRAM = '/usr/sbin/pgbouncer'
const SAMPLE = path.resolve(import.meta.dirname, '../../deploy/pgbouncer.ini')

/** Starts one before the database at `url`, with so few connections to it that clients take turns. */
export async function startPgBouncer(url: string, connections = 2): Promise<PgBouncer> {
  const { username, password, pathname } = new URL(url)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-pgbouncer-'))
  fs.chmodSync(folder, 0o755)
  const listenPort = await freePort()
  const file = path.join(folder, 'pgbouncer.ini')
  const users = path.join(folder, 'userlist.txt')
  fs.writeFileSync(users, `"${username}" "${password}"\n`)
  const lead = (to: string) => fs.writeFileSync(file, configuration(to, users, listenPort, connections))
  lead(url)
  let child: ChildProcess
  const start = async () => {
    child = spawn(PROGRAM, ['-q', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    for (const until = Date.now() + 10_000; !(await listens(listenPort)); await sleep(20)) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`PgBouncer did not start:\n${said}`)
    }
  }
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  const command = (words: string) =>
    tell(`postgres://${username}:${password}@127.0.0.1:${listenPort}/pgbouncer`, words)
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${listenPort}${pathname}`,
    kill,
    restart: start,
    finish: async () => {
      child.kill('SIGINT')
      await once(child, 'exit')
    },
    command,
    leadTo: async to => {
      lead(to)
      await command('RELOAD')
    },
    stop: async () => {
      await kill()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The sample with the addresses of this machine; who uses it may also use its console. */
function configuration(url: string, users: string, listenPort: number, connections: number): string {
  const { username, hostname, port, pathname } = new URL(url)
  const sample = exchange(fs.readFileSync(SAMPLE, 'utf8'), [
    [/^drita = .*$/m, `${pathname.slice(1)} = host=${hostname} port=${port}`],
    [/^(listen_addr) = .*$/m, '$1 = 127.0.0.1'],
    [/^(listen_port) = .*$/m, `$1 = ${listenPort}`],
    [/^(unix_socket_dir) = .*$/m, '$1 ='],
    [/^(logfile) = .*\n/m, ''],
    [/^(pidfile) = .*\n/m, ''],
    [/^(auth_file) = .*$/m, `$1 = ${users}`],
    [/^(default_pool_size) = .*$/m, `$1 = ${connections}`],
  ])
  const asRoot = process.getuid?.() === 0
  return `${sample}admin_users = ${username}\n${asRoot ? 'user = nobody\n' : ''}`
}

/** Throws where the sample has changed so that a line is not found. */
function exchange(sample: string, exchanges: [RegExp, string][]): string {
  return exchanges.reduce((text, [pattern, by]) => {
    if (!pattern.test(text)) throw new Error(`deploy/pgbouncer.ini has nothing like ${pattern}`)
    return text.replace(pattern, by)
  }, sample)
}

/** The console knows plain statements alone. */
async function tell(url: string, words: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(words)
  await client.end()
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

// Debian's PgBouncer before the databases of a test, in transaction mode.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'

export type PgBouncer = {
  /** The way through it to the database. */
  url: string
  /** Ends it at once, as a machine that is switched off does. */
  kill: () => Promise<void>
  /** Starts it again on its port after that. */
  restart: () => Promise<void>
  stop: () => Promise<void>
}

/** Debian puts it where not everybody's PATH leads. */
const PROGRAM = '/usr/sbin/pgbouncer'

/** Starts one before the database at `url`, with so few connections to it that clients take turns. */
export async function startPgBouncer(url: string, connections = 2): Promise<PgBouncer> {
  const { username, password, hostname, port, pathname } = new URL(url)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-pgbouncer-'))
  fs.chmodSync(folder, 0o755)
  const listenPort = await freePort()
  const file = path.join(folder, 'pgbouncer.ini')
  const asRoot = process.getuid?.() === 0
  fs.writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 200
${asRoot ? 'user = nobody' : ''}
`,
  )
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
  return {
    url: `postgres://${username}@127.0.0.1:${listenPort}${pathname}`,
    kill,
    restart: start,
    stop: async () => {
      await kill()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

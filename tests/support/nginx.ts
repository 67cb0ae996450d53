// Debian's nginx as docs/nginx.conf sets it up, with addresses of this machine and without TLS.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'

/** Debian puts it where not everybody's PATH leads. */
const PROGRAM = '/usr/sbin/nginx'
const SAMPLE = path.resolve(import.meta.dirname, '../../docs/nginx.conf')

export type Nginx = {
  /** Its address, without a slash at the end. */
  url: string
  /** What it logged of requests so far. */
  requests: () => string
  stop: () => Promise<void>
}

/** Starts it before nodes of this machine. */
export async function startNginx(nodes: number[], port?: number): Promise<Nginx> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-nginx-'))
  // Its workers run as nobody where it is started by root.
  fs.chmodSync(folder, 0o755)
  const listenPort = port ?? (await freePort())
  const log = path.join(folder, 'requests.log')
  const file = path.join(folder, 'nginx.conf')
  fs.writeFileSync(file, mainConfiguration(folder, sampleFor(nodes, listenPort, log)))
  const parameters = ['-e', path.join(folder, 'error.log'), '-p', folder, '-c', file]
  const checked = spawnSync(PROGRAM, ['-t', ...parameters], { encoding: 'utf8' })
  if (checked.status !== 0) throw new Error(`nginx does not take docs/nginx.conf:\n${checked.stderr}`)
  const child = spawn(PROGRAM, parameters, { stdio: 'ignore' })
  for (const until = Date.now() + 10_000; !(await listens(listenPort)); await sleep(20)) {
    if (child.exitCode !== null || Date.now() > until) {
      throw new Error(`nginx did not start:\n${fs.readFileSync(path.join(folder, 'error.log'), 'utf8')}`)
    }
  }
  return {
    url: `http://localhost:${listenPort}`,
    requests: () => fs.readFileSync(log, 'utf8'),
    stop: async () => {
      await end(child)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The sample with these nodes and this port. Throws where it has changed so that a line is not found. */
function sampleFor(nodes: number[], port: number, log: string): string {
  let text = fs.readFileSync(SAMPLE, 'utf8')
  const replace = (pattern: RegExp, by: string) => {
    if (!pattern.test(text)) throw new Error(`docs/nginx.conf has nothing like ${pattern}`)
    text = text.replace(pattern, by)
  }
  const [, settings = ''] = /server 10\.0\.0\.11:3000 (.*);/.exec(text) ?? []
  replace(
    /( *server 10\.0\.0\.\d+:3000 .*;\n)+/,
    nodes.map(node => `server 127.0.0.1:${node} ${settings};\n`).join(''),
  )
  replace(/listen 443 ssl http2;/, `listen 127.0.0.1:${port};`)
  replace(/server_name .*;/, 'server_name localhost;')
  replace(/( *ssl_certificate\w* .*;\n)+/, '')
  replace(/access_log \S+ /, `access_log ${log} `)
  return text
}

const mainConfiguration = (folder: string, http: string) => `daemon off;
pid ${folder}/nginx.pid;
worker_processes 1;
events { worker_connections 1024; }
http {
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join('\n')}
${http}
}
`

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

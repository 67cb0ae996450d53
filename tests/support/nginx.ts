// Debian's nginx as deploy/nginx.conf sets it up, with addresses of this machine and without TLS.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { signingFile } from './signing.ts'

/** Debian puts it where not everybody's PATH leads. */
const PROGRAM = '/usr/sbin/nginx'
export const SAMPLE = path.resolve(import.meta.dirname, '../../deploy/nginx.conf')

export type Nginx = {
  /** Its address, without a slash at the end. */
  url: string
  /** What it logged of requests so far. */
  requests: () => string
  /** Ends all of it at once. */
  kill: () => Promise<void>
  /** Starts it again on its port after that. */
  restart: () => Promise<void>
  stop: () => Promise<void>
}

/** Starts it before nodes of this machine. */
export async function startNginx(nodes: number[], port?: number): Promise<Nginx> {
  const folder = makeFolder()
  const listenPort = port ?? (await freePort())
  const parameters = checked(folder, withoutTls(sampleFor(folder, nodes, listenPort)))
  let child: ChildProcess
  const start = async () => {
    // Who is killed leaves it, and the next one could not listen on it.
    fs.rmSync(plainSocket(folder), { force: true })
    child = spawn(PROGRAM, parameters, { stdio: 'ignore' })
    for (const until = Date.now() + 10_000; !(await listens(listenPort)); await sleep(20)) {
      if (child.exitCode !== null || Date.now() > until) {
        throw new Error(`nginx did not start:\n${fs.readFileSync(path.join(folder, 'error.log'), 'utf8')}`)
      }
    }
  }
  await start()
  return {
    url: `http://localhost:${listenPort}`,
    requests: () => fs.readFileSync(path.join(folder, 'drita.log'), 'utf8'),
    kill: () => killAll(child),
    restart: start,
    stop: async () => {
      await end(child)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Has nginx judge the sample with TLS. Throws with what it says where it does not take it. */
export async function checkNginxSample(): Promise<void> {
  const folder = makeFolder()
  try {
    checked(folder, sampleFor(folder, [3000, 3001], await freePort()))
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-nginx-'))
  // Its workers run as nobody where it is started by root.
  fs.chmodSync(folder, 0o755)
  return folder
}

/** Writes the configuration and has nginx check it; the parameters to start it with. Throws with what it says. */
function checked(folder: string, sample: string): string[] {
  const file = path.join(folder, 'nginx.conf')
  fs.writeFileSync(file, mainConfiguration(folder, sample))
  const parameters = ['-e', path.join(folder, 'error.log'), '-p', folder, '-c', file]
  const { status, stderr } = spawnSync(PROGRAM, ['-t', ...parameters], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`nginx does not take deploy/nginx.conf:\n${stderr}`)
  return parameters
}

/** In place of port 80, which another server of this machine may have. */
const plainSocket = (folder: string) => path.join(folder, 'plain.sock')

/** The sample with these nodes, this port, and files in the folder. Throws where it has changed so that a line is not found. */
function sampleFor(folder: string, nodes: number[], port: number): string {
  const sample = fs.readFileSync(SAMPLE, 'utf8')
  const [, settings = ''] = /server 10\.0\.0\.11:3000 (.*);/.exec(sample) ?? []
  const pem = signingFile('current')
  return exchange(sample, [
    [
      /( *server 10\.0\.0\.\d+:3000 .*;\n)+/,
      nodes.map(node => `server 127.0.0.1:${node} ${settings};\n`).join(''),
    ],
    [/listen 80;/, `listen unix:${plainSocket(folder)};`],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port} ssl http2;`],
    [/server_name .*;/g, 'server_name localhost;'],
    [/(ssl_certificate\w*) .*;/g, `$1 ${pem};`],
    [/access_log \S+ drita;/, `access_log ${folder}/drita.log drita;`],
    [/error_log \S+ /, `error_log ${folder}/error.log `],
  ])
}

const withoutTls = (sample: string): string =>
  exchange(sample, [
    [/ ssl http2;/, ';'],
    [/( *ssl_certificate\w* .*;\n)+/, ''],
  ])

function exchange(sample: string, exchanges: [RegExp, string][]): string {
  return exchanges.reduce((text, [pattern, by]) => {
    if (text.search(pattern) < 0) throw new Error(`deploy/nginx.conf has nothing like ${pattern}`)
    return text.replace(pattern, by)
  }, sample)
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

/** Its workers would serve on without it, and keep its port. */
async function killAll(child: ChildProcess): Promise<void> {
  const workers = fs.readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
  child.kill('SIGKILL')
  for (const worker of workers.filter(Boolean)) process.kill(Number(worker), 'SIGKILL')
  await once(child, 'exit')
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

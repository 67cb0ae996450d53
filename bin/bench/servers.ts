// The servers that are measured: the portal and the bare page, each a process of its own, and who is signed in.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { BROWSER_COOKIE } from '../../lib/platform/browser-cookie.ts'
import { customer } from './data.ts'

const root = path.resolve(import.meta.dirname, '../..')
const next = path.join(root, 'node_modules/next/dist/bin/next')
const bare = path.join(import.meta.dirname, 'bare')
const START_MS = 120_000
const CLOCK_TICKS_PER_SECOND = 100

export type Server = {
  url: string
  /** Of the process, in MB. */
  memory: () => number
  /** CPU seconds that the process has used. */
  cpuSeconds: () => number
  stop: () => Promise<void>
}

/** The portal as `npm start` runs it, on a database; limits on guesses are out of the way. `variables`: settings besides. */
export async function startPortal(
  databaseUrl: string,
  variables: Record<string, string> = {},
): Promise<Server> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  return start(url, `${url}/api/health`, ['bin/start.ts'], {
    DATABASE_URL: databaseUrl,
    DEMO: 'on',
    // One process against one.
    WEB_PROCESSES: '1',
    PORT: String(port),
    APP_URL: url,
    AUTH_SECRET: 'a-secret-of-the-bench-only-0123456789',
    // As customers are served.
    LOG_LEVEL: 'info',
    LIMIT_SIGN_IN_PER_ACCOUNT: '1000000',
    LIMIT_SIGN_IN_PER_ADDRESS: '1000000',
    LIMIT_SIGN_INS_PER_HOUR: '1000000',
    SESSIONS_PER_ACCOUNT: '1000000',
    ...variables,
  })
}

/** The same rows by the same statement, and nothing else that a portal needs. Built where that has not been done. */
export async function startBare(databaseUrl: string, contractCode: string): Promise<Server> {
  if (!fs.existsSync(path.join(bare, '.next/BUILD_ID'))) {
    const build = spawn(process.execPath, [next, 'build', bare], {
      cwd: root,
      env: production({}),
      stdio: 'ignore',
    })
    const [status] = await once(build, 'exit')
    if (status !== 0) throw new Error('The bare page could not be built.')
  }
  const port = await freePort()
  const url = `http://localhost:${port}`
  return start(url, `${url}/invoices`, [next, 'start', bare, '-p', String(port)], {
    DATABASE_URL: databaseUrl,
    CONTRACT_CODE: contractCode,
    USERNAME: customer.username,
  })
}

const production = (variables: Record<string, string>) => ({
  ...process.env,
  NODE_ENV: 'production' as const,
  NEXT_TELEMETRY_DISABLED: '1',
  npm_lifecycle_event: '',
  ...variables,
})

async function start(
  url: string,
  ready: string,
  command: string[],
  variables: Record<string, string>,
): Promise<Server> {
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: production(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
  }
  for (const until = Date.now() + START_MS; !(await answers(ready)); await sleep(200)) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`A server did not start:\n${output}`)
    }
  }
  return {
    url,
    memory: () => Number(/VmRSS:\s*(\d+)/.exec(proc(child, 'status'))![1]) / 1024,
    cpuSeconds: () => {
      const [user, system] = proc(child, 'stat').split(') ')[1]!.split(' ').slice(11, 13).map(Number)
      return (user! + system!) / CLOCK_TICKS_PER_SECOND
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

const proc = (child: ChildProcess, name: string) => fs.readFileSync(`/proc/${child.pid}/${name}`, 'utf8')

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** The sign-in form as it is sent without JavaScript: its hidden fields and what was typed. */
export async function signInForms(url: string, count: number): Promise<Send> {
  // The same form sent again would only be told what the first was.
  const forms: [string, string][][] = []
  for (let n = 0; n < count; n++) forms.push(await hiddenFields(`${url}/sign-in`))
  return (identifier, password) => {
    const body = new FormData()
    for (const [name, value] of forms.pop()!) body.append(name, value)
    body.append('identifier', identifier)
    body.append('password', password)
    const headers = { origin: url, cookie: COOKIE }
    return fetch(`${url}/sign-in`, { method: 'POST', body, headers, redirect: 'manual' })
  }
}

export type Send = (identifier: string, password: string) => Promise<Response>

const COOKIE = `lang=en; ${BROWSER_COOKIE}=${'a'.repeat(22)}`

/** Of the form with an identifier. */
async function hiddenFields(page: string): Promise<[string, string][]> {
  const text = await (await fetch(page, { headers: { cookie: COOKIE } })).text()
  const form = [...text.matchAll(/<form\b[\s\S]*?<\/form>/g)]
    .map(match => match[0])
    .find(form => form.includes('name="identifier"'))
  return [...form!.matchAll(/<input type="hidden"[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?/g)].map(
    ([, name, value = '']) => [name!, decode(value)],
  )
}

const decode = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** The cookie header of a session that the customer has just begun. */
export async function signIn(url: string): Promise<string> {
  const answer = await (await signInForms(url, 1))(customer.username, customer.password)
  const cookies = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0])
  if (answer.status !== 303 || cookies.length === 0)
    throw new Error(`Signing in was answered with ${answer.status}.`)
  return cookies.join('; ')
}

// The embedded PostgreSQL after everything that can end a process at the wrong moment.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../db/embedded.ts'
import { rows } from '../support/postgres.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-embedded-'))
fs.chmodSync(folder, 0o755)
const pidFile = path.join(folder, 'postgres/cluster/postmaster.pid')
const serverPid = () => Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0])
const only = { only: true }
const open: EmbeddedPostgres[] = []

afterAll(async () => {
  for (const server of open) await server.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function start(options = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(folder, options)
  open.push(server)
  return server
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  open.splice(open.indexOf(server), 1)
  await server.stop()
}

/** Another process that starts the server and stays. */
async function otherProcess(): Promise<ChildProcess> {
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve('db/embedded.ts'))}
    await startEmbeddedPostgres(${JSON.stringify(folder)}, { only: true })
    console.log('started')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data')
  return child
}

test('outlives a killed process, serves the next one and ends with it', async () => {
  const other = await otherProcess()
  const pid = serverPid()
  const refused = startEmbeddedPostgres(folder, only)
  await expect(refused).rejects.toThrow(`The portal runs already on the data in ${folder}`)
  other.kill('SIGKILL')
  await once(other, 'exit')

  const server = await start(only)
  expect(serverPid()).toBe(pid)
  await rows(server.url, "create table kept as select 'it' as what")
  await stop(server)
  expect(fs.existsSync(pidFile)).toBe(false)
})

test('is started again on its port when it is killed while in use, and after a stale pid file', async () => {
  const server = await start(only)
  const pid = serverPid()
  process.kill(pid, 'SIGKILL')
  let found: unknown
  for (let tries = 0; !found && tries < 100; tries += 1) {
    await sleep(100)
    found = await rows(server.url, 'select what from kept').catch(() => undefined)
  }
  expect(found).toEqual([{ what: 'it' }])
  expect(serverPid()).not.toBe(pid)
  await stop(server)

  // The number of a process that lives and is no server of ours.
  fs.writeFileSync(pidFile, `${process.pid}\n${path.dirname(pidFile)}\n0\n1\n\n127.0.0.1\n0 0\nready   \n`)
  const next = await start(only)
  expect(await rows(next.url, 'select what from kept')).toEqual([{ what: 'it' }])
  await stop(next)
})

test.runIf(process.env.DEEP)('serves two at once and runs until the last of them leaves', async () => {
  const [first, second] = await Promise.all([start(), start()])
  expect(first.url).toBe(second.url)
  await stop(first)
  expect(await rows(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
  const [third] = await Promise.all([start(), stop(second)])
  expect(await rows(third.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await stop(third)
  expect(fs.existsSync(pidFile)).toBe(false)
})

test.runIf(process.env.DEEP)('starts after a first start that was killed half-way', async () => {
  const half = path.join(folder, 'half')
  fs.mkdirSync(path.join(half, 'postgres/cluster.partial-999999/base'), { recursive: true })
  const server = await startEmbeddedPostgres(half)
  expect(await rows(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
  expect(fs.readdirSync(path.join(half, 'postgres')).sort()).toEqual(['cluster', 'postgres.log'])
})

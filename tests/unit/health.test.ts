import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { watchHealth } from '../../lib/http/health.ts'

let database: () => Promise<boolean> = async () => true
let asked = 0
vi.mock('../../db/readiness.ts', () => ({
  watchDatabase: () => ({
    isCurrent: () => {
      asked += 1
      return database()
    },
    end: async () => {},
  }),
}))
vi.mock('../../lib/platform/env.ts', async load => ({
  ...(await load<object>()),
  env: () => ({ DATABASE_URL: 'postgres://nowhere' }),
}))

let health = watchHealth()
const server = http.createServer((request, response) => {
  if (!health.answer(request, response)) response.writeHead(404).end()
})
beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise(resolve => server.close(resolve)))
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  health = watchHealth()
  database = async () => true
  asked = 0
})
afterEach(() => health.end())

const ask = async (path: string) => {
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  return [answer.status, ((await answer.json()) as { status: string }).status]
}
const silent = () => new Promise<boolean>(() => {})
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000)

test('a database that does not answer makes not ready after ten seconds and no sooner, and alive all the while', async () => {
  expect(await ask('/api/ready')).toEqual([200, 'ready'])
  database = async () => {
    throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' })
  }
  await seconds(10)
  expect(await ask('/api/ready')).toEqual([200, 'ready'])
  await seconds(1)
  expect(await ask('/api/ready')).toEqual([503, 'database'])
  expect(await ask('/api/health')).toEqual([200, 'ok'])
  database = async () => true
  await seconds(1)
  expect(await ask('/api/ready')).toEqual([200, 'ready'])
  database = silent
  await seconds(12)
  expect(await ask('/api/ready')).toEqual([503, 'database'])
})

test('it is asked once a second, however often the portal is', async () => {
  await Promise.all(Array.from({ length: 50 }, () => ask('/api/ready')))
  expect(asked).toBe(1)
  await seconds(3)
  expect(asked).toBe(4)
})

test('a schema that is behind is not ready, and neither is a portal that stops', async () => {
  database = async () => false
  expect(await ask('/api/ready')).toEqual([503, 'migrations'])
  database = async () => true
  await seconds(1)
  expect(await ask('/api/ready')).toEqual([200, 'ready'])
  health.stop()
  expect(await ask('/api/ready')).toEqual([503, 'stopping'])
  expect(await ask('/api/health')).toEqual([200, 'ok'])
})

import net, { type AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { watchDatabase } from '../../db/readiness.ts'
import { clock, machine } from '../../lib/platform/clock.ts'
import { lookAtDatabaseClock } from '../../lib/platform/database-clock.ts'
import { log } from '../../lib/platform/log.ts'
import { testDatabase } from '../support/database.ts'

const db = await testDatabase()
const url = process.env.DATABASE_URL!

const watch = (urls = [url]) => {
  const watched = watchDatabase(urls, 300)
  onTestFinished(watched.end)
  return watched
}

/** Something that takes connections as PostgreSQL does, and answers the first message with `bytes`. */
async function listen(bytes?: Buffer): Promise<string> {
  const server = net.createServer(socket => {
    socket.on('error', () => {}).once('data', () => bytes && socket.end(bytes))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `postgres://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/none`
}

const refusal = (code: string, message: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

test('a database that lacks a migration of this build is not current', async () => {
  const watched = watch()
  expect(await watched.isCurrent()).toBe(true)
  await db.execute(sql`update drizzle.__drizzle_migrations set created_at = created_at - 1`)
  expect(await watched.isCurrent()).toBe(false)
  await db.execute(sql`update drizzle.__drizzle_migrations set created_at = created_at + 1`)
  expect(await watched.isCurrent()).toBe(true)
})

test('an ended connection is replaced', async () => {
  const watched = watch()
  await watched.isCurrent()
  await db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'drita-ready' and datname = current_database()`,
  )
  await expect.poll(() => watched.isCurrent().catch(() => false)).toBe(true)
})

test('a database that is busy is there: it lets one in', async () => {
  const watched = watch()
  await watched.isCurrent()
  await db.transaction(async transaction => {
    await transaction.execute(sql`lock table drizzle.__drizzle_migrations in access exclusive mode`)
    expect(await watched.isCurrent()).toBe(true)
  })
  for (const full of [
    refusal('53300', 'sorry, too many clients already'),
    refusal('08P01', 'no more connections allowed (max_client_conn)'),
  ]) {
    expect(await watch([await listen(full), url]).isCurrent()).toBe(true)
  }
})

test('one that is not there, does not answer, or cannot reach PostgreSQL is not', async () => {
  const gone = 'postgres://nobody@127.0.0.1:1/none'
  const cannotConnect = refusal('08P01', 'pgbouncer cannot connect to server')
  for (const failing of [gone, await listen(), await listen(cannotConnect)]) {
    await expect(watch([failing]).isCurrent()).rejects.toThrow()
    await expect(watch([failing, url]).isCurrent()).rejects.toThrow()
  }
})

test('a machine whose clock is wrong goes by the database’s, and says so', async () => {
  const right = Date.now.bind(Date)
  const said = vi.spyOn(log, 'error').mockImplementation(() => {})
  onTestFinished(() => void vi.restoreAllMocks())
  for (const wrongBy of [600_000, -600_000]) {
    vi.spyOn(Date, 'now').mockImplementation(() => right() + wrongBy)
    await lookAtDatabaseClock(db)
    await lookAtDatabaseClock(db)
    expect(Math.abs(clock.now().getTime() - right())).toBeLessThan(5_000)
  }
  expect(said.mock.calls.map(([facts]) => facts)).toEqual([{ behindSeconds: -600 }, { behindSeconds: 600 }])
  vi.spyOn(Date, 'now').mockImplementation(right)
  await lookAtDatabaseClock(db)
  expect(machine.behindMs).toBe(0)
})

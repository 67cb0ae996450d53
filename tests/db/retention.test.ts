// What is forgotten, and what is not yet.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { parseCrontab } from 'graphile-worker'
import { expect, it } from 'vitest'
import {
  contactChanges,
  ownDataExports,
  passwordResets,
  registrations,
  sessions,
} from '../../db/schema/accounts.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { forgetAccountData } from '../../lib/accounts/retention.ts'
import { taskList } from '../../lib/jobs/handlers.ts'
import { CALENDAR } from '../../lib/jobs/runner.ts'
import { forgetOldTries } from '../../lib/platform/rate-limits.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeContract } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
const hours = (count: number) => days(count / 24)

it('runs by the calendar, by jobs that exist', () => {
  const items = parseCrontab(CALENDAR)
  expect(items).toHaveLength(6)
  for (const item of items) expect(taskList()).toHaveProperty([item.task])
})

it('forgets registrations a day after they were begun', async () => {
  const contract = await makeContract(db)
  for (const [username, createdAt] of [
    ['old', hours(-25)],
    ['young', hours(-23)],
  ] as const) {
    await db.insert(registrations).values({
      contractId: contract.id,
      personalNumber: '1',
      username,
      email: 'a@example.com',
      phone: '+38344000000',
      firstName: 'A',
      lastName: 'B',
      passwordHash: 'none',
      language: 'en',
      termsVersion: '2026-11-01',
      createdAt,
    })
  }
  await forgetAccountData(db, now)
  expect(await db.select({ username: registrations.username }).from(registrations)).toEqual([
    { username: 'young' },
  ])
})

it('forgets resets that have expired', async () => {
  const { id: accountId } = await makeAccount(db)
  const open = randomUUID()
  await db.insert(passwordResets).values([
    { id: randomUUID(), accountId, expiresAt: hours(-1) },
    { id: open, accountId, expiresAt: hours(1) },
  ])
  await forgetAccountData(db, now)
  expect(await db.select({ id: passwordResets.id }).from(passwordResets)).toEqual([{ id: open }])
})

it('forgets contact changes that can be neither confirmed nor undone', async () => {
  const { id: accountId } = await makeAccount(db)
  const change = { accountId, kind: 'email', oldValue: 'a@example.com', codeHash: 'x' }
  await db.insert(contactChanges).values([
    { ...change, newValue: 'expired', codeExpiresAt: hours(-1) },
    { ...change, newValue: 'waiting', codeExpiresAt: hours(1) },
    {
      ...change,
      newValue: 'final',
      codeExpiresAt: days(-8),
      appliedAt: days(-8),
      undoHash: '1',
      undoUntil: days(-1),
    },
    {
      ...change,
      newValue: 'undoable',
      codeExpiresAt: days(-3),
      appliedAt: days(-3),
      undoHash: '2',
      undoUntil: days(4),
    },
  ])
  await forgetAccountData(db, now)
  const left = await db.select({ newValue: contactChanges.newValue }).from(contactChanges)
  expect(left.map(row => row.newValue).sort()).toEqual(['undoable', 'waiting'])
})

it('erases copies a day old', async () => {
  for (const requestedAt of [hours(-25), hours(-23)]) {
    const { id: accountId } = await makeAccount(db)
    await db.insert(ownDataExports).values({ accountId, requestedAt })
  }
  await forgetAccountData(db, now)
  expect(await db.select({ at: ownDataExports.requestedAt }).from(ownDataExports)).toEqual([
    { at: hours(-23) },
  ])
})

it('forgets sessions 90 days after they ended, however they ended', async () => {
  const { id: accountId } = await makeAccount(db)
  const session = { accountId, createdAt: days(-200) }
  await db.insert(sessions).values([
    { ...session, userAgent: 'revoked long ago', lastUsedAt: now, expiresAt: days(10), revokedAt: days(-91) },
    { ...session, userAgent: 'expired long ago', lastUsedAt: now, expiresAt: days(-91) },
    { ...session, userAgent: 'idle long ago', lastUsedAt: days(-98), expiresAt: days(10) },
    {
      ...session,
      userAgent: 'revoked lately',
      lastUsedAt: days(-90),
      expiresAt: days(10),
      revokedAt: days(-89),
    },
    { ...session, userAgent: 'open', lastUsedAt: now, expiresAt: days(10) },
  ])
  await forgetAccountData(db, now)
  const left = await db
    .select({ userAgent: sessions.userAgent })
    .from(sessions)
    .where(eq(sessions.accountId, accountId))
  expect(left.map(row => row.userAgent).sort()).toEqual(['open', 'revoked lately'])
})

it('forgets tries that no longer count', async () => {
  await db.insert(rateLimits).values([
    { key: 'old', points: 1, expire: now.getTime() - 1 },
    { key: 'new', points: 1, expire: now.getTime() + 1 },
  ])
  await forgetOldTries(db, now)
  expect(await db.select({ key: rateLimits.key }).from(rateLimits)).toEqual([{ key: 'new' }])
})

// What is forgotten, and what is not yet.
import { eq, sql } from 'drizzle-orm'
import { parseCrontab } from 'graphile-worker'
import { expect, it } from 'vitest'
import { knownDevices, registrations } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { oneTimeCodes, sessions } from '../../db/schema/auth.ts'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { messages, notices } from '../../db/schema/notifications.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentEvents } from '../../db/schema/payments.ts'
import { settlementFiles, settlementRows } from '../../db/schema/settlements.ts'
import { callNotes, staffLooks } from '../../db/schema/staff-looks.ts'
import { forgetAccountData } from '../../lib/accounts/retention.ts'
import { issueCode } from '../../lib/auth/one-time-codes.ts'
import { forgetLooks } from '../../lib/looks/retention.ts'
import { forgetMessages, forgetNotices } from '../../lib/notifications/retention.ts'
import { forgetPaymentEvents } from '../../lib/payments/retention.ts'
import { forgetEvents } from '../../lib/platform/audit.ts'
import { BATCH } from '../../lib/platform/purge.ts'
import { forgetOldTries } from '../../lib/platform/rate-limits.ts'
import { forgetSettlements } from '../../lib/settlements/retention.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { CALENDAR } from '../../lib/worker/runner.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
const hours = (count: number) => days(count / 24)

it('runs by the calendar, by jobs that exist', () => {
  const called = new Set(parseCrontab(CALENDAR).map(({ task }) => task))
  const jobs = Object.keys(taskList())
  for (const task of called) expect(jobs).toContain(task)
  // What forgets is called, but for what closing an account asks for, and a copy of one's data, which has its own moment.
  const asked = ['forget-cases', 'erase-own-data-exports']
  const forgetting = jobs.filter(job => /^(forget|erase|remove-old)-/.test(job) && !asked.includes(job))
  expect(forgetting.filter(job => !called.has(job))).toEqual([])
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

it('forgets codes and links a day after they are worth nothing', async () => {
  const { id: accountId } = await makeAccount(db)
  // Each is taken for half an hour.
  for (const at of [hours(-25), hours(-24)]) await issueCode(db, 'reset-link', { accountId }, at)
  await forgetAccountData(db, now)
  expect(await db.select({ at: oneTimeCodes.createdAt }).from(oneTimeCodes)).toEqual([{ at: hours(-24) }])
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

it('forgets devices a year after the last sign-in from them', async () => {
  const { id: accountId } = await makeAccount(db)
  await db.insert(knownDevices).values([
    { accountId, deviceHash: 'given away', firstSeenAt: days(-800), lastSeenAt: days(-366) },
    { accountId, deviceHash: 'in use', firstSeenAt: days(-800), lastSeenAt: days(-364) },
  ])
  await forgetAccountData(db, now)
  expect(await db.select({ hash: knownDevices.deviceHash }).from(knownDevices)).toEqual([{ hash: 'in use' }])
})

it('forgets messages after a year, notices after two, banks’ answers after ten, and forged ones after 90 days', async () => {
  const sent = { channel: 'email', kind: 'welcome', language: 'sq', state: 'sent' } as const
  await db.insert(messages).values([
    { ...sent, failure: 'old', createdAt: days(-366) },
    { ...sent, failure: 'young', createdAt: days(-364) },
  ])
  await forgetMessages(db, now)
  expect(await db.select({ failure: messages.failure }).from(messages)).toEqual([{ failure: 'young' }])

  const { id: accountId } = await makeAccount(db)
  const notice = { accountId, kind: 'welcome' }
  const told = [
    { ...notice, key: 'old', createdAt: days(-731) },
    { ...notice, key: 'young', createdAt: days(-729) },
  ]
  await db.insert(notices).values(told)
  await forgetNotices(db, now)
  expect(await db.select({ key: notices.key }).from(notices)).toEqual([{ key: 'young' }])

  const forged = {
    gateway: 'sandbox',
    channel: 'callback',
    authentic: false,
    outcome: 'captured',
    payload: {},
  } as const
  const events = await db
    .insert(paymentEvents)
    .values([
      { ...forged, dedupKey: 'old', receivedAt: days(-3651), authentic: true },
      { ...forged, dedupKey: 'held', receivedAt: days(-3651), authentic: true },
      { ...forged, dedupKey: 'young', receivedAt: days(-3649), authentic: true },
      { ...forged, dedupKey: 'forged', receivedAt: days(-91) },
      { ...forged, dedupKey: 'forged of late', receivedAt: days(-89) },
    ])
    .returning({ id: paymentEvents.id })
  await db.insert(paymentExceptions).values({
    kind: 'unknown_order',
    gateway: 'sandbox',
    orderNumber: 'X',
    transactionId: '',
    eventId: events[1]!.id,
    openedAt: days(-3651),
  })
  await forgetPaymentEvents(db, now)
  const left = await db.select({ key: paymentEvents.dedupKey }).from(paymentEvents)
  expect(left.map(({ key }) => key).sort()).toEqual(['forged of late', 'held', 'young'])
})

it('forgets settlement rows after ten years, but for what a difference rests on, and then their files', async () => {
  const [account] = await db.select({ id: gatewayAccounts.id }).from(gatewayAccounts).limit(1)
  const gatewayAccountId = account!.id
  const rowIds: Record<string, number> = {}
  for (const [name, loadedAt, transactions] of [
    ['old', days(-3651), ['gone', 'gone too']],
    ['held', days(-3651), ['gone as well', 'held']],
    ['young', days(-3649), ['young']],
  ] as const) {
    const [file] = await db
      .insert(settlementFiles)
      .values({ gatewayAccountId, digest: name, name, rows: transactions.length, loadedAt })
      .returning({ id: settlementFiles.id })
    for (const [index, transactionId] of transactions.entries()) {
      const [row] = await db
        .insert(settlementRows)
        .values({
          ...{ fileId: file!.id, line: index + 2, gatewayAccountId, kind: 'sale', transactionId },
          ...{ orderNumber: 'X', amount: 1, currency: 'EUR', at: loadedAt },
        })
        .returning({ id: settlementRows.id })
      rowIds[transactionId] = row!.id
    }
  }
  await db.insert(paymentExceptions).values({
    ...{ kind: 'not_booked', gateway: 'sandbox', orderNumber: 'X', transactionId: 'held' },
    ...{ settlementRowId: rowIds.held, openedAt: days(-3651) },
  })
  await forgetSettlements(db, now)
  const rows = await db.select({ of: settlementRows.transactionId }).from(settlementRows)
  expect(rows.map(({ of }) => of).sort()).toEqual(['held', 'young'])
  const files = await db.select({ name: settlementFiles.name }).from(settlementFiles)
  expect(files.map(({ name }) => name).sort()).toEqual(['held', 'young'])
})

it('forgets what happened after three years', async () => {
  await db.insert(auditEvents).values([
    { action: 'old', at: days(-1096) },
    { action: 'young', at: days(-1094) },
  ])
  await forgetEvents(db, now)
  expect(await db.select({ action: auditEvents.action }).from(auditEvents)).toEqual([{ action: 'young' }])
})

it('forgets why staff looked, and what they noted, with the log', async () => {
  const staff = await makeStaff(db, 'agent', [2])
  const contract = await makeContract(db)
  const of = { contractId: contract.id, staffId: staff.id }
  for (const at of [days(-1096), days(-1094)]) {
    await db.insert(staffLooks).values({ ...of, billerId: 2, reason: 'phone', at })
    await db.insert(callNotes).values({ ...of, channel: 'phone', note: 'x', at })
  }
  await forgetLooks(db, now)
  expect(await db.select({ at: staffLooks.at }).from(staffLooks)).toEqual([{ at: days(-1094) }])
  expect(await db.select({ at: callNotes.at }).from(callNotes)).toEqual([{ at: days(-1094) }])
})

it('forgets more than one batch', async () => {
  await db.execute(sql`insert into rate_limits (key, points, expire)
    select 'many ' || n, 1, 0 from generate_series(1, ${BATCH * 2}) n`)
  await forgetOldTries(db, now)
  expect(await db.$count(rateLimits)).toBe(0)
})

it('forgets tries that no longer count', async () => {
  await db.insert(rateLimits).values([
    { key: 'old', points: 1, expire: now.getTime() - 1 },
    { key: 'new', points: 1, expire: now.getTime() + 1 },
  ])
  await forgetOldTries(db, now)
  expect(await db.select({ key: rateLimits.key }).from(rateLimits)).toEqual([{ key: 'new' }])
})

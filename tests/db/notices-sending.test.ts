// From a notice to the mailbox. Rules: in the reader's language and true as it is sent, a reminder of what was paid is dropped; once
// an event, person and channel; the night is quiet; one bad address repeats nobody else; killed at any point none is lost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { messages, noticeChoices, notices } from '../../db/schema/notifications.ts'
import { makeReminders } from '../../lib/notices/by-time.ts'
import { handOverNotices } from '../../lib/notices/handing-over.ts'
import { sendNotices } from '../../lib/notices/sending.ts'
import { sendQueuedMessage } from '../../lib/notifications/jobs.ts'
import { notify } from '../../lib/notifications/outbox.ts'
import { readUnsubscribeToken } from '../../lib/notifications/unsubscribing.ts'
import { clock } from '../../lib/platform/clock.ts'
import { startMailServer, startSmsProvider } from '../support/channels.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { makeNotice, makeReader, sendAll } from '../support/notices.ts'

const sms = await startSmsProvider()
const mail = await startMailServer()
Object.assign(process.env, {
  DEMO: 'off',
  SMTP_URL: `${mail.address}?requireTLS=false`,
  MAIL_FROM: 'Drita <no-reply@drita.example>',
  INFOBIP_BASE_URL: sms.url,
  INFOBIP_API_KEY: 'the-key',
  SMS_SENDER: 'Drita',
  MESSAGE_TIMEOUT_SECONDS: '2',
  QUIET_HOURS: '21-8',
  NOTICE_EMAILS_PER_MINUTE: '70',
})
const db = await testDatabase()
afterAll(async () => {
  sms.stop()
  await mail.stop()
})

/** Eleven in the morning in Kosovo. */
const NOW = new Date('2026-11-27T10:00:00Z')
let now = NOW
beforeEach(async () => {
  await deleteRows(db, 'accounts')
  await deleteRows(db, 'invoices', 'contracts', 'channel_pauses')
  await db.execute(sql`delete from graphile_worker._private_jobs`)
  for (const list of [sms.requests, sms.phones, sms.replies, mail.mails, mail.replies]) list.length = 0
  now = NOW
  vi.spyOn(clock, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

const states = async () => {
  const rows = await db.select({ state: messages.state }).from(messages)
  return rows.map(({ state }) => state).sort()
}
const source = (n: number) => mail.mails[n]!.source.replace(/=\r?\n/g, '').replaceAll('=3D', '=')
const idsOf = () => mail.mails.map(({ source }) => /^Message-ID: (.*)$/im.exec(source)![1])

describe('an e-mail', () => {
  test('is worded as it leaves, with its facts, one button, and the way out', async () => {
    const { account, bills } = await makeReader(db, { firstName: 'Arta', language: 'en' })
    await makeNotice(db, account, 'new-invoice', bills, now)
    await handOverNotices(db, now)
    await db.update(accounts).set({ language: 'sq' })
    await db.update(invoices).set({ principal: 2500, total: 2500 })
    await sendAll(db, now)
    const text = source(0)
    expect(text).toContain('25,00')
    expect(text).toContain('/invoices/')
    expect(text).toContain('/account/notices')
    expect(text.match(/class="k"/g)).toHaveLength(1)
    expect(text).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(text).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m)
    const headers = mail.mails[0]!.source.replace(/\r?\n[ \t]+/g, ' ')
    const [, token] = /^List-Unsubscribe: +<[^>]*\/unsubscribe\/([^>]+)>/m.exec(headers)!
    expect(readUnsubscribeToken(token!)).toEqual({
      accountId: account.id,
      kind: 'new-invoice',
      contractId: null,
    })
    expect(text).toContain('Content-Language: sq')
  })

  test('goes to no address that is not verified, or at which nothing arrives, and as was chosen for the contract', async () => {
    await makeReader(db)
    const away = await makeReader(db, { emailVerifiedAt: null, email: 'away@example.com' })
    const full = await makeReader(db, { emailUndeliverableAt: NOW })
    const choosing = await makeReader(db, { contracts: 2, notifyBySms: true })
    const choice = { accountId: choosing.account.id, kind: 'new-invoice', chosenAt: NOW }
    await db.insert(noticeChoices).values([
      { ...choice, contractId: null, email: false, sms: false },
      { ...choice, contractId: choosing.contracts[1]!.id, email: true, sms: false },
    ])
    for (const { account, bills } of [away, full, choosing])
      await makeNotice(db, account, 'new-invoice', bills, now)
    await sendAll(db, now)
    expect(mail.mails.map(({ to }) => to)).toEqual([[choosing.account.email]])
    // The one that was chosen, of the two.
    expect(source(0)).toContain('20.00')
    expect(source(0)).not.toContain('40.00')
    expect(sms.phones).toEqual([])
  })

  test('to an address that is refused repeats no other', async () => {
    for (let n = 0; n < 5; n++) {
      const { account, bills } = await makeReader(db)
      await makeNotice(db, account, 'new-invoice', bills, now)
    }
    mail.replies.push({ at: 'rcpt', code: 550 })
    await sendAll(db, now)
    expect(mail.mails).toHaveLength(4)
    expect(new Set(idsOf()).size).toBe(4)
    expect(await states()).toEqual(['failed', 'sent', 'sent', 'sent', 'sent'])
  })
})

test('an SMS is written in plain letters', async () => {
  const { account, bills } = await makeReader(db, { language: 'sq', notifyByEmail: false, notifyBySms: true })
  await makeNotice(db, account, 'due-soon', bills, now)
  await sendAll(db, now)
  expect(sms.phones[0]!.text).toMatch(/^Drita: Shtepia 1: kujtese, 20,00 € deri me 30 nentor 2026\. http/)
})

describe('what is not true any more as it leaves is dropped', () => {
  test.each([
    ['a reminder of what was paid', 'due-soon', () => db.update(invoices).set({ principalPaid: 2000 })],
    [
      'an invoice that was cancelled',
      'new-invoice',
      () => db.update(invoices).set({ cancelledOn: '2026-11-20' }),
    ],
    [
      'a contract that was taken off the list',
      'overdue',
      () => db.update(contractAccess).set({ removedAt: NOW }),
    ],
    ['what its reader chose no more', 'due-soon', () => db.update(accounts).set({ notifyByEmail: false })],
  ] as const)('%s', async (_, kind, change) => {
    const dueOn = kind === 'overdue' ? '2026-11-20' : '2026-11-30'
    const { account, bills } = await makeReader(db, { bill: { dueOn } })
    await makeNotice(db, account, kind, bills, now)
    await handOverNotices(db, now)
    await change()
    await sendAll(db, now)
    expect(mail.mails).toEqual([])
    expect(await states()).toEqual(['dropped'])
  })

  test('and the rest is told', async () => {
    const { account, bills } = await makeReader(db, { contracts: 2 })
    await makeNotice(db, account, 'due-soon', bills, now)
    await db.update(invoices).set({ principalPaid: 2000 }).where(eq(invoices.id, bills[0]!.id))
    await sendAll(db, now)
    expect(source(0)).toContain('20.00')
    expect(source(0)).toContain(`/invoices/${bills[1]!.id}`)
  })
})

describe('the night', () => {
  test('is waited out', async () => {
    now = new Date('2026-11-27T20:30:00Z')
    const { account, bills } = await makeReader(db)
    await makeNotice(db, account, 'new-invoice', bills, now)
    await sendAll(db, now)
    expect(mail.mails).toEqual([])
    now = new Date('2026-11-28T06:59:00Z')
    await sendAll(db, now)
    expect(mail.mails).toEqual([])
    now = new Date('2026-11-28T07:00:00Z')
    await sendAll(db, now)
    expect(mail.mails).toHaveLength(1)
  })

  test('keeps what was handed over before it and did not leave in time', async () => {
    now = new Date('2026-11-27T19:59:00Z')
    const { account, bills } = await makeReader(db)
    await makeNotice(db, account, 'new-invoice', bills, now)
    await handOverNotices(db, now)
    now = new Date('2026-11-27T20:01:00Z')
    await sendAll(db, now)
    expect(mail.mails).toEqual([])
    const [message] = await db.select().from(messages)
    expect(message).toMatchObject({ sendAfter: new Date('2026-11-28T07:00:00Z'), tries: 0, state: 'queued' })
  })
})

test('what could not be sent in the evening is tried again in the morning, and not at night', async () => {
  const { account } = await makeReader(db, { notifyBySms: true })
  now = new Date('2026-11-27T19:58:00Z')
  const told = {
    subject: 'S',
    email: 'E',
    sms: 'Answered.',
    link: 'http://localhost/x',
    action: 'A',
    biller: 'KESCO',
  }
  await notify(db, account.id, { kind: 'case-told', ...told })
  const [message] = await db.select().from(messages).where(eq(messages.channel, 'sms'))
  const send = () => sendQueuedMessage({ messageId: message!.id }, { database: db })
  await db.execute(sql`delete from graphile_worker._private_jobs`)
  now = new Date('2026-11-28T02:00:00Z')
  await send()
  await send()
  expect(sms.phones).toEqual([])
  const { rows } = await db.execute(sql`select run_at from graphile_worker.jobs`)
  expect(rows.map(({ run_at }) => new Date(String(run_at)).toISOString())).toEqual([
    '2026-11-28T07:00:00.000Z',
  ])
  now = new Date('2026-11-28T07:00:00Z')
  await send()
  expect(sms.phones).toHaveLength(1)
  expect(
    await db.select({ tries: messages.tries }).from(messages).where(eq(messages.id, message!.id)),
  ).toEqual([{ tries: 1 }])
})

test('what just happened waits out the night too; codes, and warnings about the account, do not', async () => {
  now = new Date('2026-11-27T22:00:00Z')
  const { account, contracts } = await makeReader(db)
  const event = { contractCode: 'X', biller: 'KESCO', link: 'https://drita.example/contracts' }
  await notify(
    db,
    account.id,
    { kind: 'contract-added-by-other', ...event },
    { contractId: contracts[0]!.id },
  )
  await notify(db, account.id, { kind: 'new-device', device: 'Firefox' })
  await notify(db, account.id, { kind: 'reset-code', code: '123456', minutes: 10 })
  const { rows } = await db.execute<{ kind: string; waits: boolean; told: boolean }>(sql`
    select m.kind, j.run_at = ${'2026-11-28T07:00:00Z'}::timestamptz as waits,
      exists (select from notices n where n.kind = m.kind and n.handed_over_at is not null) as told
    from messages m join graphile_worker._private_jobs j on j.payload ->> 'messageId' = m.id::text order by m.kind`)
  expect(rows).toEqual([
    { kind: 'contract-added-by-other', waits: true, told: true },
    { kind: 'new-device', waits: false, told: true },
    { kind: 'reset-code', waits: false, told: false },
  ])
})

describe('the morning', () => {
  const kinds = async () =>
    (await db.select({ kind: notices.kind }).from(notices)).map(({ kind }) => kind).sort()

  test('reminds once of what is due in three days, and once of what is overdue', async () => {
    await makeReader(db, { bill: { dueOn: '2026-11-30' } })
    await makeReader(db, { bill: { dueOn: '2026-11-26' } })
    await makeReader(db, { bill: { dueOn: '2026-12-01' } })
    await makeReader(db, { bill: { dueOn: '2026-09-01' } })
    await makeReader(db, { bill: { dueOn: '2026-11-26', principalPaid: 2000 } })
    for (let n = 0; n < 2; n++) await makeReminders(db, now)
    expect(await kinds()).toEqual(['due-soon', 'overdue'])
    await makeReminders(db, new Date('2026-11-28T10:00:00Z'))
    expect(await kinds()).toEqual(['due-soon', 'due-soon', 'overdue'])
    await makeReminders(db, new Date('2026-12-01T10:00:00Z'))
    expect(await kinds()).toEqual(['due-soon', 'due-soon', 'overdue', 'overdue'])
  })

  test('reminds anew of an invoice that has another due date by then', async () => {
    const { bills } = await makeReader(db, { bill: { dueOn: '2026-11-30' } })
    await makeReminders(db, now)
    await db.update(invoices).set({ dueOn: '2026-12-10' }).where(eq(invoices.id, bills[0]!.id))
    await makeReminders(db, new Date('2026-12-08T10:00:00Z'))
    expect(await kinds()).toEqual(['due-soon', 'due-soon'])
  })

  test('is not before eight, and reminds of nothing that is less than the biller reminds of', async () => {
    await makeReader(db, { bill: { dueOn: '2026-11-26' } })
    await makeReminders(db, new Date('2026-11-27T06:30:00Z'))
    expect(await kinds()).toEqual([])
    await db.execute(sql`update billers set remind_from = 2001`)
    await makeReminders(db, now)
    expect(await kinds()).toEqual([])
    await db.execute(sql`update billers set remind_from = 2000`)
    await makeReminders(db, now)
    expect(await kinds()).toEqual(['overdue'])
    await db.execute(sql`update billers set remind_from = 0`)
  })

  test('lists what is due on the day that was named: all contracts in one message, once a month, nothing where nothing is due', async () => {
    const { account } = await makeReader(db, { statementDay: 27, contracts: 3 })
    await makeReader(db, { statementDay: 27, bill: { principalPaid: 2000 } })
    await makeReader(db, { statementDay: 20 })
    await makeReminders(db, now)
    await db.update(accounts).set({ statementDay: 28 }).where(eq(accounts.id, account.id))
    await makeReminders(db, new Date('2026-11-28T10:00:00Z'))
    expect((await kinds()).filter(kind => kind === 'statement')).toHaveLength(1)
    await db.delete(notices).where(sql`kind <> 'statement'`)
    await sendAll(db, now)
    expect(mail.mails.map(({ to }) => to)).toEqual([[account.email]])
    expect(source(0)).toContain('60.00')
    expect(source(0)).toContain('/invoices/unpaid')
  })

  test('a list is made up for where nothing ran on its day, but not for a day that was named too late', async () => {
    const { account: missed } = await makeReader(db, { statementDay: 26 })
    const { account: late } = await makeReader(db, { statementDay: 26 })
    const choice = { kind: 'statement', email: true, sms: false, chosenAt: now }
    await db.insert(noticeChoices).values({ ...choice, accountId: late.id })
    await makeReminders(db, now)
    await makeReminders(db, now)
    const lists = await db.select().from(notices).where(eq(notices.kind, 'statement'))
    expect(lists.map(({ accountId, key }) => [accountId, key])).toEqual([[missed.id, 'statement:2026-11']])
  })
})

describe('each leaves once', () => {
  const makeMany = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const { account, bills } = await makeReader(db, { notifyBySms: true })
      await makeNotice(db, account, 'new-invoice', bills, now)
    }
  }

  test('with two workers at once', async () => {
    await makeMany(30)
    await Promise.all([handOverNotices(db, now), handOverNotices(db, now)])
    expect(await states()).toHaveLength(60)
    for (let n = 0; n < 3; n++) await Promise.all([1, 2, 3].map(() => sendNotices(db, 'email')))
    for (let n = 0; n < 3; n++) await Promise.all([1, 2, 3].map(() => sendNotices(db, 'sms')))
    expect(mail.mails).toHaveLength(30)
    expect(new Set(idsOf()).size).toBe(30)
    expect(sms.phones).toHaveLength(30)
  })

  test('broken off ten times at any statement, none is lost, and no phone rings twice', async () => {
    await makeMany(12)
    const { query } = pg.Client.prototype
    let left = Number.POSITIVE_INFINITY
    vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: never) {
      left -= 1
      if (left < 0) throw new Error('The process ends.')
      return (query as (...given: unknown[]) => never).apply(this, given)
    } as never)
    const worked = async (statements: number) => {
      left = statements
      await sendAll(db, now).catch(() => {})
      left = Number.POSITIVE_INFINITY
      // What was taken is free again after a while.
      now = new Date(now.getTime() + 11 * 60_000)
    }
    for (const statements of Array.from({ length: 10 }, (_, n) => 3 + n * 7 + Math.floor(Math.random() * 7)))
      await worked(statements)
    await worked(Number.POSITIVE_INFINITY)
    expect(new Set(idsOf()).size).toBe(12)
    expect(mail.mails.length).toBeLessThanOrEqual(12 + 10 * 4)
    expect(sms.phones).toHaveLength(12)
    expect(new Set(await states())).toEqual(new Set(['sent']))
  })

  test.runIf(process.env.DEEP)('with a worker that is killed ten times', async () => {
    vi.restoreAllMocks()
    await makeMany(400)
    const env = {
      ...process.env,
      NODE_ENV: 'production' as const,
      QUIET_HOURS: 'off',
      NOTICE_EMAILS_PER_MINUTE: '100000',
      NOTICE_SMS_PER_MINUTE: '100000',
    }
    const left = () => sms.phones.length + new Set(idsOf()).size
    for (let kill = 0; kill <= 10; kill++) {
      const worker = spawn(process.execPath, ['bin/worker.ts'], { env, stdio: 'ignore' })
      // In the middle of a batch; the last one does the rest.
      const enough = kill === 10 ? 800 : left() + 5 + Math.random() * 60
      while (left() < enough) await sleep(5)
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    }
    expect(sms.phones).toHaveLength(400)
    expect(new Set(idsOf()).size).toBe(400)
    expect(mail.mails.length).toBeLessThanOrEqual(400 + 10 * 4)
  })

  test('and a mail server that takes nothing costs no message a try but those that met it', async () => {
    await makeMany(10)
    mail.replies.push(...Array.from({ length: 4 }, () => ({ at: 'rcpt' as const, code: 421 })))
    await handOverNotices(db, now)
    await sendNotices(db, 'email')
    const rows = await db.select().from(messages).where(eq(messages.channel, 'email'))
    expect(rows.every(({ state }) => state === 'queued')).toBe(true)
    expect(rows.filter(({ tries }) => tries > 0).length).toBeLessThanOrEqual(4)
    now = new Date(now.getTime() + 60_000)
    await sendAll(db, now)
    expect(mail.mails).toHaveLength(10)
  })
})

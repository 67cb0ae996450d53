// What channels say of addresses and numbers: said once it is for good, of the address that the account has, until something arrives.
import { createHmac } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { POST } from '../../app/api/messages/[channel]/report/route.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { messages, noticeChoices } from '../../db/schema/notifications.ts'
import { applyContactChange, requestContactChange } from '../../lib/accounts/contact.ts'
import { beginSession, type Customer, findSession } from '../../lib/auth/sessions.ts'
import { settleMessage } from '../../lib/notifications/commands.ts'
import { listOutbox, notify } from '../../lib/notifications/outbox.ts'
import { outcomeOf } from '../../lib/notifications/rules.ts'
import { countTry } from '../../lib/platform/rate-limits.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

const KEY = 'the key of the mail service, 32 or more'
process.env.MAIL_REPORT_KEY = KEY
const db = await testDatabase()
let account: typeof accounts.$inferSelect
let customer: Customer

const session = async () => {
  const device = { userAgent: 'test', address: '127.0.0.1' }
  return (await findSession(await beginSession(db, account.id, device, new Date()), new Date()))!
}

beforeEach(async () => {
  await db.delete(messages)
  account = await makeAccount(db, { notifyBySms: true })
  customer = await session()
})

/** A message to the account; its id. */
async function sent(channel: 'email' | 'sms' = 'email', kind = 'password-changed', more = {}) {
  const row = {
    accountId: account.id,
    channel,
    kind,
    language: 'en' as const,
    sealed: 'x',
    state: 'sent' as const,
  }
  const [message] = await db
    .insert(messages)
    .values({ ...row, ...more })
    .returning()
  return message!.id
}
const gone = { state: 'failed', failure: 'smtp-550', undeliverable: true } as const
const present = async () => (await db.select().from(accounts).where(eq(accounts.id, account.id)))[0]!

const signed = (body: string, key = KEY) => createHmac('sha256', key).update(body).digest('hex')
async function post(body: string, signature: string | undefined = signed(body)) {
  const headers: HeadersInit = signature === undefined ? {} : { 'X-Signature': signature }
  const request = new Request('http://localhost/api/messages/email/report', { method: 'POST', body, headers })
  return POST(request, { params: Promise.resolve({ channel: 'email' }) })
}
const report = (...events: unknown[]) => post(JSON.stringify({ events }))

describe('an address at which nothing arrives', () => {
  it('is told of on every page, until the address is another', async () => {
    await settleMessage(db, await sent(), gone, new Date())
    expect((await session()).undeliverableEmail).toBe(account.email)
    expect((await session()).undeliverablePhone).toBeNull()
    await requestContactChange(customer, 'email', 'other@example.com', undefined, new Date())
    const [message] = await listOutbox(1)
    await applyContactChange(customer, 'email', /\b\d{6}\b/.exec(message!.text)![0], new Date())
    expect(await present()).toMatchObject({ email: 'other@example.com', emailUndeliverableAt: null })
  })

  it('is not the one that the account had before', async () => {
    const before = await sent()
    await requestContactChange(customer, 'email', 'newer@example.com', undefined, new Date())
    const [message] = await listOutbox(1)
    await applyContactChange(customer, 'email', /\b\d{6}\b/.exec(message!.text)![0], new Date())
    await settleMessage(db, before, gone, new Date())
    expect(await present()).toMatchObject({ email: 'newer@example.com', emailUndeliverableAt: null })
  })

  it('is not one that a code went to, or the old one that a change was told to', async () => {
    for (const kind of ['contact-code-email', 'email-changed']) {
      await settleMessage(db, await sent('email', kind), gone, new Date())
    }
    expect((await present()).emailUndeliverableAt).toBeNull()
  })

  it('is shown to work by a code to the very same one, which tells of no change', async () => {
    await db.update(accounts).set({ phoneUndeliverableAt: new Date() }).where(eq(accounts.id, account.id))
    const asked = await requestContactChange(customer, 'phone', account.phone, undefined, new Date())
    expect(asked).toMatchObject({ ok: true })
    const [message] = await listOutbox(1)
    expect(message!.to).toBe(account.phone)
    await applyContactChange(customer, 'phone', /\b\d{6}\b/.exec(message!.text)![0], new Date())
    expect((await present()).phoneUndeliverableAt).toBeNull()
    expect(await db.$count(messages, eq(messages.kind, 'phone-changed'))).toBe(0)
    // Where all is well, the same one is no change.
    const again = await requestContactChange(customer, 'phone', account.phone, undefined, new Date())
    expect(again).toEqual({ ok: false, code: 'unchanged' })
  })

  it('gets nothing but what was asked for', async () => {
    const now = new Date()
    const down = { emailUndeliverableAt: now, phoneUndeliverableAt: now }
    await db.update(accounts).set(down).where(eq(accounts.id, account.id))
    await notify(db, account.id, { kind: 'password-changed' })
    await notify(db, account.id, { kind: 'wait-lifted' })
    expect(await db.$count(messages)).toBe(0)
    await notify(db, account.id, { kind: 'reset-code', code: '123456', minutes: 10 })
    await notify(db, account.id, { kind: 'reset-link', link: 'https://drita.example/x', minutes: 30 })
    expect(await db.$count(messages)).toBe(2)
  })

  it('arrives again once the channel delivers', async () => {
    const number = await sent('sms', 'wait-lifted')
    await settleMessage(db, number, outcomeOf({ groupName: 'UNDELIVERABLE' }, true)!, new Date())
    expect((await present()).phoneUndeliverableAt).not.toBeNull()
    await settleMessage(db, await sent('sms', 'wait-lifted'), { state: 'delivered' }, new Date())
    expect((await present()).phoneUndeliverableAt).toBeNull()
  })
})

describe('what the mail service reports', () => {
  it('counts only with a signature over the body as it came; others are counted, and told to wait', async () => {
    const body = JSON.stringify({ events: [{ messageId: await sent(), kind: 'bounced', permanent: true }] })
    for (const signature of [undefined, '', 'x', signed(body, 'another key'), signed(`${body} `)]) {
      expect((await post(body, signature ?? '')).status).toBe(403)
    }
    expect((await present()).emailUndeliverableAt).toBeNull()
    expect((await post(body, `sha256=${signed(body)}`)).status).toBe(200)
    expect((await present()).emailUndeliverableAt).not.toBeNull()
    const limit = { name: 'report-forgeries', points: 60, seconds: 600 }
    for (let turn = 0; turn < 60; turn += 1) await countTry(limit, { address: null })
    const limited = await post(body, 'x')
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post(body)).status).toBe(200)
  })

  it('is for good only where it says so: a full mailbox has room again', async () => {
    const [full, late] = [await sent(), await sent()]
    await report({ messageId: full, kind: 'bounced', permanent: false }, { messageId: late, kind: 'delayed' })
    expect((await present()).emailUndeliverableAt).toBeNull()
    const states = await db.select({ id: messages.id, state: messages.state }).from(messages)
    expect(Object.fromEntries(states.map(({ id, state }) => [id, state]))).toEqual({
      [full]: 'failed',
      [late]: 'sent',
    })
  })

  it('names messages by their ids or their Message-IDs; what it cannot name keeps nothing from being read', async () => {
    const id = await sent()
    const answer = await report(
      null,
      { messageId: 'x', kind: 'bounced' },
      { messageId: id, kind: 'something new' },
      { messageId: crypto.randomUUID(), kind: 'bounced', permanent: true },
      { messageId: `<${id}@drita.example>`, kind: 'bounced', permanent: true },
    )
    expect(answer.status).toBe(200)
    expect((await present()).emailUndeliverableAt).not.toBeNull()
    for (const broken of ['', 'x', '[]', '{"events":1}']) expect((await post(broken)).status).toBe(400)
  })

  it('called spam, a kind comes by e-mail no more; the report again does not undo a later choice', async () => {
    const id = await sent('email', 'overdue')
    await report({ messageId: id, kind: 'complained' })
    const chosen = eq(noticeChoices.accountId, account.id)
    expect(await db.select().from(noticeChoices).where(chosen)).toMatchObject([
      { kind: 'overdue', contractId: null, email: false, sms: true },
    ])
    await db.update(noticeChoices).set({ email: true }).where(chosen)
    await report({ messageId: id, kind: 'complained' })
    expect(await db.select().from(noticeChoices).where(chosen)).toMatchObject([{ email: true }])
    // Warnings about the account always go.
    await report({ messageId: await sent(), kind: 'complained' })
    expect(await db.$count(noticeChoices, chosen)).toBe(1)
  })
})

// The outbox through a mail server and an SMS provider on real sockets, sent by the queue's jobs.
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { POST as report } from '../../app/api/messages/[channel]/report/route.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { messages } from '../../db/schema/notifications.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { type Notification, notifications, openMessages } from '../../lib/notifications/catalogue.ts'
import { listOutbox, notify, sendMessage } from '../../lib/notifications/outbox.ts'
import { MAX_TRIES } from '../../lib/notifications/rules.ts'
import { log } from '../../lib/platform/log.ts'
import { countTry } from '../../lib/platform/rate-limits.ts'
import { escapeHtml } from '../../lib/platform/text.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { reply, smsStatus, startMailServer, startSmsProvider } from '../support/channels.ts'
import { testDatabase } from '../support/database.ts'
import { runDueJobs } from '../support/jobs.ts'
import { serveRoutes } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract } from '../support/people.ts'

const sms = await startSmsProvider()
const mail = await startMailServer()
const portal = await serveRoutes({
  '/api/messages/infobip/report': request =>
    report(request, { params: Promise.resolve({ channel: 'infobip' }) }),
})
Object.assign(process.env, {
  DEMO: 'off',
  APP_URL: portal.url,
  SMTP_URL: `${mail.address}?requireTLS=false`,
  MAIL_FROM: 'Drita <no-reply@drita.example>',
  INFOBIP_BASE_URL: sms.url,
  INFOBIP_API_KEY: 'the-key',
  SMS_SENDER: 'Drita',
  MESSAGE_TIMEOUT_SECONDS: '2',
})
const db = await testDatabase()
const person = await makeAccount(db, { firstName: 'Ëngjëll', email: 'person@example.com', language: 'sr' })
await giveAccess(db, person, await makeContract(db))
afterAll(async () => {
  sms.stop()
  await Promise.all([mail.stop(), portal.stop()])
})

beforeEach(async () => {
  await db.delete(messages)
  // A recipient that was refused is told nothing more.
  await db.execute(sql`update accounts set email_undeliverable_at = null, phone_undeliverable_at = null`)
  await db.execute(sql`delete from graphile_worker._private_jobs`)
  for (const list of [sms.requests, sms.phones, sms.replies, mail.mails, mail.replies]) list.length = 0
})

async function queueSms(): Promise<string> {
  const recipient = { to: '+38344123456', language: 'sq' } as const
  await sendMessage(db, recipient, { kind: 'registration-code', code: '123456', minutes: 10 })
  return newest()
}

async function queueMail(): Promise<string> {
  await notify(db, person.id, { kind: 'welcome' })
  return newest()
}

const newest = async () => (await db.select().from(messages))[0]!.id
const stored = async (id: string) => (await db.select().from(messages).where(eq(messages.id, id)))[0]!
const jobs = async () => {
  const { rows } =
    await db.execute(sql`select attempts, max_attempts, run_at > now() as later, locked_at is not null as locked
    from graphile_worker._private_jobs`)
  return rows
}

/** Runs the jobs that are due; `makeDue`: also those that wait for their next try. */
async function runJobs({ makeDue = false } = {}): Promise<void> {
  if (makeDue) await db.execute(sql`update graphile_worker._private_jobs set run_at = now()`)
  await runDueJobs(taskList())
  // It may end before what became of the last job is written down.
  await vi.waitUntil(async () => (await jobs()).every(job => !job.locked), { timeout: 30_000 })
}

/** Posts delivery reports to the address that the provider was given. */
async function postReports(...results: unknown[]): Promise<number> {
  const { url } = sms.requests[0]!.message.webhooks.delivery
  return (await fetch(url, { method: 'POST', body: JSON.stringify({ results }) })).status
}
const reported = (messageId: string, groupName: string, name = groupName) => ({
  messageId,
  to: '38344123456',
  doneAt: '2026-11-21T10:00:00.000+0000',
  status: { groupName, name },
  error: { permanent: false },
})

describe('an SMS', () => {
  it('is handed over with our id, and erased', async () => {
    const id = await queueSms()
    await runJobs()
    expect(sms.requests).toMatchObject([
      {
        path: '/sms/3/messages',
        authorization: 'App the-key',
        message: { sender: 'Drita', destinations: [{ to: '38344123456', messageId: id }] },
      },
    ])
    expect(sms.phones[0]!.text).toContain('123456')
    expect(sms.requests[0]!.message.webhooks.delivery.url).toMatch(
      new RegExp(`^${portal.url}/api/messages/infobip/report\\?key=[\\w-]{43}$`),
    )
    expect(await stored(id)).toMatchObject({
      state: 'sent',
      sealed: null,
      tries: 1,
      sentAt: expect.any(Date),
    })
    expect(await jobs()).toEqual([])
  })

  it.each([
    ['503', reply(503)],
    ['429', reply(429)],
    ['refused credentials', reply(401)],
    ['an answer that is none of Infobip’s', reply(200, '<html>')],
    ['a broken connection', response => response.destroy()],
  ] as [string, ReturnType<typeof reply>][])('is tried again after %s', async (_, temporary) => {
    const id = await queueSms()
    sms.replies.push(temporary)
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'queued', tries: 1, failure: expect.any(String) })
    expect(await jobs()).toMatchObject([{ attempts: 1, later: true }])
    await runJobs()
    expect(sms.requests.length, 'not before its time').toBe(1)
    await runJobs({ makeDue: true })
    expect(await stored(id)).toMatchObject({ state: 'sent', tries: 2, failure: null, sealed: null })
    expect(sms.phones.length).toBe(1)
  })

  it.each([
    [reply(400), 'http-400'],
    [reply(404), 'http-404'],
    [reply(200, smsStatus('REJECTED', 'REJECTED_DESTINATION')), 'REJECTED_DESTINATION'],
    [
      reply(200, smsStatus('UNDELIVERABLE', 'UNDELIVERABLE_REJECTED_OPERATOR')),
      'UNDELIVERABLE_REJECTED_OPERATOR',
    ],
  ])('fails for good and is erased (%#)', async (permanent, failure) => {
    const id = await queueSms()
    sms.replies.push(permanent)
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'failed', failure, sealed: null, sentAt: null })
    expect(await jobs()).toEqual([])
  })

  it('reaches the phone once where the provider took it and did not answer in time', async () => {
    const id = await queueSms()
    sms.replies.push((_response, accept) => void accept())
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'queued', failure: 'timeout' })
    await runJobs({ makeDue: true })
    expect(await stored(id)).toMatchObject({ state: 'sent', tries: 2 })
    expect([sms.requests.length, sms.phones.length]).toEqual([2, 1])
  })

  it('is not handed over again where a report came before the next try', async () => {
    const id = await queueSms()
    sms.replies.push((_response, accept) => void accept())
    await runJobs()
    await postReports(reported(id, 'DELIVERED'))
    await runJobs({ makeDue: true })
    expect(await stored(id)).toMatchObject({ state: 'delivered', sealed: null })
    expect(sms.requests.length).toBe(1)
  })

  it('is not sent once its code is too old', async () => {
    const id = await queueSms()
    await db.update(messages).set({ usefulUntil: new Date(Date.now() - 1) })
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'failed', failure: 'too-late', sealed: null })
    expect(sms.requests).toEqual([])
  })

  it('is given up after the last try', async () => {
    const id = await queueSms()
    await db.update(messages).set({ tries: MAX_TRIES - 1 })
    sms.replies.push(reply(500))
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'failed', failure: 'http-500', sealed: null })
    expect(await jobs()).toEqual([])
  })
})

describe('delivery reports', () => {
  it.each([
    [['PENDING'], 'sent'],
    [['ACCEPTED', 'DELIVERED'], 'delivered'],
    [['DELIVERED', 'DELIVERED', 'PENDING'], 'delivered'],
    [['DELIVERED', 'UNDELIVERABLE'], 'delivered'],
    [['UNDELIVERABLE', 'PENDING'], 'failed'],
    [['EXPIRED', 'DELIVERED'], 'delivered'],
    [['EXPIRED'], 'failed'],
    [['REJECTED', 'REJECTED'], 'failed'],
    [['SOMETHING_NEW'], 'sent'],
  ])('%j end as %s', async (groups, state) => {
    const id = await queueSms()
    await runJobs()
    for (const group of groups) expect(await postReports(reported(id, group))).toBe(200)
    expect((await stored(id)).state).toBe(state)
  })

  it('of a refused second try fail nothing', async () => {
    const id = await queueSms()
    await runJobs()
    await postReports(reported(id, 'REJECTED', 'REJECTED_DUPLICATE_MESSAGE_ID'))
    expect(await stored(id)).toMatchObject({ state: 'sent', failure: null })
  })

  it('of other messages change nothing, and do not keep the rest from being read', async () => {
    const id = await queueSms()
    await runJobs()
    const status = await postReports(
      reported('00000000-0000-4000-8000-000000000000', 'REJECTED'),
      reported('not-ours', 'REJECTED'),
      { status: 'broken' },
      null,
      reported(id, 'DELIVERED'),
    )
    expect(status).toBe(200)
    expect(await db.select().from(messages)).toMatchObject([{ id, state: 'delivered' }])
  })

  it('need the key, and have to be reports', async () => {
    const id = await queueSms()
    await runJobs()
    const { url } = sms.requests[0]!.message.webhooks.delivery
    const body = JSON.stringify({ results: [reported(id, 'DELIVERED')] })
    for (const wrong of [
      url.replace(/\?.*/, ''),
      `${url}x`,
      url.replace(/.$/, last => (last === 'A' ? 'B' : 'A')),
    ]) {
      expect((await fetch(wrong, { method: 'POST', body })).status).toBe(403)
    }
    // Whoever goes on is told to wait; with the key nobody is.
    const limit = { name: 'report-forgeries', points: 60, seconds: 600 }
    for (let turn = 0; turn < 60; turn += 1) await countTry(limit, { address: null })
    const limited = await fetch(`${url}x`, { method: 'POST', body })
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await stored(id)).state).toBe('sent')
    for (const broken of ['', 'x', '[]', '{"results":1}']) {
      expect((await fetch(url, { method: 'POST', body: broken })).status).toBe(400)
    }
  })
})

describe('an e-mail', () => {
  it('is text and HTML with the headers of an automatic message', async () => {
    const id = await queueMail()
    await runJobs()
    expect(mail.mails).toMatchObject([{ from: 'no-reply@drita.example', to: ['person@example.com'] }])
    const { headers, text, html } = readMail(mail.mails[0]!.source)
    expect(headers).toMatchObject({
      from: 'Drita <no-reply@drita.example>',
      to: 'person@example.com',
      subject: 'Vaš nalog na portalu Drita je otvoren',
      'message-id': `<${id}@127.0.0.1>`,
      'auto-submitted': 'auto-generated',
      'content-language': 'sr-Latn',
      'content-type': expect.stringMatching(/^multipart\/alternative; boundary=/),
    })
    const { createdAt, ...row } = await stored(id)
    expect(Date.parse(headers.date!)).toBe(Math.floor(createdAt.getTime() / 1000) * 1000)
    for (const part of [text, html]) expect(part).toContain('Ëngjëll')
    expect(html).toContain('<html lang="sr-Latn">')
    // Nobody reads replies: whom to call instead.
    expect(text).toMatch(
      /odgovori se ne čitaju[\s\S]*KESCO: 0800 791 00, info@kesco-energy\.com\s+[^\n]+: \S+\/help#contact\s*$/,
    )
    expect(row).toMatchObject({ state: 'sent', sealed: null, tries: 1 })
  })

  it('takes no headers and no recipients from what people typed', async () => {
    const link = 'https://drita.example/contracts'
    const values = { link, contractCode: 'X\r\nBcc: other@example.com\r\n\r\nbody', biller: 'KESCO' }
    for (const email of ['a@example.com, b@example.com', 'a@example.com']) {
      const reader = await makeAccount(db, { email })
      await notify(db, reader.id, { kind: 'contract-added-by-other', ...values })
    }
    await runJobs()
    const [only, ...more] = mail.mails
    expect(more).toEqual([])
    expect(only!.to).toEqual(['a@example.com'])
    const { headers } = readMail(only!.source)
    expect(headers.bcc).toBeUndefined()
    expect(headers.subject).toBe('Someone added your contract X Bcc: other@example.com  body')
  })

  it.each([
    ['at the recipient', { at: 'rcpt', code: 451 }],
    ['at the text', { at: 'data', code: 452 }],
    ['without an answer', { at: 'rcpt', code: undefined }],
  ] as const)('that is put off %s is tried again, as the same message', async (_, temporary) => {
    const id = await queueMail()
    mail.replies.push(temporary)
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'queued', tries: 1, failure: expect.any(String) })
    expect(await jobs()).toMatchObject([{ attempts: 1, later: true }])
    await runJobs({ makeDue: true })
    expect(await stored(id)).toMatchObject({ state: 'sent', tries: 2, failure: null })
    expect(mail.mails.length).toBe(1)
  })

  it('that was taken without an answer comes again with the same Message-ID and date', async () => {
    await queueMail()
    mail.replies.push({ at: 'data', code: undefined })
    await runJobs()
    await runJobs({ makeDue: true })
    const [first, second] = mail.mails.map(({ source }) => readMail(source).headers)
    expect(second).toMatchObject({ 'message-id': first!['message-id'], date: first!.date })
  })

  it.each([
    ['recipient', { at: 'rcpt', code: 550 }, 'smtp-550'],
    ['text', { at: 'data', code: 554 }, 'smtp-554'],
  ] as const)('whose %s is refused fails for good', async (_, permanent, failure) => {
    const id = await queueMail()
    mail.replies.push(permanent)
    await runJobs()
    expect(await stored(id)).toMatchObject({ state: 'failed', failure, sealed: null })
    expect(await jobs()).toEqual([])
  })
})

describe('the layout of e-mails', () => {
  /** As each kind's texts need them; what people typed among them is dangerous. */
  const link = 'https://drita.example/go?a=1&b=2'
  const evil = '<b title="x">&amp;\'</b>'
  const values = {
    ...{ link, code: '123456', minutes: 10, days: 7, hours: 48, left: 2, device: evil, contractCode: evil },
    ...{ biller: 'KESCO', number: 'D26-1', amount: '1\u00a0234,50\u00a0€', day: '24.11.2026' },
    ...{ change: 'recognised', linked: 'yes', way: 'card' },
    ...{ subject: evil, email: `${evil}\n\n${link}`, action: 'Go', sms: 'Go' },
    facts: [{ label: evil, value: '1\u00a0234,50 €' }],
  }
  const byMail = (catalogue: object) =>
    Object.entries(catalogue as Record<string, { by: readonly string[] }>).flatMap(([kind, { by }]) =>
      by.includes('email') ? [kind] : [],
    )
  const kinds = new Set([...byMail(openMessages), ...byMail(notifications)])

  it.each(locales)('is one for all: head, words, a button where there is a link, in %s', async language => {
    for (const kind of kinds) {
      await db.delete(messages)
      const texts = Object.values<string>(catalogue(language).messages[kind as 'welcome']).join()
      // A kind is given what its texts name, as its type asks.
      const own = Object.fromEntries(
        Object.entries(values).filter(
          ([key]) => texts.includes(`{${key}`) || (key === 'facts' && kind === 'payment-received'),
        ),
      )
      const event = { kind, ...own, ...(kind === 'case-told' && { link, biller: 'KESCO' }) }
      const owner = await makeAccount(db, { firstName: evil, language })
      if (kind in notifications) await notify(db, owner.id, event as never)
      else await sendMessage(db, { to: 'person@example.com', language }, event as never)
      const [mail] = (await listOutbox(2)).filter(({ channel }) => channel === 'email')
      const { text, html, subject } = mail!
      expect(html!.match(/<h1/g), kind).toHaveLength(1)
      expect(html, kind).toContain(`<title>${escapeHtml(subject!)}</title>`)
      expect(`${html}${text}`, kind).not.toMatch(/\{\w+\}|messages\.|undefined/)
      // Nothing that somebody typed is markup, and nothing is fetched.
      expect(html, kind).not.toMatch(/<b title|<img|url\(|@import|<link|<script|src=/)
      const buttons = [...html!.matchAll(/<a class="k" href="(.*?)"/g)].map(([, href]) => href)
      expect(buttons, kind).toEqual('link' in event ? [escapeHtml(link)] : [])
      expect(text.split(link).length - 1, kind).toBe('link' in event ? 1 : 0)
      const [, head] = /<p class="w">(.*?)<\/p>/.exec(html!)!
      expect(head, kind).toMatch(
        'biller' in event ? /^<b>KESCO<\/b> <span class="q">· .*Drit/ : /^<b>Drita<\/b>$/,
      )
      if ('amount' in event) expect(html).toContain('1\u00a0234,50<small>\u00a0€</small></h1>')
      if ('code' in event) expect(html).toContain('<h1 class="n">123456</h1>')
    }
  })

  it('names the contacts of the biller that it is about, else of those the account has contracts of', async () => {
    const [owner, ofOshee] = [await makeAccount(db), await makeAccount(db)]
    await giveAccess(db, owner, await makeContract(db))
    await giveAccess(db, ofOshee, await makeContract(db, { billerId: 1 }))
    const contactsOf = async (event: Notification, who = owner) => {
      await db.delete(messages)
      await notify(db, who.id, event)
      return /KESCO: 0800/.test((await listOutbox(1))[0]!.html!)
    }
    const added = { kind: 'contract-added-by-other', contractCode: 'X', link } as const
    expect(await contactsOf({ kind: 'welcome' })).toBe(true)
    expect(await contactsOf({ kind: 'welcome' }, ofOshee)).toBe(false)
    expect(await contactsOf({ ...added, biller: 'KESCO' })).toBe(true)
    expect(await contactsOf({ ...added, biller: 'OSHEE' })).toBe(false)
  })

  it('leads notices to where they are chosen', async () => {
    const owner = await makeAccount(db)
    const texts = { subject: 'Zana', email: link, action: 'Go', sms: link, link, biller: 'KESCO' }
    await notify(db, owner.id, { kind: 'case-told', ...texts })
    const [notice] = (await listOutbox(2)).filter(({ channel }) => channel === 'email')
    await notify(db, owner.id, { kind: 'password-changed' })
    const [warning] = await listOutbox(1)
    expect(notice!.html).toContain(`href="${portal.url}/account/notices"`)
    expect(warning!.html).not.toContain(`href="${portal.url}/account/notices"`)
  })
})

describe('an account', () => {
  const told = async (account: Partial<typeof accounts.$inferInsert>, event: Notification) => {
    const { id, email, phone } = await makeAccount(db, account)
    await notify(db, id, event)
    const sent = await listOutbox(10)
    return sent.map(({ channel, to }) => `${channel} ${to === (channel === 'sms' ? phone : email)}`).sort()
  }
  const link = 'https://x'
  const texts = { subject: 'Zana', email: link, action: 'Go', sms: link }
  const notice = { kind: 'case-told', ...texts, link, biller: 'KESCO' } as const

  it.each([
    [true, true, ['email true', 'sms true']],
    [true, false, ['email true']],
    [false, true, ['sms true']],
    [false, false, []],
  ])('is sent notices as chosen (e-mail %s, SMS %s), warnings always', async (byEmail, bySms, expected) => {
    const chosen = { notifyByEmail: byEmail, notifyBySms: bySms }
    expect(await told(chosen, notice)).toEqual(expected)
    await db.delete(messages)
    expect(await told(chosen, { kind: 'password-changed' })).toEqual(['email true'])
    await db.delete(messages)
    expect(await told(chosen, { kind: 'account-closed-by-dispute' })).toEqual(['email true', 'sms true'])
  })

  it('is sent nothing at an address that is not verified, whatever it chose', async () => {
    const unverified = { emailVerifiedAt: null, notifyByEmail: true, notifyBySms: true }
    expect(await told(unverified, notice)).toEqual(['sms true'])
    await db.delete(messages)
    expect(await told(unverified, { kind: 'password-changed' })).toEqual([])
  })
})

it('the queue keeps nothing personal of a message that is tried again, and the log says which message', async () => {
  const warning = vi.spyOn(log, 'warn').mockReturnValue()
  await queueMail()
  mail.replies.push({ at: 'rcpt', code: 451 })
  await runJobs()
  const { rows } = await db.execute(sql`select * from graphile_worker._private_jobs`)
  expect(JSON.stringify(rows)).not.toContain('example.com')
  const [queued] = await db.select().from(messages)
  expect(warning).toHaveBeenCalledWith(
    expect.objectContaining({ task: 'send-email', message: queued!.kind, code: 'smtp-451' }),
    'a job failed and is tried again',
  )
})

/** The headers, unfolded and decoded, and both parts of a mail. */
function readMail(source: string): { headers: Record<string, string>; text: string; html: string } {
  const { headers, text: body } = readPart(source)
  const [, boundary] = /boundary="(.+?)"/.exec(headers['content-type']!)!
  const [plain, html] = body
    .split(`--${boundary}`)
    .slice(1)
    .map(part => readPart(part.trimStart()))
  expect([plain, html].map(part => part!.headers['content-type'])).toEqual([
    'text/plain; charset=utf-8',
    'text/html; charset=utf-8',
  ])
  return { headers, text: plain!.text, html: html!.text }
}

function readPart(source: string): { headers: Record<string, string>; text: string } {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const headers: Record<string, string> = {}
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim())
  }
  const body = rest.join('\r\n\r\n')
  const encoding = headers['content-transfer-encoding']
  if (encoding === 'base64') return { headers, text: Buffer.from(body, 'base64').toString() }
  const isQuoted = encoding === 'quoted-printable'
  return { headers, text: isQuoted ? decodeQuoted(body.replace(/=\r\n/g, '')) : body }
}

const decodeQuoted = (text: string) =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

const decodeWords = (text: string) =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString()
        : decodeQuoted(word.replaceAll('_', ' ')),
    )

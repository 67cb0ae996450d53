// Notices: their words in every language, the night, plain letters, and addresses that switch them off. Rules: SMS in plain letters, in
// two parts at most in each language; the night at the biller's place, across midnight and both changes of the clock.

import { generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished, test, vi } from 'vitest'
import { locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import type { Notice, NoticeItem } from '../../lib/notices/schema.ts'
import { stillTrue } from '../../lib/notices/still-true.ts'
import { factsOf, hrefOf, madeValues, noticeText } from '../../lib/notices/words.ts'
import { madeNoticeKinds } from '../../lib/notifications/catalogue.ts'
import { channelsOf } from '../../lib/notifications/choices.ts'
import { noticeKinds } from '../../lib/notifications/notice-kinds.ts'
import { plainLetters } from '../../lib/notifications/plain-letters.ts'
import { afterQuiet } from '../../lib/notifications/quiet-hours.ts'
import { readUnsubscribeToken, unsubscribeToken } from '../../lib/notifications/unsubscribing.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { startMailServer } from '../support/channels.ts'
import { verifiedHeaders } from '../support/dkim.ts'
import { partsOf } from '../support/sms-parts.ts'

const now = new Date('2026-11-27T10:00:00Z')

function itemOf(more: Partial<NoticeItem> = {}, contract: Partial<NoticeItem['contract']> = {}): NoticeItem {
  return {
    noticeId: 'n',
    today: '2026-11-27',
    contract: {
      id: 1,
      code: 'AL0000001',
      alias: 'Banesa në Rrugën e Kavajës',
      address: null,
      category: 'household',
      level: 'holder',
      biller: {
        code: 'oshee',
        name: 'OSHEE',
        country: 'AL',
        currency: 'ALL',
        timeZone: 'Europe/Tirane',
        unit: 'kWh',
      },
      ...contract,
    },
    invoice: null,
    payment: null,
    disconnection: null,
    outage: null,
    threshold: null,
    ...more,
  }
}

const invoice = {
  id: 7,
  period: '2026-10-01',
  dueOn: '2026-11-30',
  total: 340_660,
  due: 340_660,
  isOverdue: false,
  isPaidInAdvance: false,
  cancelledOn: null,
  units: '313',
  unitsBefore: '216',
}

const outage = { id: 5, startsAt: now, endsAt: new Date('2026-11-27T12:00:00Z'), cancelledOn: null }

const threshold = {
  ...({ kind: 'whole', limit: 700, used: 640, left: 60, isAbove: false, extra: 85_140 } as const),
  ...{ unitPrice: '10.2000', unitPriceAbove: '11.4000', isTwoRate: false, month: '2026-11-01', daysLeft: 3 },
}

/** What each kind tells of. */
function noticeOf(kind: Notice['kind'], count = 1): Notice {
  const item = itemOf(
    kind === 'payment-elsewhere'
      ? { payment: { amount: 288_887, paidOn: '2026-11-12', reversedOn: null } }
      : kind.startsWith('outage')
        ? { outage }
        : kind === 'threshold-near'
          ? { threshold: { month: '2026-11-01', limit: 700, now: threshold } }
          : /connect/.test(kind)
            ? {
                disconnection: {
                  notBefore: '2026-11-30',
                  toPay: 1_234_567,
                  isPaid: false,
                  reason: 'debt',
                  doneAt: null,
                  reconnectedAt: null,
                  cancelledOn: null,
                },
              }
            : { invoice },
  )
  const items = Array.from({ length: count }, (_, n) => ({ ...item, contract: { ...item.contract, id: n } }))
  return { id: 'n', kind, values: {}, createdAt: now, readAt: null, archivedAt: null, items, count }
}

describe.each(locales)('in %s', language => {
  it.each(madeNoticeKinds)('%s is worded for the inbox, an e-mail and an SMS of two parts at most', kind => {
    for (const count of [1, 3]) {
      const notice = noticeOf(kind, count)
      const text = noticeText(language, notice)
      expect(JSON.stringify(text)).not.toMatch(/[{}]\w|undefined|messages\./)
      expect(text.href).toMatch(/^\//)
      const t = translator(language, 'messages')
      const values = {
        firstName: 'Arta',
        link: `https://drita.example${hrefOf(notice)}`,
        ...madeValues(language, notice),
      }
      for (const part of ['subject', 'email', 'sms', 'action'] as const)
        expect(t(`${kind}.${part}`, values as never)).not.toMatch(/[{}]|messages\./)
      const sms = plainLetters(t(`${kind}.sms`, values as never))
      expect(partsOf(sms), sms).toBeLessThanOrEqual(2)
    }
  })
})

it('fines are never called invoices', () => {
  const biller = { code: 'police-fines', name: 'Policia e Shtetit', country: 'AL' } as const
  const word = { sq: /fatur/i, en: /invoice/i, sr: /\bračun/i }
  for (const language of locales)
    for (const kind of [
      'new-invoice',
      'due-soon',
      'overdue',
      'invoice-corrected',
      'invoice-cancelled',
    ] as const)
      for (const count of [1, 3]) {
        const told = noticeOf(kind, count)
        const items = told.items.map(item => ({
          ...item,
          contract: { ...item.contract, biller: { ...item.contract.biller, ...biller } },
        }))
        const values = { firstName: 'Arta', link: 'https://drita.example/invoices/unpaid' }
        const t = translator(language, 'messages')
        for (const part of ['subject', 'email', 'sms', 'action'] as const) {
          const said = t(`${kind}.${part}`, {
            ...values,
            ...madeValues(language, { ...told, items }),
          } as never)
          expect(said.replace(values.link, '')).not.toMatch(word[language])
          if (part === 'sms') expect(partsOf(plainLetters(said)), said).toBeLessThanOrEqual(2)
        }
      }
})

it('an invoice’s key facts are its contract, amount, due date, and units beside those of the month before', () => {
  const facts = factsOf('en', noticeOf('new-invoice')).map(({ label, value }) =>
    `${label}: ${value}`.replaceAll('\u00a0', ' '),
  )
  expect(facts).toEqual([
    'Contract: Banesa në Rrugën e Kavajës',
    'Amount: 3,406.60 lek',
    'Due date: 30 November 2026',
    'Usage: 313 kWh',
    'The month before: 216 kWh',
  ])
  expect(factsOf('en', noticeOf('new-invoice', 3))).toHaveLength(3)
  expect(factsOf('en', noticeOf('new-invoice', 13))).toEqual([])
})

/** Of the contracts 1, 2, … an item each. */
const several = (kind: Notice['kind'], items: Partial<NoticeItem>[]): Notice => ({
  ...noticeOf(kind),
  items: items.map((item, n) => itemOf(item, { id: n + 1, alias: `Shtëpia ${n + 1}` })),
  count: items.length,
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const valuesOf = (notice: Notice) => factsOf('en', notice).map(({ value }) => plain(value))

test('a new invoice that was paid in advance says so, and asks for nothing', () => {
  const covered = itemOf({ invoice: { ...invoice, due: 0, isPaidInAdvance: true } })
  const notice = { ...noticeOf('new-invoice'), items: [covered] }
  expect(stillTrue(notice, now).count).toBe(1)
  expect(stillTrue({ ...notice, items: [itemOf({ invoice: { ...invoice, due: 0 } })] }, now).count).toBe(0)
  const values = { firstName: 'Arta', link: '/', ...madeValues('en', notice) }
  const said = (part: string) =>
    plain(translator('en', 'messages')(`new-invoice.${part}` as never, values as never))
  expect(said('subject')).toMatch(/: 3,406.60 lek, already paid$/)
  expect(said('sms')).toMatch(/3,406.60 lek, already paid\./)
  expect(said('email')).toContain('There is nothing to pay')
  expect(plain(noticeText('en', { ...notice, items: [covered, covered], count: 2 }).title)).toBe(
    '2 new invoices',
  )
})

test('of several contracts cut off or reconnected, the subject says how many', () => {
  for (const kind of ['disconnected', 'reconnected'] as const) {
    const { disconnection } = noticeOf(kind).items[0]!
    const done = { disconnection: { ...disconnection!, doneAt: now } }
    expect(noticeText('en', several(kind, [done, done])).title).toMatch(/: 2 contracts$/)
    expect(noticeText('en', several(kind, [done])).title).toMatch(/: Shtëpia 1$/)
  }
})

test('of several, planned work tells its times, and what is about no amount its days', () => {
  const later = { ...outage, id: 6, startsAt: new Date('2026-12-02T07:00:00Z'), endsAt: null }
  const works = several('outage-planned', [{ outage }, { outage: later }])
  expect(valuesOf(works)).toEqual(['27/11/2026, 11:00 – 13:00', '02/12/2026, 08:00'])
  expect(noticeText('en', works).title).toBe('2 planned works, the first: 27/11/2026, 11:00 – 13:00')
  // One work at two contracts is one.
  const one = several('outage-planned', [{ outage }, { outage }])
  expect(noticeText('en', one).title).toBe('Planned work: 27/11/2026, 11:00 – 13:00')
  const cancelled = { invoice: { ...invoice, cancelledOn: '2026-11-20' } }
  expect(valuesOf(several('invoice-cancelled', [cancelled, cancelled]))).toEqual(
    Array(2).fill('20 November 2026'),
  )
  const { disconnection } = noticeOf('disconnected').items[0]!
  const done = { disconnection: { ...disconnection!, doneAt: now } }
  expect(valuesOf(several('disconnected', [done, done]))).toEqual(Array(2).fill('27 November 2026'))
})

test('a warning asks for what is left to pay, of the contracts where anything is', () => {
  const { disconnection } = noticeOf('disconnection-announced').items[0]!
  const owed = { disconnection: { ...disconnection!, toPay: 4240 } }
  const unnamed = { disconnection: { ...disconnection!, toPay: null } }
  const amountsOf = (...items: Partial<NoticeItem>[]) => {
    const { amount, isOwed } = madeValues('en', several('disconnection-announced', items))
    return [amount && plain(amount), isOwed]
  }
  expect(amountsOf(owed, unnamed)).toEqual(['42.40 lek', 'yes'])
  expect(amountsOf(unnamed)).toEqual([undefined, 'no'])
  expect(valuesOf(several('disconnection-announced', [owed, unnamed]))).toEqual([
    'from 30 November 2026 · 42.40 lek',
    'from 30 November 2026',
  ])
  const paid = { disconnection: { ...disconnection!, toPay: 0, isPaid: true } }
  expect(noticeText('en', several('disconnection-announced', [paid]))).toMatchObject({
    text: 'Shtëpia 1 · paid',
    facts: [{ value: 'Shtëpia 1' }],
  })
})

test.each([
  ['outage-planned', { outage: { ...outage, cancelledOn: '2026-11-20' } }, 'cancelled'],
  [
    'disconnection-announced',
    {
      disconnection: {
        ...noticeOf('disconnection-announced').items[0]!.disconnection!,
        cancelledOn: '2026-11-20',
      },
    },
    'disconnection cancelled',
  ],
  [
    'payment-elsewhere',
    { payment: { amount: 100, paidOn: '2026-11-12', reversedOn: '2026-11-20' } },
    'reversed',
  ],
] as const)('the inbox says that what %s told of is so no more', (kind, item, state) => {
  const notice = { ...noticeOf(kind), items: [itemOf(item)] }
  expect(noticeText('en', notice).text).toBe(`Banesa në Rrugën e Kavajës · ${state}`)
})

test('the inbox says what became of it, and leads whoever sees amounts alone to the amounts', () => {
  const paid = { ...noticeOf('new-invoice'), items: [itemOf({ invoice: { ...invoice, due: 0 } })] }
  expect(noticeText('en', paid).text).toBe('Banesa në Rrugën e Kavajës · paid')
  const cancelled = itemOf({ invoice: { ...invoice, due: 0, cancelledOn: '2026-11-20' } })
  expect(noticeText('en', { ...paid, items: [cancelled] }).text).toMatch(/cancelled$/)
  expect(hrefOf({ ...paid, items: [itemOf({ invoice }, { level: 'amounts' })] })).toBe(
    '/contracts/oshee/AL0000001/pay',
  )
  expect(noticeText('en', { ...paid, items: [], count: 0 })).toEqual({
    title: 'About a contract that you no longer have',
    facts: [],
  })
})

test('what is not true any more is left out', () => {
  const left = (kind: Notice['kind'], change: Partial<NoticeItem>) =>
    stillTrue({ ...noticeOf(kind), items: [itemOf(change)] }, now).count
  expect(left('new-invoice', { invoice: { ...invoice, total: 0, due: 0 } })).toBe(1)
  expect(left('due-soon', { invoice: { ...invoice, dueOn: '2026-11-26' } })).toBe(0)
  expect(left('overdue', { invoice: { ...invoice, isOverdue: true } })).toBe(1)
  expect(left('overdue', { invoice })).toBe(0)
  expect(
    left('payment-elsewhere', { payment: { amount: 1, paidOn: '2026-11-12', reversedOn: '2026-11-13' } }),
  ).toBe(0)
  const { disconnection } = noticeOf('disconnected').items[0]!
  expect(left('disconnection-announced', { disconnection: { ...disconnection!, doneAt: now } })).toBe(0)
  expect(
    left('disconnected', { disconnection: { ...disconnection!, doneAt: now, reconnectedAt: now } }),
  ).toBe(0)
  expect(
    left('disconnection-announced', { disconnection: { ...disconnection!, toPay: 0, isPaid: true } }),
  ).toBe(0)
  const withdrawn = { ...disconnection!, cancelledOn: '2026-11-20' }
  expect(left('disconnection-withdrawn', { disconnection: withdrawn })).toBe(1)
  expect(left('disconnection-withdrawn', { disconnection })).toBe(0)
  expect(left('disconnection-withdrawn', { disconnection: { ...withdrawn, doneAt: now } })).toBe(0)
  const off = { ...outage, cancelledOn: '2026-11-20' }
  expect(left('outage-cancelled', { outage: off })).toBe(1)
  expect(left('outage-cancelled', { outage })).toBe(0)
  expect(left('outage-cancelled', { outage: { ...off, endsAt: now } })).toBe(0)
  expect(left('outage-planned', { outage })).toBe(1)
  expect(left('outage-planned', { outage: { ...outage, endsAt: now } })).toBe(0)
  expect(left('outage-planned', { outage: { ...outage, cancelledOn: '2026-11-20' } })).toBe(0)
  const limit = { month: '2026-11-01', limit: 700 }
  expect(left('threshold-near', { threshold: { ...limit, now: threshold } })).toBe(1)
  expect(left('threshold-near', { threshold: { ...limit, now: { ...threshold, isAbove: true } } })).toBe(0)
  expect(left('threshold-near', { threshold: { ...limit, now: null } })).toBe(0)
})

describe('the night', () => {
  const quiet = { from: 21, until: 8 }
  it.each([
    ['an evening', '2026-11-27T19:59:59Z', '2026-11-27T19:59:59Z'],
    ['nine in the evening', '2026-11-27T20:00:00Z', '2026-11-28T07:00:00Z'],
    ['after midnight', '2026-11-28T02:00:00Z', '2026-11-28T07:00:00Z'],
    ['eight in the morning', '2026-11-28T07:00:00Z', '2026-11-28T07:00:00Z'],
    ['the night in which summer begins', '2026-03-28T21:00:00Z', '2026-03-29T06:00:00Z'],
    ['the night in which summer ends', '2026-10-24T20:00:00Z', '2026-10-25T07:00:00Z'],
    ['within the hour that comes twice', '2026-10-25T00:30:00Z', '2026-10-25T07:00:00Z'],
    ['the year’s last', '2026-12-31T22:30:00Z', '2027-01-01T07:00:00Z'],
  ])('%s', (_, at, then) => {
    expect(afterQuiet(new Date(at), 'Europe/Belgrade', quiet)).toEqual(new Date(then))
  })

  it('is where the biller is, may lie within a day, or not be', () => {
    const at = new Date('2026-11-27T20:00:00Z')
    expect(afterQuiet(at, 'Europe/London', quiet)).toEqual(at)
    expect(afterQuiet(at, 'Europe/Belgrade', null)).toEqual(at)
    const noon = { from: 12, until: 14 }
    expect(afterQuiet(new Date('2026-11-27T11:30:00Z'), 'Europe/Belgrade', noon)).toEqual(
      new Date('2026-11-27T13:00:00Z'),
    )
  })
})

test('plain letters are all of GSM’s alphabet, and the euro counts two', () => {
  const plain = plainLetters('Çështja “Đorđe” – šžčć… 1\u00a0234,50\u00a0€ m³')
  expect(plain).toBe('Ceshtja "Djordje" - szcc... 1 234,50 € m3')
  expect(partsOf('x'.repeat(160))).toBe(1)
  expect(partsOf(`${'x'.repeat(159)}€`)).toBe(2)
  expect(partsOf(`${'x'.repeat(69)}ë`)).toBe(1)
  expect(partsOf(`${'x'.repeat(70)}ë`)).toBe(2)
})

test('a setting keeps the letters of SMS as they are written', async () => {
  const textWith = async (letters: string) => {
    process.env.SMS_LETTERS = letters
    // Settings are read once.
    vi.resetModules()
    const { contentOf } = await import('../../lib/notifications/outbox.ts')
    const values = { code: '123456', minutes: 10 }
    // An SMS asks nothing of the database.
    return contentOf(undefined as never, 'sms', { to: '+383', language: 'sq' }, 'registration-code', values)
  }
  onTestFinished(() => {
    delete process.env.SMS_LETTERS
  })
  expect((await textWith('kept')).text).toContain('kodi juaj është 123456')
  expect((await textWith('plain')).text).toContain('kodi juaj eshte 123456')
})

test('what is sent to many keeps neither codes nor other messages waiting', () => {
  const many = ['send-notices-email', 'send-notices-sms']
  for (const lane of ['codes', 'email', 'bank'] as const)
    expect(Object.keys(taskList(lane)).filter(job => many.includes(job))).toEqual([])
  expect(Object.keys(taskList('notices-email'))).toEqual(['send-notices-email'])
})

test('by which channels a notice goes: as chosen for the contract, for the kind, for notices; warnings always', () => {
  const account = { notifyByEmail: true, notifyBySms: false }
  const choice = (kind: string, contractId: number | null, email: boolean, sms: boolean) => ({
    ...{ accountId: 'a', kind, contractId, email, sms },
  })
  const choices = [choice('overdue', null, false, false), choice('overdue', 2, true, true)]
  expect(channelsOf(account, [], 'overdue', 1)).toEqual(['email'])
  expect(channelsOf(account, choices, 'overdue', 1)).toEqual([])
  expect(channelsOf(account, choices, 'overdue', 2)).toEqual(['email', 'sms'])
  expect(channelsOf(account, choices, 'due-soon', 2)).toEqual(['email'])
  expect(channelsOf(account, [choice('account', null, false, false)], 'account', null)).toEqual([
    'email',
    'sms',
  ])
  expect(channelsOf({ ...account, notifyBySms: true }, [], 'receipt', 1)).toEqual(['email'])
  expect(Object.keys(noticeKinds)).toContain('statement')
})

test('an address that switches notices off is opened again and again, and made by nobody else', () => {
  const token = unsubscribeToken('an-account', 'overdue', 3)
  for (let n = 0; n < 2; n++)
    expect(readUnsubscribeToken(token)).toEqual({ accountId: 'an-account', kind: 'overdue', contractId: 3 })
  expect(token).not.toContain('account')
  // Not at its end, where several letters may say the same.
  const other = token[20] === 'A' ? 'B' : 'A'
  expect(readUnsubscribeToken(token.slice(0, 20) + other + token.slice(21))).toBeUndefined()
  expect(readUnsubscribeToken('x')).toBeUndefined()
})

test('e-mails are signed, with the headers by which a mailbox unsubscribes', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-dkim-'))
  const server = await startMailServer()
  onTestFinished(async () => {
    fs.rmSync(folder, { recursive: true })
    for (const name of ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE']) delete process.env[name]
    await server.stop()
  })
  const file = path.join(folder, 'key.pem')
  fs.writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  Object.assign(process.env, {
    SMTP_URL: `${server.address}?requireTLS=false`,
    MAIL_FROM: 'Drita <no-reply@drita.example>',
    DKIM_DOMAIN: 'drita.example',
    DKIM_SELECTOR: 'n1',
    DKIM_KEY_FILE: file,
  })
  // Settings are read once.
  vi.resetModules()
  const { sendMail } = await import('../../lib/notifications/smtp.ts')
  const mail = {
    id: 'an-id',
    to: 'person@example.com',
    subject: 'Fatura për tetor',
    text: 'a',
    html: '<p>ë</p>',
  }
  const unsubscribe = 'https://drita.example/unsubscribe/x'
  expect(await sendMail({ ...mail, unsubscribe, language: 'sq', createdAt: now })).toEqual({ state: 'sent' })
  const { source } = server.mails[0]!
  const signed = verifiedHeaders(source, publicKey)
  expect(signed).toEqual(
    expect.arrayContaining(['from', 'list-unsubscribe', 'list-unsubscribe-post', 'auto-submitted']),
  )
  expect(source).toMatch(/DKIM-Signature:[\s\S]*d=drita\.example;[\s\S]*s=n1;/)
  expect(verifiedHeaders(source.replace('One-Click', 'No-Click'), publicKey)).toBeUndefined()
})

it('a limit that came near in a month that is over is told of without what is near now', () => {
  const notice = noticeOf('threshold-near')
  const over = { month: '2026-11-01', limit: 700, now: null }
  const text = noticeText('en', { ...notice, items: [{ ...notice.items[0]!, threshold: over }] })
  expect(text.title.replaceAll('\u00a0', ' ')).toBe(
    'Close to 700 kWh: Banesa në Rrugën e Kavajës, November 2026',
  )
  expect(JSON.stringify(text)).not.toContain('used')
})

// How long SMS are, and that e-mails travel encrypted.
import { describe, expect, it, vi } from 'vitest'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import { madeNoticeKinds, notifications, openMessages } from '../../lib/notifications/catalogue.ts'
import { noticeKindOf } from '../../lib/notifications/notice-kinds.ts'
import { plainLetters } from '../../lib/notifications/plain-letters.ts'
import { outcomeOf, outcomeOfHttpStatus, outcomeOfMailError } from '../../lib/notifications/rules.ts'
import { startMailServer } from '../support/channels.ts'
import { partsOf } from '../support/sms-parts.ts'

/** As long as they really get. */
const VALUES: Record<string, string | number> = {
  change: 'recognised',
  title: 'Ndërmarrja Ballkan shpk',
  note: 'x'.repeat(800),
  code: '123456',
  minutes: 30,
  days: 7,
  amount: '1.234.567,89 leka',
  contractCode: 'AL0000001',
  number: '2026-11-0001234',
  biller: 'KESCO',
  device: 'Chrome, Windows',
  link: `https://drita.example/account/contact/undo/${'x'.repeat(43)}`,
  firstName: 'Përparime',
}

it.each(locales)('what the catalogue names has its texts in %s, and there are no others', language => {
  const { messages } = catalogue(language)
  const made = Object.fromEntries(madeNoticeKinds.map(kind => [kind, { by: ['email', 'sms'] }]))
  const expected = Object.entries({ ...openMessages, ...notifications, ...made }).map(([kind, { by }]) => {
    const texts = by.flatMap(channel => (channel === 'email' ? ['email', 'subject'] : ['sms']))
    // A notice has a title in the inbox.
    return [kind, [...new Set([...texts, ...(noticeKindOf(kind) ? ['subject'] : [])])].sort()]
  })
  // What stands under a figure is not for every kind; a button is for those with a link, whose texts are the kinds' of cases too.
  const texts = Object.entries<Record<string, string>>(messages).map(
    ([kind, { action, below, inbox, ...text }]) => {
      if (kind !== 'case-told')
        expect(action !== undefined, kind).toBe(text.email?.includes('\n\n{link}') ?? false)
      return [kind, Object.keys(text).sort()]
    },
  )
  expect(Object.fromEntries(texts)).toEqual(Object.fromEntries(expected))
})

describe('SMS', () => {
  const { messages, kinds } = catalogue('en')
  const told = Object.entries<object>(kinds).flatMap(([kind, texts]) =>
    'told' in texts ? [[`kinds.${kind}.told`, texts.told as object] as const] : [],
  )
  const withSms = [['messages', messages as object] as const, ...told].flatMap(([place, texts]) =>
    Object.entries(texts as Record<string, object>).flatMap(([kind, text]) =>
      'sms' in text && kind !== 'case-told' && !madeNoticeKinds.includes(kind as 'overdue')
        ? [`${place}.${kind}`]
        : [],
    ),
  )
  const cases = withSms.flatMap(kind => locales.map(language => [kind, language] as const))

  it.each(cases)('%s in %s fits in two parts', (kind, language) => {
    const [namespace, ...key] = kind.split('.')
    const text = translator(language, namespace as 'messages')(
      [...key, 'sms'].join('.') as 'registration-code.sms',
      VALUES as never,
    )
    expect(text).not.toMatch(/[{}]/)
    expect(partsOf(plainLetters(text)), `${text.length}: ${text}`).toBeLessThanOrEqual(2)
  })

  const codes = ['registration-code', 'reset-code', 'contact-code-sms'] as const
  it.each(codes)('%s is a single one in each language', kind => {
    for (const language of locales) {
      const text = translator(language, 'messages')(`${kind}.sms`, { code: '123456', minutes: 10 })
      expect(partsOf(text), `${text.length}: ${text}`).toBe(1)
    }
  })

  it('about a closed account is a single one', () => {
    for (const language of locales) {
      const text = translator(language, 'messages')('account-closed-by-dispute.sms')
      expect(partsOf(text), `${text.length}: ${text}`).toBe(1)
    }
  })
})

describe('outcomes', () => {
  it.each([
    [{ code: 'EENVELOPE', responseCode: 550 }, 'failed', 'smtp-550'],
    [{ code: 'EENVELOPE' }, 'failed', 'EENVELOPE'],
    [{ code: 'EENVELOPE', responseCode: 450 }, 'again', 'smtp-450'],
    [{ code: 'EMESSAGE' }, 'again', 'EMESSAGE'],
    // Not about the message: the portal's password, or its address.
    [{ code: 'EAUTH', responseCode: 535 }, 'again', 'smtp-535'],
    [{ code: 'EPROTOCOL', responseCode: 554 }, 'again', 'smtp-554'],
    [{ code: 'ESOCKET' }, 'again', 'ESOCKET'],
    [{}, 'again', 'unknown'],
  ])('of the mail error %j', (error, state, failure) => {
    expect(outcomeOfMailError(error)).toEqual({ state, failure })
  })

  const refused = (responseCode: number, response: string, command = 'RCPT TO') =>
    outcomeOfMailError({ code: 'EENVELOPE', responseCode, response: `${responseCode} ${response}`, command })
  it.each([
    [550, 'No such user here'],
    [551, 'User has moved'],
    [550, '5.1.1 The email account that you tried to reach does not exist'],
    [550, '5.2.1 The mailbox is disabled'],
  ])('nothing arrives any more: %d %s', (code, words) => {
    expect(refused(code, words)).toMatchObject({ state: 'failed', undeliverable: true })
  })
  it.each([
    [452, '4.2.2 Mailbox full'],
    [552, 'Mailbox full'],
    [552, '5.2.2 Over quota'],
    [550, '5.2.2 Over quota'],
    [450, '4.2.1 Mailbox busy'],
  ])('a mailbox that is full may have room again: %d %s', (code, words) => {
    expect(refused(code, words)).toEqual({ state: 'again', failure: `smtp-${code}` })
  })
  it.each([
    [550, '5.7.1 Blocked for spam', 'RCPT TO'],
    [554, 'Policy', 'RCPT TO'],
    [550, 'Sender unknown', 'MAIL FROM'],
    [550, '5.1.1 Sender unknown', 'MAIL FROM'],
    [554, '5.1.1 Not taken', 'DATA'],
  ])('refused, and not for the address: %d %s at %s', (code, words, command) => {
    expect(refused(code, words, command)).toEqual({ state: 'failed', failure: `smtp-${code}` })
  })

  it('of an SMS that cannot be delivered is for good only where its report says so', () => {
    const gone = { groupName: 'UNDELIVERABLE', name: 'EC_UNKNOWN_SUBSCRIBER' }
    expect(outcomeOf(gone, true)).toMatchObject({ state: 'failed', undeliverable: true })
    expect(outcomeOf(gone, false)).toEqual({ state: 'failed', failure: 'EC_UNKNOWN_SUBSCRIBER' })
    expect(outcomeOf({ groupName: 'EXPIRED' }, true)).not.toHaveProperty('undeliverable')
  })

  it('of HTTP statuses and of what Infobip says', () => {
    const statesOf = (statuses: number[]) => statuses.map(status => outcomeOfHttpStatus(status).state)
    expect(new Set(statesOf([401, 403, 408, 429, 500, 503]))).toEqual(new Set(['again']))
    expect(new Set(statesOf([400, 404, 405, 413, 422]))).toEqual(new Set(['failed']))
    expect(outcomeOf({ groupName: 'EXPIRED' })).toEqual({ state: 'failed', failure: 'EXPIRED' })
    expect(outcomeOf({ groupName: 'OTHER' })).toBeUndefined()
  })
})

describe('e-mails are not sent', () => {
  it.each([
    ['in the clear', { tls: false }],
    ['to a server whose certificate is nobody’s', { tls: true }],
  ])('%s', async (_, options) => {
    const server = await startMailServer(options)
    process.env.SMTP_URL = server.address
    process.env.MAIL_FROM = 'no-reply@drita.example'
    // Settings are read once.
    vi.resetModules()
    const { sendMail } = await import('../../lib/notifications/smtp.ts')
    const createdAt = new Date()
    const message = { id: 'an-id', to: 'person@example.com', subject: 'a', text: 'b', createdAt }
    expect(await sendMail({ ...message, language: 'en' })).toMatchObject({ state: 'again' })
    expect(server.mails).toEqual([])
    await server.stop()
  })
})

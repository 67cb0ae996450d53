// Settings, money and days: what everything else stands on.
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { whenAlarmed } from '../../lib/platform/alarms.ts'
import { addDays, addMonths, dayIn, daysBetween, isIsoDate } from '../../lib/platform/dates.ts'
import { parseEnv, unknownSettings } from '../../lib/platform/env.ts'
import { errorFacts, log } from '../../lib/platform/log.ts'
import { parseMinor, plainAmount, printMinor, roundMillionths } from '../../lib/platform/money.ts'
import { seal, unsealStored } from '../../lib/platform/seal.ts'

const SECRET = 'x'.repeat(32)

describe('settings', () => {
  const given = { APP_URL: 'https://portal.example', AUTH_SECRET: SECRET, DEMO: 'on' }
  const channels = {
    SMTP_URL: 'smtp://mail.example',
    MAIL_FROM: 'Drita <no-reply@portal.example>',
    INFOBIP_BASE_URL: 'https://xyz.api.infobip.com',
    INFOBIP_API_KEY: 'key',
    SMS_SENDER: 'Drita',
  }

  test('have defaults', () => {
    expect(parseEnv({ ...given, ...channels, DEMO: '' })).toMatchObject({
      PORT: 3000,
      DEMO: false,
      DATA_DIR: '.data',
      JOBS_IN_PROCESS: true,
    })
  })

  test('are missing where they are empty, and named in one sentence', () => {
    expect(() => parseEnv({ ...given, AUTH_SECRET: '' })).toThrow(/^The setting AUTH_SECRET is missing\.$/)
    expect(() => parseEnv({ DEMO: '1' })).toThrow(/^The settings APP_URL and AUTH_SECRET are missing\.$/)
  })

  test('that are none are named, with the one that may be meant; what is meant for others is not', () => {
    const foreign = {
      HOME: '/',
      SESSION_MANAGER: 'x',
      PG_DATA: 'x',
      DATA_DIRS: 'x',
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'x',
    }
    expect(
      unknownSettings({
        ...given,
        ...channels,
        ...foreign,
        LIMIT_SINGIN_PER_ACCOUNT: '5',
        DATABASE_PREPARED: 'off',
      }),
    ).toEqual([
      'DATA_DIRS is no setting of the portal; DATA_DIR is.',
      'LIMIT_SINGIN_PER_ACCOUNT is no setting of the portal; LIMIT_SIGN_IN_PER_ACCOUNT is.',
      'DATABASE_PREPARED is no setting of the portal.',
    ])
  })

  test('of the channels are needed where messages leave the portal', () => {
    expect(parseEnv(given).SMTP_URL).toBeUndefined()
    for (const name of Object.keys(channels)) {
      expect(() => parseEnv({ ...given, ...channels, DEMO: 'off', [name]: '' })).toThrow(
        `The setting ${name} is missing.`,
      )
    }
    expect(() => parseEnv({ ...given, DEMO: 'off' })).toThrow(
      'The settings SMTP_URL, MAIL_FROM, INFOBIP_BASE_URL, INFOBIP_API_KEY and SMS_SENDER are missing.',
    )
  })

  test.each([
    ['SMTP_URL', 'mail.example', 'is not an smtp:// or smtps:// address'],
    ['MAIL_FROM', 'Drita', 'is not an e-mail address'],
    ['MAIL_FROM', 'Drita <a@b.example>\nBcc: <c@d.example>', 'is not an e-mail address'],
    ['INFOBIP_BASE_URL', 'http://xyz.api.infobip.com', 'is not an https:// address'],
    ['SMS_SENDER', 'Drita Energy Portal', 'has more than 15 characters'],
  ])('%s cannot be %j', (name, value, reason) => {
    expect(() => parseEnv({ ...given, ...channels, [name]: value })).toThrow(`The setting ${name} ${reason}.`)
  })

  test('of addresses are https outside a demonstration, or of this machine', () => {
    const serving = { ...given, ...channels, DEMO: 'off' }
    expect(() => parseEnv({ ...serving, APP_URL: 'http://portal.example' })).toThrow(
      'The setting APP_URL is not an https:// address.',
    )
    expect(() => parseEnv({ ...serving, S3_ENDPOINT: 'http://store.example' })).toThrow(
      'The setting S3_ENDPOINT is not an https:// address.',
    )
    expect(() => parseEnv({ ...serving, APP_URL: 'http://localhost.example:80' })).toThrow('https')
    expect(parseEnv({ ...serving, S3_ENDPOINT: 'http://127.0.0.1:9000' }).DEMO).toBe(false)
    expect(parseEnv({ ...serving, APP_URL: 'http://localhost:3000' }).DEMO).toBe(false)
    expect(parseEnv({ ...given, APP_URL: 'http://portal.example' }).DEMO).toBe(true)
  })

  test('are complained of all at once, a sentence a line', () => {
    const wrong = { ...given, DEMO: 'off', PORT: '0', STORAGE: 'disc', APP_URL: 'portal.example' }
    expect(() => parseEnv({ ...wrong, ...channels, SMTP_URL: '' }, ['DATABASE_URL'])).toThrow(
      new Error(
        [
          'The settings DATABASE_URL and SMTP_URL are missing.',
          'The setting PORT is less than 1.',
          'The setting APP_URL is no address.',
          'The setting STORAGE is neither disk nor s3.',
        ].join('\n'),
      ),
    )
  })

  test('AUTH_SECRET_PREVIOUS is a list of whole secrets', () => {
    expect(parseEnv(given).AUTH_SECRET_PREVIOUS).toEqual([])
    const list = `${'a'.repeat(32)},${'b'.repeat(40)}`
    expect(parseEnv({ ...given, AUTH_SECRET_PREVIOUS: list }).AUTH_SECRET_PREVIOUS).toHaveLength(2)
    expect(() => parseEnv({ ...given, AUTH_SECRET_PREVIOUS: `${list},short` })).toThrow(
      'The setting AUTH_SECRET_PREVIOUS has a secret of less than 32 characters.',
    )
  })

  test('that are wrong are named with the reason', () => {
    expect(() => parseEnv({ ...given, PORT: '80x' })).toThrow('The setting PORT is not a whole number.')
    expect(() => parseEnv({ ...given, DATABASE_URL: 'mysql://x' })).toThrow(
      'The setting DATABASE_URL is not a postgres:// address.',
    )
    expect(() => parseEnv({ ...given, AUTH_SECRET: 'short' })).toThrow(
      'The setting AUTH_SECRET needs at least 32 characters.',
    )
  })
})

describe('money', () => {
  test.each([
    ['0', 0],
    ['0.5', 50],
    ['47.30', 4730],
    ['-1.05', -105],
    ['9999999999999.99', 999999999999999],
  ])('reads %s', (text, minor) => expect(parseMinor(text)).toBe(minor))

  test.each(['', '.5', '1.', '1.234', '1,00', '1e3', ' 1', '٣', '10000000000000', '+1'])(
    'refuses "%s"',
    text => {
      expect(parseMinor(text)).toBeUndefined()
    },
  )

  test('survives printing and reading', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 14), max: 10 ** 14 }),
        minor => parseMinor(plainAmount(minor)) === minor,
      ),
      { seed: 1 },
    )
  })

  test('rounds millionths half up, exactly', () => {
    expect([45_600_000n, 500_000n, 499_999n].map(roundMillionths)).toEqual([46, 1, 0])
    expect(roundMillionths(9_007_199_254_740_991_000_000n)).toBe(9_007_199_254_740_991)
  })

  test('prints by a pattern', () => {
    const pattern = { prefix: '', suffix: ' €', decimal: ',', group: '.' }
    expect(printMinor(123456789, pattern)).toBe('1.234.567,89 €')
    expect(printMinor(-5, pattern)).toBe('−0,05 €')
  })
})

describe('days', () => {
  test('knows which exist', () => {
    expect(['2024-02-29', '2023-12-31'].map(isIsoDate)).toEqual([true, true])
    expect(['2023-02-29', '2023-13-01', '2023-1-1', '', '2023-02-30T00:00'].map(isIsoDate)).toEqual(
      Array(5).fill(false),
    )
  })

  test('counts over years and clock changes', () => {
    expect(daysBetween('2023-07-31', '2023-08-10')).toBe(10)
    expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2)
    expect(addDays('2023-12-31', 1)).toBe('2024-01-01')
    expect(addMonths('2023-12-15', -12)).toBe('2022-12-01')
    expect(addMonths('2023-01-31', 1)).toBe('2023-02-01')
  })

  test('differ by time zone', () => {
    const night = new Date('2024-06-30T22:30:00Z')
    expect(dayIn('Europe/Tirane', night)).toBe('2024-07-01')
    expect(dayIn('UTC', night)).toBe('2024-06-30')
  })

  test('added and counted agree', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(day, fc.integer({ min: -5000, max: 5000 }), (date, days) => {
        const from = date.toISOString().slice(0, 10)
        return daysBetween(from, addDays(from, days)) === days
      }),
      { seed: 1 },
    )
  })
})

test('an error’s facts hold nothing of its message, whatever that looks like', () => {
  const facts = errorFacts(Object.assign(new Error('550 <a@b.c>\n    at <a@b.c>'), { code: 'EENVELOPE' }))
  expect(JSON.stringify(facts)).not.toContain('a@b.c')
  expect(facts).toMatchObject({ error: 'Error', code: 'EENVELOPE' })
  expect(facts.stack).toContain('platform.test.ts')
})

test('an alarm is counted in whatever form it is written, and nothing that only looks like one', () => {
  const heard: string[] = []
  whenAlarmed(alarm => heard.push(alarm))
  const alarm = 'ALARM: a refund failed'
  log.error({ refund: 1 }, alarm)
  log.error(alarm)
  log.error({ refund: 1, msg: alarm })
  log.error('ALARM: a refund %s', 'failed')
  log.child({ biller: 'oshee' }).error(alarm)
  expect(heard).toEqual(Array(5).fill('a refund failed'))
  log.error({ says: `"msg":"${alarm}` }, 'another line')
  log.error('no ALARM: a refund failed')
  expect(heard).toHaveLength(5)
})

test('what does not open is told of a few times a minute, however often it is tried', () => {
  const alarm = vi.spyOn(log, 'error').mockImplementation(() => {})
  const sealed = seal('content', 'one')
  for (let tries = 0; tries < 30; tries++) expect(unsealStored(sealed, 'another')).toBeUndefined()
  expect(alarm.mock.calls.length).toBeGreaterThan(0)
  expect(alarm.mock.calls.length).toBeLessThanOrEqual(10)
  alarm.mockRestore()
})

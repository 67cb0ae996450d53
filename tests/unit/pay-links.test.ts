// Links to pay by: what their address and their form carry, and when they end.
import { describe, expect, it } from 'vitest'
import { locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import { endOf } from '../../lib/payments/pay-links.ts'
import { parseLinkToken, readTotals, writeTotals } from '../../lib/payments/schema.ts'

const now = new Date('2026-11-27T10:00:00Z')

describe('a link', () => {
  it('has a token of 22 signs of base64url in its address, and nothing else', () => {
    const token = 'O4fw4zA7Wr6DPIavos3j-_'
    expect(parseLinkToken(token)).toBe(token)
    for (const other of [
      '',
      null,
      undefined,
      token.slice(1),
      `${token}A`,
      `${token.slice(1)}/`,
      '../../sign-in',
    ])
      expect(parseLinkToken(other)).toBeUndefined()
  })

  it('calls no fine an invoice that dropped out of it', () => {
    const word = { sq: /fatur/i, en: /invoice/i, sr: /račun(?!ava)/i }
    for (const language of locales)
      for (const text of ['gonePaid', 'goneCancelled'] as const)
        for (const count of [1, 2, 5]) {
          const say = (supply: string) =>
            translator(language, 'payByLink')(text, { count, months: 'M', supply })
          expect(say('fines')).not.toMatch(word[language])
          expect(say('electricity')).toMatch(word[language])
        }
  })

  it('says in its form what was shown', () => {
    const shown = [
      { id: 12, total: 5000 },
      { id: 7, total: 1 },
    ]
    expect([...readTotals(writeTotals(shown))]).toEqual([
      [12, 5000],
      [7, 1],
    ])
  })

  it('ends at its moment, by being withdrawn, and without its sender’s access', () => {
    const link = { revokedAt: null, expiresAt: new Date(now.getTime() + 1), senderHasAccess: true }
    expect(endOf(link, now)).toBeNull()
    expect(endOf({ ...link, expiresAt: now }, now)).toBe('expired')
    expect(endOf({ ...link, revokedAt: now }, now)).toBe('withdrawn')
    expect(endOf({ ...link, expiresAt: now, senderHasAccess: false }, now)).toBe('withdrawn')
  })
})

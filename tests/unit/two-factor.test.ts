// Codes of authenticator apps against the examples of their standard, recovery codes, common passwords.
import { Secret } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { guessedFault } from '../../lib/auth/common-passwords.ts'
import { newRecoveryCodes, recoveryHash } from '../../lib/auth/recovery-codes.ts'
import { codeAt, counterOf, keyUri, newSecret } from '../../lib/auth/totp.ts'

describe('codes of authenticator apps', () => {
  const secret = Secret.fromUTF8('12345678901234567890').base32

  // RFC 6238, appendix B; the last 6 of its 8 digits.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i seconds are those of RFC 6238', (seconds, code) => {
    const at = new Date(seconds * 1000)
    expect(codeAt(secret, at)).toBe(code)
    expect(counterOf(secret, code, at)).toBe(Math.floor(seconds / 30))
  })

  it('are taken half a minute early and late, and not beyond', () => {
    const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000)
    const code = codeAt(secret, at(0))
    const counter = 60_000_000
    expect([-60, -30, 0, 30, 60].map(seconds => counterOf(secret, code, at(seconds)))).toEqual([
      undefined,
      counter,
      counter,
      counter,
      undefined,
    ])
    for (const wrong of ['', '1', 'abcdef', '1234567', ' 12345']) {
      expect(counterOf(secret, wrong, at(0))).toBeUndefined()
    }
  })

  it('come from 160 random bits, which the QR code names', () => {
    const made = newSecret()
    expect(made).toMatch(/^[A-Z2-7]{32}$/)
    expect(newSecret()).not.toBe(made)
    const uri = new URL(keyUri(made, 'mirela'))
    expect(uri.protocol + uri.host + decodeURIComponent(uri.pathname)).toBe('otpauth:totp/Drita:mirela')
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret: made, issuer: 'Drita', digits: '6' })
  })
})

it('recovery codes are ten, and may be typed in capitals and without the dash', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}$/)
  const [code] = codes as [string]
  expect(recoveryHash('a', code.toUpperCase().replace('-', ' '))).toBe(recoveryHash('a', code))
  expect(recoveryHash('b', code)).not.toBe(recoveryHash('a', code))
})

it('common passwords are known whatever their capitals', async () => {
  for (const common of ['Password1', 'pAssword123', 'Qwerty123', '1Q2w3e4r']) {
    expect(`${common} ${await guessedFault(common)}`).toBe(`${common} passwordCommon`)
  }
  // Names of this portal, of billers and of the countries, with whatever digits and other characters.
  for (const named of ['Drita-2026', 'OSHEE1drita', 'Kosovë 2008', 'Police-Fines 1']) {
    expect(`${named} ${await guessedFault(named)}`).toBe(`${named} passwordOwnWords`)
  }
  for (const own of ['Dritan-2026', 'Portokall 7', 'Korrik-1912', 'Kumbulla 99']) {
    expect(`${own} ${await guessedFault(own)}`).toBe(`${own} undefined`)
  }
})

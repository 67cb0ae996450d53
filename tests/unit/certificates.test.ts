// Codes of certificates as they are made and typed, and initials.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  agrees,
  CODE_BYTES,
  codeOf,
  initialsOf,
  readCertificateCode,
  validityOf,
} from '../../lib/certificates/rules.ts'
import { groupedCode } from '../../lib/certificates/schema.ts'

describe('a code', () => {
  it('holds 80 bits in 16 signs, each bit of them', () => {
    expect(CODE_BYTES * 8).toBe(80)
    expect(codeOf(Buffer.alloc(CODE_BYTES))).toBe('0'.repeat(16))
    expect(codeOf(Buffer.alloc(CODE_BYTES, 255))).toBe('Z'.repeat(16))
    const codes = Array.from({ length: 80 }, (_, bit) => {
      const bytes = Buffer.alloc(CODE_BYTES)
      bytes[bit >> 3] = 128 >> (bit & 7)
      return codeOf(bytes)
    })
    expect(new Set(codes).size).toBe(80)
    expect(codes[0]).toBe(`G${'0'.repeat(15)}`)
    expect(codes[79]).toBe(`${'0'.repeat(15)}1`)
  })

  it('has only letters and digits that nobody takes for another, and is read as it was made', () => {
    for (let n = 0; n < 200; n += 1) {
      const code = codeOf(randomBytes(CODE_BYTES))
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
      expect(readCertificateCode(groupedCode(code))).toBe(code)
    }
  })

  it.each([
    ['as printed', '7KQM-2XVD-RT84-HN6P'],
    ['in small letters', '7kqm-2xvd-rt84-hn6p'],
    ['with blanks', ' 7KQM 2XVD  RT84 HN6P '],
    ['in one', '7KQM2XVDRT84HN6P'],
    ['with the hyphens that phones make', '7KQM–2XVD—RT84‑HN6P'],
    ['in wide signs', '７ＫＱＭ２ＸＶＤＲＴ８４ＨＮ６Ｐ'],
  ])('is read %s', (_, typed) => {
    expect(readCertificateCode(typed)).toBe('7KQM2XVDRT84HN6P')
  })

  it('is read with signs that look alike', () => {
    expect(readCertificateCode('oOiI-lL00-1111-AAAA')).toBe('001111001111AAAA')
  })

  it.each(['', '7KQM-2XVD-RT84-HN6', '7KQM-2XVD-RT84-HN6PP', '7KQM-2XVD-RT84-HN6U', 'VD-2026-000184'])(
    'is not %s',
    typed => {
      expect(readCertificateCode(typed)).toBeUndefined()
    },
  )
})

describe('initials', () => {
  it.each([
    [['Mirela', 'Agim', 'Dervishi-Kryeziu'], 'M. A. D.-K.'],
    [['Çelë', 'Ëngjëll', 'šabani'], 'Ç. Ë. Š.'],
    [['Ana Maria', '', 'Hoxha'], 'A. M. H.'],
    [['Drita & Co. sh.p.k.'], 'D. C. S.'],
    [['24 Ore'], '2. O.'],
    [[' - ', ''], ''],
  ])('of %j are %s', (names, initials) => {
    expect(initialsOf(...names)).toBe(initials)
  })
})

describe('rules', () => {
  it('say the strongest reason why it is not valid', () => {
    const none = { revokedAt: null, supersededAt: null, hasNewerInvoice: false }
    expect(validityOf(none)).toBe('valid')
    expect(validityOf({ ...none, hasNewerInvoice: true })).toBe('expired')
    expect(validityOf({ ...none, supersededAt: 1, hasNewerInvoice: true })).toBe('superseded')
    expect(validityOf({ revokedAt: 1, supersededAt: 1, hasNewerInvoice: true })).toBe('revoked')
  })

  it('compare without case and signs above letters, and say nothing where the record does not', () => {
    expect([
      agrees('ÇELË', 'Cele'),
      agrees('Arta', 'Ardita'),
      agrees('Arta', null),
      agrees('Arta', ''),
    ]).toEqual([true, false, undefined, undefined])
  })
})

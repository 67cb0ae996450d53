// Texts from outside: what is the same is written the same, and what shows nothing is seen.
import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compose, hasInvisible, normaliseText, printable, visibleText } from '../../lib/platform/text.ts'

test.each([
  ['KF-1', 'KF-1'],
  ['', ''],
  [' ', ''],
  [' KF-1', 'KF-1'],
  ['KF-1\u00a0', 'KF-1'],
  ['KF-1\u2003\u3000', 'KF-1'],
  ['\tKF \t 1\r\n', 'KF 1'],
  ['KF\u0085\u20281', 'KF 1'],
  ['Ge\u0308zim', 'Gëzim'],
  ['Šarić Đorđe', 'Šarić Đorđe'],
  ['Rruga  e   Dibrës', 'Rruga e Dibrës'],
])('%j is normalised to %j', (text, normalised) => {
  expect(normaliseText(text)).toBe(normalised)
})

test.each([
  '\u200b',
  '\u200e',
  '\u202e',
  '\u2066',
  '\u00ad',
  '\ufeff',
  '\u2060',
  '\u0000',
  '\u001b',
  '\ufe0f',
  '\u034f',
  '\u3164',
  '\u2800',
])('%j shows nothing: it is seen in a key, left out of a text and printed by its number', character => {
  const text = `KF${character}1`
  expect(hasInvisible(normaliseText(text))).toBe(true)
  expect(visibleText(text)).toBe('KF1')
  expect(printable(text, 60)).toMatch(/^KF<U\+[0-9A-F]{4}>1$/)
})

test('letters of every script show', () => {
  for (const text of ['Çelik', 'Đorđe', 'Улица Краља', 'Οδός Ερμού', 'İzmir ığ', '1,5 €']) {
    expect(hasInvisible(text)).toBe(false)
    expect(visibleText(text)).toBe(text)
    expect(printable(text, 60)).toBe(text)
  }
})

test('a long text is cut between characters', () => {
  expect(printable('😀'.repeat(5), 3)).toBe('😀😀😀…')
  expect(printable('a\u00a0b', 60)).toBe('a<U+00A0>b')
})

test('normalising twice is normalising once, and composed or not is the same', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '\u00a0', '\t', 'ë', 'e\u0308', 'Ž', '\u200b', '\u0301', '😀'),
  })
  fc.assert(
    fc.property(text, value => {
      const once = normaliseText(value)
      expect(normaliseText(once)).toBe(once)
      expect(normaliseText(value.normalize('NFD'))).toBe(once)
      expect(once).not.toMatch(/^\s|\s$|\s\s/)
      expect(hasInvisible(visibleText(value))).toBe(false)
      expect(visibleText(visibleText(value))).toBe(visibleText(value))
    }),
    { seed: 10, numRuns: 500 },
  )
})

test('a letter has 30 marks at most: more take Node.js seconds to order', () => {
  const letter = `a${'\u0315'.repeat(60_000)}${'\u0316'.repeat(60_000)}`
  for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
    expect(compose(`${letter} ${letter}`, form)).toHaveLength(31 + 1 + 31)
  }
  expect(visibleText(letter)).toHaveLength(31)
  const composing = globSync('{app,components,lib}/**/*.{ts,tsx}').filter(file =>
    readFileSync(file, 'utf8').includes('.normalize('),
  )
  expect(composing).toEqual(['lib/platform/text.ts'])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalAddress } from '../../lib/http/address.ts'

test.each([
  ['/', '/'],
  ['/h%65lp?to=//x/%2e', '/help?to=//x/%2e'],
  ['/%7euser/a%2Db', '/~user/a-b'],
  ['/p%c3%ab', '/p%C3%AB'],
  ['/help/', '/help/'],
  ['/.well-known/security.txt', '/.well-known/security.txt'],
  ['/a...b', '/a...b'],
])('%s has the form %s', (written, form) => {
  expect(normalAddress(written)).toBe(form)
})

test.each([
  '//evil.example',
  '/a//b',
  '/./a',
  '/a/..',
  '/a/%2e%2e/b',
  '/a/.%2E',
  '/a\\b',
  '/a%5Cb',
  '/a%2fb',
  '/a%252fb',
  '/a%00',
  '/a?b=%00',
  '/a%0d%0ab',
  '/a%7f',
  '/a#b',
  '/%e0%a4%a',
  '/é',
  '/a b',
  '*',
  'http://evil.example/a',
  '',
])('%s has none', written => {
  expect(normalAddress(written)).toBeUndefined()
})

test('the form of a form is itself, and decodes to segments without surprises', () => {
  const piece = fc.constantFrom(
    '/',
    '.',
    '%2e',
    '%2E',
    '%2f',
    '\\',
    '%5c',
    'a',
    '%61',
    '%',
    '%25',
    '?',
    '#',
    '%c3%ab',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const form = normalAddress(`/${pieces.join('')}`)
      if (form === undefined) return
      expect(normalAddress(form)).toBe(form)
      const [path = ''] = form.split('?')
      const segments = decodeURIComponent(path).split('/').slice(1)
      expect(segments).toHaveLength(path.split('/').length - 1)
      for (const [index, segment] of segments.entries()) {
        expect(['.', '..']).not.toContain(segment)
        expect(segment).not.toMatch(/[\\\p{Cc}]/u)
        if (index < segments.length - 1) expect(segment).not.toBe('')
      }
    }),
  )
})

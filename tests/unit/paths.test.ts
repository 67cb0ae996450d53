// Where links that carry their own way back may lead.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pathOfThisSite } from '../../lib/platform/paths.ts'

it.each(['/', '/contracts', '/contracts?search=a%20b', '/help'])('%s is a path of this site', path => {
  expect(pathOfThisSite(path)).toBe(path)
})

it.each([
  'https://elsewhere.example',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '/\t/elsewhere.example',
  '/..//elsewhere.example',
  '/.//elsewhere.example',
  '/%2e%2e//elsewhere.example',
  '/a/../..//elsewhere.example',
  'javascript:alert(1)',
  '',
])('%j leads to the front page', to => {
  expect(pathOfThisSite(to)).toBe('/')
})

it('never leads to another site, whatever is asked for', () => {
  const characters = fc.array(
    fc.constantFrom('/', '\\', '.', '..', '%2e', '%2f', '%5c', '\t', '\n', '@', ':', 'a', '?', '#', ' '),
  )
  fc.assert(
    fc.property(characters, parts => {
      const base = 'https://portal.example'
      expect(new URL(pathOfThisSite(`/${parts.join('')}`), base).origin).toBe(base)
    }),
    { numRuns: 2000 },
  )
})

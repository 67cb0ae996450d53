// What a queue may be searched for: what stands in an address then is never somebody's name or number.
import { expect, it } from 'vitest'
import { readSearch } from '../../lib/cases/search.ts'

it.each([
  ['F1000000053', 'F1000000053'],
  [' f1 000 000 053 ', 'F1000000053'],
  ['TR0.A0000000000004', 'TR0.A0000000000004'],
  ['dpz 10442', 'DPZ-10442'],
  ['al0000001', 'AL0000001'],
])('%s is looked for as %s', (typed, search) => {
  expect(readSearch(typed)).toBe(search)
})

it.each([
  'Mirela Shehu',
  'mirela',
  'mirela@example.com',
  '+355672000003',
  '0672000003',
  'J05115999K',
  '1012345670',
  'F100000005',
  'Z9000000001',
  '',
])('%s is not', typed => {
  expect(readSearch(typed)).toBeUndefined()
})

// Finding one of many contracts, and pages of them.
import { expect, it } from 'vitest'
import { CONTRACTS_PAGE, findContracts, pageOf } from '../../lib/contracts/search.ts'

const contracts = [
  { code: 'DPR-6687', alias: 'Shtëpia', address: null, biller: { name: 'KESCO' } },
  { code: 'AL0000001', alias: 'Kuća, Đorđe', address: null, biller: { name: 'OSHEE' } },
  { code: 'TR0.A0000000000004', alias: null, address: 'Rruga e Kavajës 12', biller: { name: 'OSHEE' } },
  { code: '2094417063', alias: 'Çelik', address: null, biller: { name: 'Digitalb' } },
]

const SEARCHES: [string, string][] = [
  ...[
    'dpr 6687',
    'DPR-6687',
    'dpr6687',
    'дпр 6687',
    'ДПР-6687',
    '6687',
    '66 87',
    'ＤＰＲ－６６８７',
    'shtepia',
    'SHTËP',
  ].map((typed): [string, string] => [typed, 'DPR-6687']),
  ...['al0000001', 'АL 000 0001', 'kuca', 'djordje', 'Ђорђе'].map((typed): [string, string] => [
    typed,
    'AL0000001',
  ]),
  ['tr0a0000000000004', 'TR0.A0000000000004'],
  ['rruga e kavajes', 'TR0.A0000000000004'],
  ['Kavajës 12', 'TR0.A0000000000004'],
  ['celik', '2094417063'],
  ['20-9441', '2094417063'],
  ['kesco', 'DPR-6687'],
]

it.each(SEARCHES)('%s finds %s alone', (typed, code) => {
  expect(findContracts(contracts, typed).map(one => one.code)).toEqual([code])
})

it('a whole code finds its contract, though it is a part of another', () => {
  const of = (code: string) => ({ code, alias: null, address: null, biller: { name: 'UKT' } })
  expect(findContracts([of('30122'), of('301-22'), of('301224')], '30122')).toEqual([
    of('30122'),
    of('301-22'),
  ])
  expect(findContracts([of('30122'), of('301224')], '3012')).toHaveLength(2)
})

it('a biller’s name finds all of its contracts, nothing typed finds all, and blanks or signs alone none', () => {
  expect(findContracts(contracts, 'oshee')).toHaveLength(2)
  expect(findContracts(contracts, '')).toEqual(contracts)
  for (const typed of ['-', '%', '. .', 'zzz']) expect(findContracts(contracts, typed)).toEqual([])
})

it('pages are whole, and what is none of them is the first or the last', () => {
  const items = Array.from({ length: 2 * CONTRACTS_PAGE + 1 }, (_, index) => index)
  expect(pageOf(items, '3')).toEqual({ shown: [2 * CONTRACTS_PAGE], page: 3, pages: 3 })
  expect(pageOf(items, '99').page).toBe(3)
  for (const asked of [undefined, '0', '-1', 'x', '1.5', ['2', '3']])
    expect(pageOf(items, asked)).toMatchObject({ page: 1, pages: 3 })
  expect(pageOf([], '2')).toEqual({ shown: [], page: 1, pages: 1 })
})

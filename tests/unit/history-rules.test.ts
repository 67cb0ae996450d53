// Which months of a history an address asks for, and which of them there are.
import { expect, it } from 'vitest'
import { historyFileName } from '../../lib/billing/history-csv.ts'
import {
  billingMonths,
  historyPath,
  monthCount,
  rangeIn,
  readMonths,
} from '../../lib/billing/history-rules.ts'
import { monthsInSentence } from '../../lib/billing/history-words.ts'
import type { History } from '../../lib/billing/schema.ts'

const SPAN = { from: '2020-03-01', to: '2026-10-01', latest: '2026-10-01' }

it.each([
  ['2026-03', '2026-03-01'],
  ['3/2026', '2026-03-01'],
  ['03.2026.', '2026-03-01'],
  [' 03 / 2026 ', '2026-03-01'],
  ['2026-13', undefined],
  ['0/2026', undefined],
  ['1789-07', undefined],
  ['9999-01', undefined],
  ['mars', undefined],
  [['2026-01', '2026-02'], undefined],
])('%j is %s', (typed, month) => expect(readMonths({ from: typed }).months.from).toBe(month))

it('says beside which end something is wrong, and then asks for nothing', () => {
  expect(readMonths({ from: 'x', to: '2026-01' })).toEqual({
    typed: { from: 'x', to: '2026-01' },
    months: {},
    errors: { from: 'monthForm' },
  })
  expect(readMonths({ from: '2026-02', to: '2026-01' })).toMatchObject({
    months: {},
    errors: { to: 'monthsReversed' },
  })
  expect(readMonths({ from: '', to: ' ' })).toEqual({ typed: { from: '', to: '' }, months: {}, errors: {} })
})

it.each([
  [{}, '2025-11-01', '2026-10-01'],
  [{ from: '2025-01-01', to: '2025-12-01' }, '2025-01-01', '2025-12-01'],
  [{ from: '1995-01-01', to: '2099-12-01' }, '2020-03-01', '2026-10-01'],
  [{ from: '2026-06-01' }, '2026-06-01', '2026-10-01'],
  [{ to: '2024-02-01' }, '2023-03-01', '2024-02-01'],
  [{ to: '2020-05-01' }, '2020-03-01', '2020-05-01'],
])('of what there is, %j is %s to %s', (asked, from, to) => {
  expect(rangeIn(SPAN, asked)).toEqual({ from, to })
})

it.each([
  [{}, '2025-11-01', '2026-10-01'],
  [{ from: '2026-06-01' }, '2026-06-01', '2026-10-01'],
  [{ from: '2027-01-01' }, '2027-01-01', '2027-11-01'],
  [{ from: '2027-01-01', to: '2027-12-01' }, '2027-01-01', '2027-11-01'],
])('with an invoice of months to come, %j is %s to %s', (asked, from, to) => {
  expect(rangeIn({ ...SPAN, to: '2027-11-01' }, asked)).toEqual({ from, to })
})

it('has no month where none of those asked for has an invoice', () => {
  for (const asked of [
    { from: '2010-01-01', to: '2011-01-01' },
    { from: '2027-01-01', to: '2027-05-01' },
  ])
    expect(billingMonths(rangeIn(SPAN, asked))).toEqual([])
  expect(monthCount({ from: '2016-11-01', to: '2026-10-01' })).toBe(120)
  expect(billingMonths({ from: '2025-12-01', to: '2026-02-01' })).toEqual([
    '2026-02-01',
    '2026-01-01',
    '2025-12-01',
  ])
})

it('has a file that is called by the first and the last month that were billed', () => {
  const named = (...months: [period: string, invoices: number][]) =>
    historyFileName({
      ...{ billerCode: 'kesco', contractCode: 'DPR/1' },
      months: months.map(([period, invoices]) => ({ period, invoices: Array(invoices).fill({}) })),
    } as unknown as History)
  expect(named(['2026-10-01', 1], ['2026-09-01', 0], ['2025-12-01', 2], ['2025-11-01', 0])).toBe(
    'kesco-DPR-1-2025-12_2026-10',
  )
  expect(named(['2025-12-01', 1])).toBe('kesco-DPR-1-2025-12')
  expect(named()).toBe('kesco-DPR-1')
})

it('has an address, and a name', () => {
  const contract = { biller: 'oshee', code: 'AL1' }
  expect(historyPath(contract)).toBe('/contracts/oshee/AL1/history')
  expect(historyPath(contract, SPAN, 'csv')).toBe('/contracts/oshee/AL1/history.csv?from=2020-03&to=2026-10')
  expect(monthsInSentence({ from: '2025-01-01', to: '2025-12-01' }, 'sq')).toBe('2025')
  expect(monthsInSentence({ from: '2025-02-01', to: '2025-02-01' }, 'sq')).toBe('shkurt 2025')
  expect(monthsInSentence({ from: '2025-02-01', to: '2025-12-01' }, 'en')).toBe(
    'February 2025 – December 2025',
  )
})

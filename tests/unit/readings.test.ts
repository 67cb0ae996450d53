// Whether a meter can show what somebody read on it.
import { expect, it } from 'vitest'
import {
  type GoodReading,
  judgeReading,
  type KnownMeter,
  notNeeded,
  readReading,
  usualPerDay,
} from '../../lib/readings/rules.ts'

const TODAY = '2026-11-27'
const invoice = (value: number, on = '2026-10-31'): GoodReading => ({
  ...{ register: 'high', meterNumber: null, value, on },
})
const read = (meterNumber: string, value: number, on: string): GoodReading => ({
  ...{ register: 'high', meterNumber, value, on },
})
const judge = (high: number, known: Partial<KnownMeter>, meterNumber: string | null = 'M1', low?: number) =>
  judgeReading(
    { meterNumber, high, low: low ?? null },
    { meterNumber: 'M1', good: [], usualPerDay: 10, ...known },
    TODAY,
  )

it('not below the last good reading, and not many times the usual use', () => {
  const good = [invoice(18_240, '2026-09-30'), invoice(18_553)]
  expect(judge(18_553, { good })).toBe('plausible')
  expect(judge(18_552, { good })).toBe('below')
  // 27 days at 10 kWh a day, three times.
  expect(judge(18_553 + 810, { good })).toBe('plausible')
  expect(judge(18_553 + 811, { good })).toBe('unusual')
  // Who was away uses many times nothing.
  expect(judge(18_553 + 100, { good, usualPerDay: 0 })).toBe('plausible')
  expect(judge(18_553 + 101, { good, usualPerDay: 0 })).toBe('unusual')
  // Where nobody can say what is usual, nothing is asked.
  expect(judge(50_000, { good, usualPerDay: null })).toBe('plausible')
  expect(judge(1, {})).toBe('plausible')
})

it('a meter that began again at zero is no wrong reading; one in the middle is', () => {
  expect(judge(20, { good: [invoice(99_980)] })).toBe('plausible')
  expect(judge(2_000, { good: [invoice(99_980)] })).toBe('below')
  expect(judge(20, { good: [invoice(50_000)] })).toBe('below')
  // Of more digits than usual.
  expect(judge(20, { good: [invoice(999_950)] })).toBe('plausible')
})

it('a new meter is compared with its own readings, by its number', () => {
  const good = [invoice(80_000), read('M0', 80_050, '2026-11-05'), read('M1', 3, '2026-11-05')]
  expect(judge(150, { good })).toBe('plausible')
  expect(judge(2, { good })).toBe('below')
  // A bill of after the change is of the new meter.
  expect(judge(40, { good: [...good, invoice(60, '2026-11-20')] })).toBe('below')
  // Whoever types the number of a meter that nobody knows yet has nothing to compare it with.
  expect(judge(150, { good: [invoice(80_000)] }, 'N7')).toBe('plausible')
  expect(judge(150, { good: [invoice(80_000)] }, 'm-1')).toBe('below')
  // The number on record is the new one already: what the old one showed before is not its.
  expect(judge(150, { good: [invoice(80_000), read('M0', 80_050, '2026-11-05')] })).toBe('plausible')
})

it('two registers are compared each by itself, and their use together', () => {
  const good: GoodReading[] = [
    { register: 'high', meterNumber: 'M1', value: 9_120, on: '2026-10-31' },
    { register: 'low', meterNumber: 'M1', value: 6_012, on: '2026-10-31' },
  ]
  expect(judge(9_300, { good }, 'M1', 6_100)).toBe('plausible')
  expect(judge(9_300, { good }, 'M1', 6_011)).toBe('below')
  expect(judge(9_620, { good }, 'M1', 6_400)).toBe('unusual')
})

it('the usual use is that of bills that say units and days', () => {
  const bill = (units: string | null, periodTo: string | null) => ({
    ...{ units, periodFrom: '2026-10-01', periodTo },
  })
  expect(usualPerDay([bill('310', '2026-10-31'), bill('100', null), bill(null, '2026-10-31')])).toBe(10)
  expect(usualPerDay([bill('-31', '2026-10-31')])).toBe(0)
  expect(usualPerDay([])).toBeNull()
})

it('is asked for where there is a meter that nobody reads from afar', () => {
  const contract = { unit: 'kWh', meterRemote: false, hasMovedOut: false, closedOn: null }
  expect(notNeeded(contract, TODAY)).toBeNull()
  expect(notNeeded({ ...contract, meterRemote: null }, TODAY)).toBeNull()
  expect(notNeeded({ ...contract, meterRemote: true }, TODAY)).toBe('remote')
  expect(notNeeded({ ...contract, unit: 'none' }, TODAY)).toBe('noMeter')
  expect(notNeeded({ ...contract, hasMovedOut: true }, TODAY)).toBe('movedOut')
  expect(notNeeded({ ...contract, closedOn: TODAY }, TODAY)).toBe('closed')
})

it.each([
  ['18560', '18560'],
  [' 18 560 ', '18560'],
  ['18.560', '18560'],
  ['18,560', '18560'],
  ['18560,5', '18560.5'],
  ['1.234.567,25', '1234567.25'],
  ['00042', '00042'],
  ['１８５６０，５', '18560.5'],
])('reads %j', (typed, value) => expect(readReading(typed)).toBe(value))

it.each(['', '-5', '1e5', 'x', '1,2,3', '12345678901', '5.5555'])('refuses %j', typed =>
  expect(readReading(typed)).toBeUndefined(),
)

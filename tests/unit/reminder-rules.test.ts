// What a contract's unpaid invoices are reminded of, in one sentence.
import { expect, it } from 'vitest'
import { deadlineOf, isOverdue } from '../../lib/billing/reminder-rules.ts'

const today = '2026-11-26'
const terms = { remindFrom: 100 }
const unpaid = (...rows: [dueOn: string, due: number][]) =>
  rows.map(([dueOn, due]) => ({ dueOn, overdue: isOverdue(dueOn, due, terms, today) }))

it.each([
  ['nothing', [], null],
  ['one not due yet', [['2026-12-31', 500]], { overdue: 0, day: '2026-12-31' }],
  [
    'two overdue',
    [
      ['2026-09-30', 500],
      ['2026-10-31', 500],
    ],
    { overdue: 2, day: '2026-09-30' },
  ],
  // The count and the day are of the same invoices.
  [
    'a leftover before one overdue',
    [
      ['2024-02-29', 99],
      ['2026-10-31', 500],
    ],
    { overdue: 1, day: '2026-10-31' },
  ],
  [
    'a leftover before one not due yet',
    [
      ['2024-02-29', 99],
      ['2026-12-31', 500],
    ],
    { overdue: 0, day: '2026-12-31' },
  ],
  // Nobody is told to pay until a day that is past.
  ['a leftover alone', [['2024-02-29', 99]], null],
] as [string, [string, number][], { overdue: number; day: string } | null][])('%s', (_, rows, expected) => {
  expect(deadlineOf(unpaid(...rows), today)).toEqual(expected)
})

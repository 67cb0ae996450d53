// What is said of an invoice in a word, the same on every page.
import { expect, it } from 'vitest'
import { invoiceStatus } from '../../lib/billing/invoice-status.ts'

const today = '2026-11-24'
const own = { attemptId: '0b9c1e2f-0000-4000-8000-000000000001', rest: 0 }
const unpaid = { state: 'unpaid', dueOn: '2026-11-30', underWay: null } as const
const overdue = { state: 'overdue', dueOn: '2026-10-31', underWay: null } as const

it.each([
  [overdue, 'bad', ['24 ditë vonë', '24 days late', 'kasni 24 dana']],
  [{ ...overdue, dueOn: '2026-11-23' }, 'bad', ['1 ditë vonë', '1 day late', 'kasni 1 dan']],
  [unpaid, 'plain', ['edhe 6 ditë', '6 days left', 'još 6 dana']],
  [{ ...unpaid, dueOn: today }, 'plain', ['afati sot', 'due today', 'rok je danas']],
  // Less than what anybody is reminded of.
  [{ ...unpaid, dueOn: '2026-10-31' }, 'plain', ['e papaguar', 'unpaid', 'neplaćen']],
  [{ ...overdue, state: 'paid' }, 'good', ['e paguar', 'paid', 'plaćen']],
  [{ ...unpaid, state: 'cancelled' }, 'plain', ['e anuluar', 'cancelled', 'storniran']],
] as const)('says of %j how it stands', (invoice, tone, words) => {
  const said = (['sq', 'en', 'sr'] as const).map(locale => invoiceStatus(invoice, today, locale))
  expect(said.map(({ children }) => children)).toEqual(words)
  expect(new Set(said.map(status => status.tone))).toEqual(new Set([tone]))
})

it('never calls an invoice late that is being paid', () => {
  expect(invoiceStatus({ ...overdue, underWay: own }, today, 'en')).toEqual({
    tone: 'wait',
    children: 'waiting for the bank',
  })
  expect(invoiceStatus({ ...overdue, underWay: { ...own, rest: 50 } }, today, 'en').children).toBe(
    'part waiting for the bank',
  )
  const others = { ...overdue, underWay: { attemptId: null, rest: 0 } }
  expect(invoiceStatus(others, today, 'en')).toEqual({ tone: 'wait', children: 'being paid' })
})

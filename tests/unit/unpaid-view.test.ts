// What a plan is about: one currency, one contract or all, and nothing that is being paid.
import { expect, test } from 'vitest'
import { viewOf } from '../../app/(portal)/invoices/unpaid/plan/view.ts'
import type { Debt } from '../../lib/billing/schema.ts'
import { nothingPaid } from '../../lib/ledger/rules.ts'
import { planFor } from '../../lib/unpaid/plan-rules.ts'
import { term } from '../support/interest.ts'

const debt = (id: number, changes: Partial<Debt> & { of?: Partial<Debt['contract']> } = {}): Debt => {
  const { of, ...more } = changes
  return {
    id,
    number: `N-${id}`,
    period: '2026-09-01',
    issuedOn: '2026-10-01',
    units: null,
    dueOn: '2026-10-31',
    overdue: true,
    principal: 100_000,
    tvTax: 0,
    interest: 2_400,
    total: 102_400,
    underWay: null,
    today: '2026-11-24',
    contract: {
      id: 1,
      billerCode: 'oshee',
      billerName: 'OSHEE',
      country: 'AL',
      code: 'AL0000557',
      alias: null,
      address: null,
      category: 'household',
      currency: 'ALL',
      isOwn: true,
      level: 'holder',
      ...of,
    },
    counted: {
      billed: { principal: 100_000, tvTax: 0, dueOn: '2026-10-31', cancelled: false },
      balance: nothingPaid(),
      terms: [term()],
    },
    ...more,
  }
}
const kesco = { id: 2, billerCode: 'kesco', billerName: 'KESCO', code: 'DPR-6687', currency: 'EUR' } as const
const debts = [
  debt(1),
  debt(2, { underWay: { attemptId: null } }),
  debt(3, { of: { id: 3, code: 'AL0000558' } }),
  debt(4, { of: kesco, overdue: false, total: 5_000 }),
]

test('is of one currency, what is late first, without what is being paid', () => {
  const view = viewOf(debts, null, { cash: '5.000,00' })!
  expect(view.debts.map(({ id }) => id)).toEqual([1, 3])
  expect(view).toMatchObject({ currency: 'ALL', total: 204_800, perDay: 200, cash: 500_000, payday: 10 })
  expect(view.others).toEqual([{ currency: 'EUR', total: 5_000 }])
  expect(planFor(view.debts, 500_000).chosen.map(({ id }) => id)).toEqual([1, 3])
  const euros = viewOf(debts, 15, { currency: 'EUR' })!
  expect(euros.debts.map(({ id }) => id)).toEqual([4])
  expect(euros).toMatchObject({ currency: 'EUR', total: 5_000, payday: 15, ownPayday: true, cash: undefined })
})

test('is of one contract where one is named, and of none that is not there', () => {
  const view = viewOf(debts, null, { biller: 'oshee', code: 'al0000558' })!
  expect(view.debts.map(({ id }) => id)).toEqual([3])
  expect(view.contract?.code).toBe('AL0000558')
  expect(viewOf(debts, null, { biller: 'oshee', code: 'AL0000559' })).toBeUndefined()
  expect(viewOf([debts[1]!], null, {})).toBeUndefined()
})

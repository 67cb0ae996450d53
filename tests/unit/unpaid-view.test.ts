// What a plan is about: one currency, one contract or all, and nothing that is being paid; and why it is as it is.
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { fileResponse } from '../../app/(portal)/invoices/unpaid/list-response.ts'
import { Proposal } from '../../app/(portal)/invoices/unpaid/plan/proposal.tsx'
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
    place: id,
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
  debt(2, { underWay: { attemptId: null, rest: 0 } }),
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

/** What the proposal says before its tables. */
function whyOf(some: Debt[], cash: string): string {
  const view = viewOf(some, null, { cash })!
  const page = renderToStaticMarkup(
    createElement(Proposal, { view, cash: view.cash!, paidHere: new Set<'oshee'>(), locale: 'en' }),
  )
  return /<p>(.*?)<\/p>/.exec(page)![1]!.replaceAll('\u00a0', ' ')
}

const counted = (terms: Debt['counted']['terms'], principal = 100_000, dueOn = '2026-10-31') => ({
  billed: { principal, tvTax: 0, dueOn, cancelled: false },
  balance: nothingPaid(),
  terms,
})

test('says that waiting costs nothing only where it never will, else until when', () => {
  const never = [debt(1, { counted: counted([]) }), debt(2, { counted: counted([]) })]
  expect(whyOf(never, '1500')).toContain('None of them costs more by waiting')
  const waiver = term({ fromOn: '2026-01-01', untilOn: '2026-12-31', perDayPpm: 0, recordedAt: 1 })
  const waived = never.map(one => ({ ...one, counted: counted([term(), waiver]) }))
  expect(whyOf(waived, '1500')).toContain('Nothing is added up to 31 December')
  const due = never.map(one => ({ ...one, counted: counted([term()], 100_000, '2026-11-30') }))
  expect(whyOf(due, '1500')).toContain('Nothing is added up to 30 November')
})

test('does not say what waiting will cost then where that stays as it is', () => {
  const some = [
    debt(1, { total: 1_000_000, counted: counted([term()], 1_000_000) }),
    debt(2, { total: 50_000, overdue: false, counted: counted([term()], 50_000, '2026-12-15') }),
  ]
  expect(whyOf(some, '600')).toBe('You keep 100.00 lek.')
  expect(whyOf(some, '10000')).toContain('Waiting will then cost 0.00 lek a day instead of 10.00 lek.')
})

test.each([
  ['sq', 'faturat-e-papaguara'],
  ['en', 'unpaid-invoices'],
  ['sr', 'neplaceni-racuni'],
] as const)('the list as a file says in %s what it is', (locale, name) => {
  for (const format of ['pdf', 'csv'] as const) {
    const { headers } = fileResponse(Buffer.from(''), format, locale, new Date('2026-11-27T12:00:00Z'))
    expect(headers.get('content-disposition')).toContain(`filename="${name}-2026-11-27.${format}"`)
  }
})

test('tells contracts at one address apart, and says the numbers to give at a counter', () => {
  const address = 'Rruga Sami Frashëri 27'
  const some = [
    debt(1, { of: { address } }),
    debt(2, { of: { id: 2, address, billerCode: 'ukt', billerName: 'UKT', code: '30129912' } }),
    debt(3, { number: '**', of: { id: 3, address: null, level: 'amounts' } }),
  ]
  const view = viewOf(some, null, { cash: '9000' })!
  const page = renderToStaticMarkup(
    createElement(Proposal, { view, cash: view.cash!, paidHere: new Set<'oshee'>(), locale: 'en' }),
  )
  for (const said of ['N-1', 'N-2', `${address}, OSHEE`, `${address}, UKT`]) expect(page).toContain(said)
  expect(page).not.toContain('**')
})

// Interest and what a payment pays: the real bills, the cap, and what must hold for any payments at all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  allocatePayments,
  amountDue,
  type BilledInvoice,
  nothingPaid,
  type ReceivedPayment,
} from '../../lib/ledger/rules.ts'
import { addDays } from '../../lib/platform/dates.ts'
import { term } from '../support/interest.ts'

const RUNS = process.env.DEEP ? 50_000 : 500
const TERMS = [term()]

const invoice = (changes: Partial<BilledInvoice> = {}): BilledInvoice => ({
  id: 1,
  number: 'A',
  dueOn: '2023-07-31',
  principal: 11400,
  tvTax: 10000,
  cancelled: false,
  ...changes,
})

const payment = (changes: Partial<ReceivedPayment> = {}): ReceivedPayment => ({
  id: 1,
  reference: 'P1',
  paidOn: '2023-08-10',
  amount: 21514,
  reversed: false,
  isOurs: false,
  receivedAt: 0,
  invoiceNumbers: ['A'],
  ...changes,
})

test.each([
  ['2023-07-31', '2023-08-10', 21514],
  ['2022-12-31', '2023-07-18', 23669],
  ['2022-11-30', '2023-06-27', 23783],
  ['2023-06-30', '2023-06-27', 21400],
  ['2023-06-30', '2023-06-30', 21400],
])('a real bill of 214.00 due %s and paid %s was %i', (dueOn, on, total) => {
  expect(amountDue(invoice({ dueOn }), nothingPaid(), TERMS, on).total).toBe(total)
})

test('interest reaches its cap after 1000 days and stays there', () => {
  const capped = invoice({ principal: 45600, dueOn: '2024-02-29' })
  const interest = (days: number) =>
    amountDue(capped, nothingPaid(), TERMS, addDays('2024-02-29', days)).interest
  expect([999, 1000, 1001, 5000].map(interest)).toEqual([45554, 45600, 45600, 45600])
})

test('half a minor unit is rounded up', () => {
  // 1500 × 0.1 % = 1.5 a day.
  const half = invoice({ principal: 1500 })
  expect(amountDue(half, nothingPaid(), TERMS, '2023-08-01').interest).toBe(2)
})

test('a part pays interest, then principal, then TV tax; interest runs on what is left', () => {
  const parts = [
    payment({ amount: 5114 }),
    payment({ id: 2, reference: 'P2', paidOn: '2023-08-20', amount: 99999 }),
  ]
  const { allocations, balances } = allocatePayments([invoice()], parts, TERMS)
  expect(allocations).toEqual([
    { paymentId: 1, invoiceId: 1, interest: 114, principal: 5000, tvTax: 0 },
    // 114.00 for 10 days and 64.00 for 10 days: 1.78, of which 1.14 is paid.
    { paymentId: 2, invoiceId: 1, interest: 64, principal: 6400, tvTax: 10000 },
  ])
  expect(balances.get(1)).toMatchObject({ principalPaid: 11400, tvTaxPaid: 10000, interestPaid: 178 })
})

test('without a number: by due date, then number; with several: those alone', () => {
  const three = [
    invoice({ id: 1, number: 'C', dueOn: '2023-09-30' }),
    invoice({ id: 2, number: 'B', dueOn: '2023-08-31' }),
    invoice({ id: 3, number: 'A', dueOn: '2023-08-31' }),
  ]
  const pays = (invoiceNumbers: string[]) =>
    allocatePayments(three, [payment({ amount: 30000, invoiceNumbers })], TERMS).allocations.map(
      row => row.invoiceId,
    )
  expect(pays([])).toEqual([3, 2])
  expect(pays(['C', 'B'])).toEqual([2, 1])
  expect(pays(['unknown'])).toEqual([])
})

test('reversed payments and cancelled invoices pay and are paid nothing', () => {
  expect(allocatePayments([invoice()], [payment({ reversed: true })], TERMS).allocations).toEqual([])
  expect(allocatePayments([invoice({ cancelled: true })], [payment()], TERMS).allocations).toEqual([])
  expect(amountDue(invoice({ cancelled: true }), nothingPaid(), TERMS, '2030-01-01').total).toBe(0)
})

const days = fc.integer({ min: 0, max: 1500 }).map(count => addDays('2022-01-01', count))
const someInvoices = fc
  .array(
    fc.record({
      dueOn: days,
      principal: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000_000 })),
      tvTax: fc.constantFrom(0, 10000),
      cancelled: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map(list =>
    list.map((row, i) => ({
      ...row,
      id: i + 1,
      number: `N${i + 1}`,
      cancelled: row.cancelled && i % 3 === 0,
    })),
  )
const somePayments = fc
  .array(
    fc.record({
      paidOn: days,
      amount: fc.integer({ min: 1, max: 8_000_000 }),
      reversed: fc.integer({ min: 0, max: 5 }).map(n => n === 0),
      isOurs: fc.boolean(),
      invoiceNumbers: fc.subarray(['N1', 'N2', 'N3', 'N7'], { maxLength: 2 }),
    }),
    { maxLength: 10 },
  )
  .map(list => list.map((row, i) => ({ ...row, id: i + 1, reference: `P${i + 1}`, receivedAt: 0 })))

test.each([
  ['A', 'B'],
  ['B', 'A'],
])(
  'of two payments of one day the one made elsewhere pays, and ours is over: %s and %s',
  (ours, elsewhere) => {
    const { allocations } = allocatePayments(
      [invoice()],
      [payment({ id: 1, reference: ours, isOurs: true }), payment({ id: 2, reference: elsewhere })],
      TERMS,
    )
    expect(allocations.map(({ paymentId }) => paymentId)).toEqual([2])
  },
)

test('nothing is paid beyond what was billed or brought, sums agree, and interest keeps its cap', () => {
  fc.assert(
    fc.property(someInvoices, somePayments, (invoices, payments) => {
      const { allocations, balances } = allocatePayments(invoices, payments, TERMS)
      for (const own of invoices) {
        const paid = allocations.filter(row => row.invoiceId === own.id)
        const sum = (of: 'interest' | 'principal' | 'tvTax') =>
          paid.reduce((total, row) => total + row[of], 0)
        expect(balances.get(own.id)).toMatchObject({
          interestPaid: sum('interest'),
          principalPaid: sum('principal'),
          tvTaxPaid: sum('tvTax'),
        })
        expect(sum('principal')).toBeLessThanOrEqual(own.principal)
        expect(sum('tvTax')).toBeLessThanOrEqual(own.tvTax)
        expect(sum('interest')).toBeLessThanOrEqual(own.principal)
        expect(amountDue(own, balances.get(own.id)!, TERMS, '2029-01-01').total).toBeGreaterThanOrEqual(0)
      }
      for (const own of payments) {
        const paid = allocations.filter(row => row.paymentId === own.id)
        const total = paid.reduce((sum, row) => sum + row.interest + row.principal + row.tvTax, 0)
        expect(total).toBeLessThanOrEqual(own.reversed ? 0 : own.amount)
        for (const row of paid) {
          expect(Math.min(row.interest, row.principal, row.tvTax)).toBeGreaterThanOrEqual(0)
          expect(row.interest + row.principal + row.tvTax).toBeGreaterThan(0)
        }
      }
    }),
    { numRuns: RUNS, seed: 1 },
  )
})

test('the order in which invoices and payments became known changes nothing', () => {
  fc.assert(
    fc.property(
      someInvoices,
      somePayments,
      fc.infiniteStream(fc.integer({ min: 0, max: 1000 })),
      (invoices, payments, numbers) => {
        const shuffled = <Item>(list: Item[]) =>
          list
            .map(item => ({ item, at: numbers.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item)
        expect(allocatePayments(shuffled(invoices), shuffled(payments), TERMS)).toEqual(
          allocatePayments(invoices, payments, TERMS),
        )
      },
    ),
    { numRuns: RUNS, seed: 2 },
  )
})

test('an invoice that only its own payments can reach stands alone', () => {
  fc.assert(
    fc.property(someInvoices, somePayments, (invoices, payments) => {
      const numbered = payments.map(row => ({ ...row, invoiceNumbers: [row.invoiceNumbers[0] ?? 'N1'] }))
      const together = allocatePayments(invoices, numbered, TERMS)
      for (const own of invoices) {
        const alone = allocatePayments(
          [own],
          numbered.filter(row => row.invoiceNumbers[0] === own.number),
          TERMS,
        )
        expect(together.allocations.filter(row => row.invoiceId === own.id)).toEqual(alone.allocations)
      }
    }),
    { numRuns: RUNS, seed: 3 },
  )
})

// Interest by dated terms: which are in force, what they add up to day by day, and that counted days stay counted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { InterestTerm } from '../../lib/ledger/interest-rules.ts'
import {
  allocatePayments,
  amountDue,
  type BilledInvoice,
  nothingPaid,
  type ReceivedPayment,
} from '../../lib/ledger/rules.ts'
import { addDays, daysBetween, type IsoDate } from '../../lib/platform/dates.ts'
import { term } from '../support/interest.ts'

const RUNS = process.env.DEEP ? 10_000 : 300

/** The real bill of 2023: 11.40 a day. */
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
  amount: 1_000_000,
  reversed: false,
  isOurs: false,
  receivedAt: 100,
  invoiceNumbers: ['A'],
  ...changes,
})
const interestOf = (terms: InterestTerm[], on = '2023-08-10', of = invoice()) =>
  amountDue(of, nothingPaid(), terms, on).interest

test('a rate that changes amid the arrears counts from its day', () => {
  // 5 days at 0.1 %, the 6th to the 10th at 0.2 %.
  expect(interestOf([term(), term({ fromOn: '2023-08-06', perDayPpm: 2000 })])).toBe(57 + 114)
})

test('terms for a time waive its days, the first and the last with it', () => {
  const waiver = term({ fromOn: '2023-08-03', untilOn: '2023-08-06', perDayPpm: 0, recordedAt: 1 })
  const days = ['2023-08-02', '2023-08-03', '2023-08-06', '2023-08-07', '2023-08-10']
  // 11.40 a day, half a unit up.
  expect(days.map(on => interestOf([term(), waiver], on))).toEqual([23, 23, 23, 34, 68])
  // A new rate amid the time does not end it; a newer row of the same days does.
  const raised = term({ fromOn: '2023-08-04', perDayPpm: 2000, recordedAt: 2 })
  expect(interestOf([raised, waiver, term()], '2023-08-06')).toBe(23)
  expect(
    interestOf([waiver, raised, term(), { ...waiver, perDayPpm: 1000, recordedAt: 3 }], '2023-08-06'),
  ).toBe(68)
  // Of rows recorded at the same time the later counts.
  expect(interestOf([term(), waiver, { ...waiver, perDayPpm: 1000 }])).toBe(114)
})

test('days that no terms cover add nothing and take nothing away', () => {
  const amnesty = term({ fromOn: '2023-01-01', untilOn: '2023-08-05' })
  expect([[], [amnesty], [term({ fromOn: '2023-08-06' })]].map(terms => interestOf(terms))).toEqual([
    0, 57, 57,
  ])
})

test('the cap is that of the day counted to', () => {
  const terms = [term(), term({ fromOn: '2026-01-01', capPercent: 50 })]
  const capped = invoice({ principal: 45600, dueOn: '2023-01-01' })
  expect(interestOf(terms, '2025-12-31', capped)).toBe(45600)
  expect(interestOf(terms, '2026-01-01', capped)).toBe(22800)
})

test('interest beyond what a number holds is exact', () => {
  const terms = [term({ capPercent: 100_000 })]
  const big = invoice({ principal: 99_999_999_999, dueOn: '1900-01-01' })
  const days = BigInt(daysBetween('1900-01-01', '2100-12-31'))
  expect(interestOf(terms, '2100-12-31', big)).toBe(Number((99_999_999_999n * days + 500n) / 1000n))
})

test('what is recorded after a payment was received changes nothing of what it settled', () => {
  const changes = [
    term({ untilOn: '2023-12-31', fromOn: '2023-01-01', perDayPpm: 0, recordedAt: 200 }),
    term({ fromOn: '2023-08-01', perDayPpm: 9000, recordedAt: 200 }),
    // A higher cap later brings nothing back that the lower had cut off.
    term({ fromOn: '2023-08-01', capPercent: 1000, recordedAt: 200 }),
  ]
  for (const change of changes) {
    for (const base of [term(), term({ capPercent: 0 })]) {
      const before = allocatePayments([invoice()], [payment()], [base])
      const after = allocatePayments([invoice()], [payment()], [base, change])
      expect(after).toEqual(before)
      expect(amountDue(invoice(), after.balances.get(1)!, [base, change], '2026-01-01').total).toBe(0)
    }
  }
})

test('days that no payment has counted yet are counted by all that is known', () => {
  const waiver = term({ fromOn: '2023-08-01', untilOn: '2023-08-31', perDayPpm: 0, recordedAt: 200 })
  const part = payment({ amount: 5114 })
  const { balances } = allocatePayments([invoice()], [part], [term(), waiver])
  expect(balances.get(1)).toMatchObject({ interestPaid: 114, principalPaid: 5000 })
  // 64.00 from the 11th on: waived up to the 31st, 10 days of September.
  expect(amountDue(invoice(), balances.get(1)!, [term(), waiver], '2023-08-31').interest).toBe(0)
  expect(amountDue(invoice(), balances.get(1)!, [term(), waiver], '2023-09-10').interest).toBe(64)
  // Reversed, the part settles nothing any more.
  const { balances: reversed } = allocatePayments(
    [invoice()],
    [{ ...part, reversed: true }],
    [term(), waiver],
  )
  expect(amountDue(invoice(), reversed.get(1)!, [term(), waiver], '2023-08-31').interest).toBe(0)
})

test('a payment of an earlier day that comes late leaves the days counted as they were', () => {
  const raised = term({ fromOn: '2023-08-01', perDayPpm: 2000, recordedAt: 200 })
  const late = payment({ id: 2, reference: 'P0', paidOn: '2023-08-05', amount: 57, receivedAt: 300 })
  const { allocations } = allocatePayments([invoice()], [payment(), late], [term(), raised])
  expect(allocations.map(row => [row.paymentId, row.interest])).toEqual([
    [2, 57],
    [1, 57],
  ])
})

const offset = fc.integer({ min: -30, max: 400 })
const FIRST = '2023-01-01'
const someTerms = fc.array(
  fc
    .record({
      from: offset,
      length: fc.option(fc.oneof(fc.nat(1), fc.nat(200)), { nil: null }),
      perDayPpm: fc.constantFrom(0, 1, 333, 1000, 2500),
      capPercent: fc.constantFrom(0, 5, 50, 100, 250),
      recordedAt: fc.nat(6),
    })
    .map(({ from, length, ...row }): InterestTerm => {
      const fromOn = addDays(FIRST, from)
      return { ...row, fromOn, untilOn: length === null ? null : addDays(fromOn, length) }
    }),
  { maxLength: 6 },
)
const someParts = fc
  .array(
    fc.record({
      paidOn: offset.map(count => addDays(FIRST, count)),
      amount: fc.integer({ min: 1, max: 300_000 }),
      receivedAt: fc.nat(6),
    }),
    { maxLength: 5 },
  )
  .map(list => list.map((row, i) => payment({ ...row, id: i + 1, reference: `P${i + 1}` })))

/** The rule as decided, read anew: the first of the rows in this order. */
function inForce(terms: readonly InterestTerm[], day: IsoDate, known: number) {
  const ranked = terms
    .map((row, place) => ({ ...row, place }))
    .filter(row => row.recordedAt <= known && row.fromOn <= day && day <= (row.untilOn ?? '9999'))
    .sort((a, b) => {
      const bounded = Number(b.untilOn !== null) - Number(a.untilOn !== null)
      return bounded || daysBetween(a.fromOn, b.fromOn) || b.recordedAt - a.recordedAt || b.place - a.place
    })
  return ranked[0] ?? { perDayPpm: 0, capPercent: 100 }
}

test('it is the sum over the days, each by its own terms, whatever was paid in between', () => {
  fc.assert(
    fc.property(
      someTerms,
      someParts,
      fc.integer({ min: 0, max: 250_000 }),
      offset,
      (terms, parts, principal, to) => {
        const billed = invoice({ principal, tvTax: 0, dueOn: '2023-02-01' })
        const { balances, allocations } = allocatePayments([billed], parts, terms)
        const on = addDays(FIRST, to + 100)
        const last = [on, ...parts.map(part => part.paidOn)].sort().at(-1)!
        const due = amountDue(billed, balances.get(1)!, terms, last)

        let accrued = 0n
        let unpaid = principal
        let paid = 0
        const cut = (day: IsoDate, known: number) => {
          const cap = BigInt(principal) * BigInt(inForce(terms, day, known).capPercent) * 10_000n
          if (accrued > cap) accrued = cap
          return Number((accrued + 500_000n) / 1_000_000n)
        }
        const order = [...parts].sort((a, b) => daysBetween(b.paidOn, a.paidOn) || a.id - b.id)
        const pay = (day: IsoDate) => {
          for (const [place, part] of order.entries()) {
            if (part.paidOn !== day) continue
            const own = allocations.find(row => row.paymentId === part.id)
            if (!own) continue
            const known = Math.min(...order.slice(place).map(row => row.receivedAt))
            expect(own.interest).toBe(Math.min(part.amount, Math.max(0, cut(day, known) - paid)))
            paid += own.interest
            unpaid -= own.principal
          }
        }
        for (let day = addDays(FIRST, -40); day <= billed.dueOn; day = addDays(day, 1)) pay(day)
        for (let day = addDays(billed.dueOn, 1); day <= last; day = addDays(day, 1)) {
          const counting = order.filter(row => row.paidOn >= day).map(row => row.receivedAt)
          accrued +=
            BigInt(unpaid) * BigInt(inForce(terms, day, Math.min(Number.MAX_VALUE, ...counting)).perDayPpm)
          pay(day)
        }
        expect(due.interest).toBe(Math.max(0, cut(last, Number.MAX_VALUE) - paid))
      },
    ),
    { numRuns: RUNS, seed: 4 },
  )
})

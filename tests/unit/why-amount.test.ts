// What explains an amount by the month before: only what is true to the cent.
import { expect, it } from 'vitest'
import type { InvoiceLine } from '../../lib/billing/schema.ts'
import { type BilledMonth, whyAmount } from '../../lib/billing/why-amount.ts'

const line = (code: string, quantity: number, unitPrice: string, vatPercent = '20.00'): InvoiceLine => ({
  code,
  quantity: `${quantity}.000`,
  unitPrice,
  amount: Math.round(quantity * Number(unitPrice) * 100),
  vatPercent,
})

/** As OSHEE bills: energy, a standing charge, VAT of 20 %, and the TV tax. */
const month = (period: string, units: number, more: Partial<BilledMonth> = {}): BilledMonth => {
  const lines = more.lines ?? [line('ENERGY', units, '8.5000'), line('FIXED', 1, '95.0000')]
  const net = lines.reduce((sum, { amount }) => sum + amount, 0)
  const principal = more.principal ?? net + Math.round(net * 0.2)
  const tvTax = more.tvTax ?? 10000
  return { period, units: String(units), lines, principal, tvTax, total: principal + tvTax }
}
const september = month('2026-09-01', 216)

it('by units at one price, and the VAT on them', () => {
  expect(whyAmount(month('2026-10-01', 313), september)).toEqual({
    now: { period: '2026-10-01', units: 313, total: 340660 },
    before: { period: '2026-09-01', units: 216, total: 241720 },
    price: { now: '8.5000', before: '8.5000' },
    steps: [
      { about: 'units', units: 97, price: '8.5000', amount: 82450 },
      { about: 'vat', percent: '20', amount: 16490 },
    ],
  })
})

it('by fewer units, too', () => {
  expect(whyAmount(september, month('2026-10-01', 313))!.steps).toEqual([
    { about: 'units', units: -97, price: '8.5000', amount: -82450 },
    { about: 'vat', percent: '20', amount: -16490 },
  ])
})

it('by lines, where the price changed, a block was opened, or the standing charge', () => {
  const dearer = month('2026-10-01', 216, {
    lines: [line('ENERGY', 216, '9.5000'), line('FIXED', 1, '100.0000')],
    tvTax: 12000,
  })
  expect(whyAmount(dearer, september)).toMatchObject({
    price: { now: '9.5000', before: '8.5000' },
    steps: [
      { about: 'line', code: 'ENERGY', amount: 21600 },
      { about: 'line', code: 'FIXED', amount: 500 },
      { about: 'vat', percent: '20', amount: 4420 },
      { about: 'tvTax', amount: 2000 },
    ],
  })
  const blocks = month('2026-10-01', 960, {
    lines: [line('A1B1', 800, '0.0905', '20.00'), line('A1B2', 160, '0.1543', '20.00')],
  })
  const one = month('2026-09-01', 540, { lines: [line('A1B1', 540, '0.0905')] })
  expect(whyAmount(blocks, one)).toMatchObject({
    price: null,
    steps: [
      { about: 'line', code: 'A1B1', amount: 7240 - 4887 },
      { about: 'line', code: 'A1B2', amount: 2469 },
      { about: 'vat' },
    ],
  })
})

it('names no rate of VAT where there are two, or where the amounts do not come to it', () => {
  const mixed = month('2026-10-01', 313, {
    lines: [line('ENERGY', 313, '8.5000'), line('FIXED', 1, '95.0000', '8.00')],
  })
  expect(whyAmount(mixed, september)!.steps!.at(-1)).toMatchObject({ about: 'vat', percent: null })
  // Each month's VAT was rounded for itself: a cent is nothing, two are.
  const rounded = month('2026-10-01', 313, { principal: 330661 })
  expect(whyAmount(rounded, september)!.steps!.at(-1)).toEqual({ about: 'vat', percent: '20', amount: 16491 })
  const odd = month('2026-10-01', 313, { principal: 330662 })
  expect(whyAmount(odd, september)!.steps!.at(-1)).toEqual({ about: 'vat', percent: null, amount: 16492 })
})

it('never states what does not add up', () => {
  const bare = { ...september, lines: [] }
  expect(whyAmount(month('2026-10-01', 313), bare)).toMatchObject({ price: null, steps: null })
  const credited = { ...month('2026-10-01', 313), total: 1 }
  expect(whyAmount(credited, september)!.steps).toBeNull()
  // Estimated units that the line does not bill.
  const other = { ...month('2026-10-01', 313), units: '300' }
  expect(whyAmount(other, september)!.steps![0]).toMatchObject({ about: 'line', code: 'ENERGY' })
})

it('says nothing where a month says no units', () =>
  expect(whyAmount(month('2026-10-01', 313), { ...september, units: null })).toBeNull())

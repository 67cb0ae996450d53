// What explains the difference of two bills, in words: true sentences and figures in three languages.
import { expect, it } from 'vitest'
import { type ComparedBill, differenceOf } from '../../lib/billing/difference-rules.ts'
import {
  type BillsOf,
  differenceSentences,
  differenceTitle,
  partChange,
  partFormula,
  partName,
} from '../../lib/billing/difference-words.ts'
import type { InvoiceLine } from '../../lib/billing/schema.ts'
import { locales } from '../../lib/i18n/locale.ts'
import type { Tariff } from '../../lib/tariffs/schema.ts'

const OSHEE: BillsOf = {
  ...{ biller: { code: 'oshee', unit: 'kWh' }, currency: 'ALL', tariffGroup: 'household' },
}
const line = (code: string, quantity: number, unitPrice: string): InvoiceLine => ({
  ...{ code, quantity: `${quantity}.000`, unitPrice, vatPercent: '20.00' },
  amount: Math.round(quantity * Number(unitPrice) * 100),
})
const bill = (period: string, last: number, units: number, price = '8.5000'): ComparedBill => {
  const lines = [line('ENERGY', units, price), line('FIXED', 1, '95.0000')]
  const net = lines.reduce((sum, { amount }) => sum + amount, 0)
  const principal = Math.round(net * 1.2)
  return {
    ...{ period, periodFrom: period, periodTo: `${period.slice(0, 8)}${last}`, units: String(units), lines },
    ...{ principal, tvTax: 10000, total: principal + 10000 },
  }
}
const september = bill('2026-09-01', 30, 216)
const october = bill('2026-10-01', 31, 313)
/** As it prints, with plain blanks. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const said = (difference: ReturnType<typeof differenceOf>, of = OSHEE) =>
  locales.map(locale => [
    plain(differenceTitle(difference, of, locale)),
    plain(differenceSentences(difference, of, locale).join(' ')),
  ])

it('leads with how much, and why', () =>
  expect(said(differenceOf(september, october))).toEqual([
    [
      'Tetori kushtoi 989,40 Lekë më shumë, sepse çdo ditë shpenzuat më shumë',
      '313 kWh kundrejt 216, në 31 ditë kundrejt 30. Nga ndryshimi: konsumi në ditë 93% dhe ditët 7%. Çmimi për kWh nuk ka ndryshuar.',
    ],
    [
      'October cost 989.40 lek more because you used more each day',
      '313 kWh against 216, in 31 days against 30. Of the difference: usage per day 93% and days 7%. The price per kWh has not changed.',
    ],
    [
      'Oktobar je koštao 989,40 leka više, jer ste svakog dana trošili više',
      '313 kWh prema 216, za 31 dan prema 30. Od razlike: potrošnja po danu 93% i dani 7%. Cena po kWh nije se promenila.',
    ],
  ]))

it('names the year where it is another', () => {
  const before = { ...september, period: '2025-10-01' }
  expect(said(differenceOf(before, october))[1]![0]).toMatch(/^October 2026 cost 989\.40 lek more/)
  expect(said(differenceOf(october, october))[1]![0]).toBe('October 2026 cost the same as October 2026')
})

it('says what a border of the price did, in the words of the row of prices', () => {
  const household: Tariff = {
    ...{ id: 1, biller: 'oshee', group: 'household', validFrom: '2025-02-01', validTo: null },
    ...{ high: '8.5000', low: null, block: { limit: 700, kind: 'whole', high: '9.5000', low: null } },
    ...{ fixedFee: 9500, tvTax: 10000, vatPercent: '20', source: '', note: null },
  }
  const above = bill('2026-10-01', 31, 701, '9.5000')
  const difference = differenceOf(bill('2026-09-01', 30, 690), above, [household])
  const [sq, en, sr] = said(difference)
  expect(en).toEqual([
    'October cost 953.40 lek more because you used more than 700 kWh',
    expect.stringContaining('Above 700 kWh the whole month costs 9.50 lek per kWh.'),
  ])
  expect(sq![1]).toContain('Mbi 700 kWh i gjithë muaji kushton 9,50 Lekë për kWh.')
  expect(sr![1]).toContain('Iznad 700 kWh ceo mesec košta 9,50 leka po kWh.')
  // And back below it.
  const [, back] = said(differenceOf(above, bill('2026-11-01', 30, 690), [household]))
  expect(back![1]).toContain('Up to 700 kWh the whole month costs 8.50 lek per kWh.')
})

it('prints each part, what changed in it, and how it is counted', () => {
  const difference = differenceOf(september, october)
  const shown = difference.parts.map(part =>
    [
      partName(part, OSHEE, 'sq'),
      partChange(part, OSHEE, 'sq')!,
      partFormula(part, difference, OSHEE, 'sq'),
    ].map(plain),
  )
  expect(shown).toEqual([
    ['Konsumi në ditë', '7,20 → 10,10 kWh', '89,80 kWh më shumë × 8,50 Lekë'],
    ['Ditët', '30 → 31', '1 ditë më shumë × 7,20 kWh × 8,50 Lekë'],
    ['Çmimi për kWh', '8,50 si më parë', '313 kWh × 0,00 Lekë'],
    ['Tarifa fikse', '95,00 si më parë', 'Tarifa fikse'],
    ['TVSH 20%', '386,20 → 551,10', 'TVSH 20% mbi 824,50'],
    ['Taksa e TV-së', '100,00 si më parë', 'Taksa e TV-së'],
  ])
})

it('of what counts no units it says none', () => {
  const phone: BillsOf = { biller: { code: 'albtelecom', unit: 'none' }, currency: 'ALL', tariffGroup: null }
  const of = (calls: string): ComparedBill => {
    const lines = [line('SUBSCRIPTION', 1, '900.0000'), line('CALLS', 1, calls)]
    const principal = Math.round(lines.reduce((sum, { amount }) => sum + amount, 0) * 1.2)
    return { ...september, units: null, lines, principal, tvTax: 0, total: principal }
  }
  const difference = differenceOf(of('100.0000'), { ...of('300.0000'), period: '2026-10-01' })
  expect(said(difference, phone)[1]).toEqual([
    'October cost 240.00 lek more',
    'The whole difference comes from this: Calls.',
  ])
})

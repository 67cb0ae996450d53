// What explains the difference of two bills, in words: true sentences and figures in three languages.
import { expect, it } from 'vitest'
import { type ComparedBill, differenceOf } from '../../lib/billing/difference-rules.ts'
import {
  type BillsOf,
  billName,
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
const household: Tariff = {
  ...{ id: 1, biller: 'oshee', group: 'household', validFrom: '2025-02-01', validTo: null },
  ...{ high: '8.5000', low: null, block: { limit: 700, kind: 'whole', high: '9.5000', low: null } },
  ...{ fixedFee: 9500, tvTax: 10000, vatPercent: '20', source: '', note: null },
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
      '313 kWh kundrejt 216, në 31 ditë kundrejt 30. Nga ndryshimi, me TVSH: konsumi në ditë 93% dhe ditët 7%. Çmimi për kWh nuk ka ndryshuar.',
    ],
    [
      'October cost 989.40 lek more because you used more each day',
      '313 kWh against 216, in 31 days against 30. Of the difference, VAT included: usage per day 93% and days 7%. The price per kWh has not changed.',
    ],
    [
      'Oktobar je koštao 989,40 leka više, jer ste svakog dana trošili više',
      '313 kWh prema 216, za 31 dan prema 30. Od razlike, sa PDV-om: potrošnja po danu 93% i dani 7%. Cena po kWh nije se promenila.',
    ],
  ]))

it('names the year where it is another', () => {
  const before = { ...september, period: '2025-10-01' }
  expect(said(differenceOf(before, october))[1]![0]).toMatch(/^October 2026 cost 989\.40 lek more/)
  expect(said(differenceOf(october, october))[1]![0]).toBe('October 2026 cost the same as October 2026')
})

it('names two bills of one month by their numbers, too', () => {
  const [one, other] = [
    { ...october, number: '202610004' },
    { ...bill('2026-10-01', 31, 300), number: '202610005' },
  ]
  const difference = differenceOf(one, other)
  expect(said(difference)[1]![0]).toMatch(/^October 2026 \(202610005\) cost/)
  expect(billName(difference.before, 'en')).toBe('October 2026 (202610004)')
  expect(billName(differenceOf({ ...september, number: '1' }, one).now, 'en')).toBe('October 2026')
})

it('of the same usage at the same price says so, whatever the days', () => {
  const difference = differenceOf(bill('2026-09-01', 30, 313), october)
  expect(said(difference)[1]).toEqual([
    'October cost the same as September',
    'The usage is the same: 313 kWh. The price per kWh has not changed.',
  ])
  expect(difference.parts.every(({ amount }) => amount === 0)).toBe(true)
})

it('says what a border of the price did, in the words of the row of prices', () => {
  const above = bill('2026-10-01', 31, 701, '9.5000')
  const difference = differenceOf(bill('2026-09-01', 30, 690), above, [household])
  const [sq, en, sr] = said(difference)
  expect(en).toEqual([
    'October cost 953.40 lek more because you used more than 700 kWh',
    expect.stringContaining('Above 700 kWh the whole month costs 9.50 lek per kWh.'),
  ])
  expect(sq![1]).toContain('Mbi 700 kWh i gjithë muaji kushton 9,50 Lekë për kWh.')
  expect(sr![1]).toContain('Iznad 700 kWh ceo mesec košta 9,50 leka po kWh.')
  const block = difference.parts.find(({ about }) => about === 'block')!
  expect(plain(partFormula(block, difference, OSHEE, 'en'))).toBe('Above 700 kWh: 701 kWh × 1.00 lek')
  expect(block.amount).toBe(701_00)
  // And back below it.
  const [, back] = said(differenceOf(above, bill('2026-11-01', 30, 690), [household]))
  expect(back![1]).toContain('Up to 700 kWh the whole month costs 8.50 lek per kWh.')
})

it('says of a border and of a price what is so', () => {
  // Both bills have 9.50, the one above the limit and the other from before there was one.
  const said24 = said(
    differenceOf(bill('2026-10-01', 31, 701, '9.5000'), bill('2024-09-01', 30, 209, '9.5000'), [household]),
  ).map(([, sentences]) => sentences!)
  expect(said24[1]).toContain(
    'Some of it adds and some takes off, before VAT: usage per day −4,459.18, days −214.82, above 700 kWh −209.00 and price per kWh +209.00. At the prices of October 2026, up to 700 kWh the whole month costs 8.50 lek per kWh. At those of September 2024 it costs 9.50 lek.',
  )
  expect(said24[0]).toContain('Me ato për shtator 2024 kushton 9,50 Lekë.')
  expect(said24[2]).toContain('Po cenama za septembar 2024. košta 9,50 leka.')
  expect(said24.join()).not.toMatch(/has not changed|nuk ka ndryshuar|nije se promenila/)
  // What went up in time did so whichever bill is compared with which.
  const [, turned] = said(differenceOf(bill('2026-10-01', 31, 313, '9.5000'), september))
  expect(turned![1]).toContain('The price per kWh changed from 8.50 lek to 9.50 lek.')
})

it('says what a little less would have saved, and no days where they are the same', () => {
  const before = bill('2026-08-01', 31, 650)
  const spoken = said(differenceOf(before, bill('2026-10-01', 31, 701, '9.5000'), [household])).map(
    ([, sentences]) => sentences!,
  )
  expect(spoken[0]).toMatch(/^701 kWh kundrejt 650\. /)
  expect(spoken[1]).toMatch(/^701 kWh against 650\. /)
  expect(spoken[2]).toMatch(/^701 kWh prema 650\. /)
  expect(spoken[0]).toContain(
    'Tetori do të kishte kushtuar 851,40 Lekë më pak, po të kishit shpenzuar 1 kWh më pak e të kishit mbetur brenda 700 kWh.',
  )
  expect(spoken[1]).toContain(
    'October would have cost 851.40 lek less had you used 1 kWh less and stayed within 700 kWh.',
  )
  expect(spoken[2]).toContain(
    'Oktobar bi koštao 851,40 leka manje da ste potrošili 1 kWh manje i ostali na najviše 700 kWh.',
  )
})

it('of two rates or blocks shows all prices, and names lines as a sentence does', () => {
  const kesco: BillsOf = { biller: { code: 'kesco', unit: 'kWh' }, currency: 'EUR', tariffGroup: '4/02' }
  const of = (period: string, last: number, prices: string[], fixed: string): ComparedBill => {
    const energy = ['A1B1', 'A1B2'].map((code, block) => line(code, 800 - block * 600, prices[block]!))
    const lines = [...energy, line('FIXED', 1, fixed)].map(one => ({ ...one, vatPercent: '8.00' }))
    const net = lines.reduce((sum, { amount }) => sum + amount, 0)
    const principal = Math.round(net * 1.08)
    const days = { periodFrom: period, periodTo: `${period.slice(0, 8)}${last}` }
    return { period, ...days, units: '1000', lines, principal, tvTax: 0, total: principal }
  }
  const before = of('2026-08-01', 31, ['0.0779', '0.1329'], '1.80')
  const now = of('2026-10-01', 31, ['0.0905', '0.1543'], '2.12')
  const changeOf = (difference: ReturnType<typeof differenceOf>) => {
    const part = difference.parts.find(({ about }) => about === 'price')!
    return locales.map(locale => plain(partChange(part, kesco, locale)!))
  }
  expect(changeOf(differenceOf(before, now))).toEqual([
    '0,0779 / 0,1329 → 0,0905 / 0,1543',
    '0.0779 / 0.1329 → 0.0905 / 0.1543',
    '0,0779 / 0,1329 → 0,0905 / 0,1543',
  ])
  const same = differenceOf(before, { ...before, period: '2026-10-01' })
  expect(changeOf(same)).toEqual([
    '0,0779 / 0,1329 si më parë',
    '0.0779 / 0.1329 as before',
    '0,0779 / 0,1329 kao ranije',
  ])
  // Where nothing is used now, nothing is said of prices.
  const none = differenceOf(before, { ...now, units: '0', lines: now.lines.slice(2) })
  expect(partChange(none.parts.find(({ about }) => about === 'price')!, kesco, 'en')).toBeNull()
  const [sq, en, sr] = said(differenceOf(before, now), kesco).map(([, sentences]) => sentences!)
  expect(sq).toContain('çmimi për kWh 98% dhe tarifa fikse 2%')
  expect(en).toContain('Of the difference, VAT included: price per kWh 98% and standing charge 2%.')
  expect(sr).toContain('cena po kWh 98% i fiksna tarifa 2%')
  // Of two rates of VAT there are no shares; nothing takes off.
  const mixed = {
    ...now,
    lines: now.lines.map(one => ({ ...one, vatPercent: one.code === 'FIXED' ? '20' : '8' })),
  }
  mixed.total = mixed.principal = now.principal + 25
  expect(said(differenceOf(before, mixed), kesco)[1]![1]).toContain('It comes from this, before VAT: price')
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
    'The whole difference comes from this: calls.',
  ])
})

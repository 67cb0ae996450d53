// How a customer stands: what comes first, what is added up, when the next invoice is expected, and where the sun is.
import { createElement } from 'react'
import { describe, expect, it } from 'vitest'
import type { Home } from '../../app/(portal)/contracts/home.ts'
import { Ways } from '../../app/(portal)/contracts/home-cards.tsx'
import { markupOf } from '../../components/static-markup.ts'
import { contractTitle, distinctTitles, type Titled } from '../../lib/billing/contract-title.ts'
import {
  askedOf,
  deadlinesOf,
  heldOf,
  leadingOf,
  newNotRecognised,
  nextInvoice,
  type OpenInvoice,
  standingsOf,
  sumsOf,
} from '../../lib/billing/home-rules.ts'
import { sunAt, timeGone } from '../../lib/billing/sun.ts'
import type { Currency } from '../../lib/platform/money.ts'

let ids = 0
const contract = (currency: Currency = 'ALL', isOwn = true) => ({ id: ++ids, isOwn, biller: { currency } })
const bill = (
  of: ReturnType<typeof contract>,
  dueOn: string,
  more: Partial<OpenInvoice> = {},
): OpenInvoice => ({
  id: ++ids,
  issuedOn: '2026-10-03',
  dueOn,
  today: '2026-11-24',
  overdue: dueOn < '2026-11-24',
  total: 1000,
  underWay: null,
  contract: { id: of.id, currency: of.biller.currency },
  ...more,
})
const waiting = { underWay: { attemptId: null, rest: 0 } }

describe('how contracts stand', () => {
  it('overdue first, the longest before the others; then due, then what waits for a bank, then settled', () => {
    const [settled, waits, due, late, later] = Array.from({ length: 5 }, () => contract())
    const unpaid = [
      bill(waits!, '2026-10-31', waiting),
      bill(due!, '2026-11-30'),
      bill(later!, '2026-10-31'),
      bill(late!, '2026-11-30'),
      bill(late!, '2026-09-30'),
    ]
    const standings = standingsOf([settled!, waits!, due!, later!, late!], unpaid)
    expect(standings.map(({ contract, state }) => [contract, state])).toEqual([
      [late, 'overdue'],
      [later, 'overdue'],
      [due, 'due'],
      [waits, 'waiting'],
      [settled, 'settled'],
    ])
    expect(standings[0]!.first).toBe(unpaid[4])
  })

  it('what is being paid is in no sum, and alarms nobody', () => {
    const one = contract()
    const [standing] = standingsOf(
      [one],
      [bill(one, '2026-09-30', waiting), bill(one, '2026-11-30', { total: 700 })],
    )
    expect(standing).toMatchObject({ state: 'due', due: 700, waiting: 1000 })
    expect(standingsOf([one], [bill(one, '2026-09-30', waiting)])[0]).toMatchObject({
      state: 'waiting',
      due: 0,
    })
  })

  it('of a part no more waits than it pays; the rest is held until its end', () => {
    const one = contract()
    const part = bill(one, '2026-09-30', { underWay: { attemptId: 'A', rest: 700 } })
    const bills = [part, bill(one, '2026-10-31', waiting), bill(one, '2026-11-30')]
    expect(standingsOf([one], bills)[0]).toMatchObject({ due: 1000, waiting: 1300 })
    expect(heldOf(bills)).toEqual([{ ...part, rest: 700 }])
  })

  it('currencies are never added, and the one with something overdue comes first', () => {
    const [lek, euro, other] = [contract(), contract('EUR'), contract('EUR')]
    const unpaid = [
      bill(lek, '2026-11-30'),
      bill(euro, '2026-10-31'),
      bill(other, '2026-11-30', { total: 5 }),
    ]
    expect(sumsOf(standingsOf([lek, euro, other], unpaid))).toMatchObject([
      { currency: 'EUR', total: 1005, owing: [{ contract: euro }, { contract: other }] },
      { currency: 'ALL', total: 1000, owing: [{ contract: lek }] },
    ])
  })

  it('tells what is late from its oldest, and what is due on the next day that can be met, or after it', () => {
    const one = contract()
    const [older, late, next, same, small] = [
      bill(one, '2026-10-31'),
      bill(one, '2026-11-23'),
      bill(one, '2026-11-24'),
      bill(one, '2026-11-24'),
      bill(one, '2026-11-20', { overdue: false }),
    ]
    const later = bill(one, '2026-12-01')
    const payable = [later, late!, next!, older!, same!, small!]
    expect(deadlinesOf(payable)).toEqual({ late: [older, late], next: [next, same], later: [later] })
    expect(deadlinesOf([small!])).toEqual({ late: [], next: [], later: [] })
  })

  it('one’s own come first and lead, however long others’ are overdue', () => {
    const [mothers, own, settled] = [contract('EUR', false), contract(), contract()]
    const unpaid = [bill(mothers, '2023-05-31'), bill(own, '2026-11-30')]
    const standings = standingsOf([mothers, own, settled], unpaid)
    expect(standings.map(({ contract }) => contract)).toEqual([own, settled, mothers])
    const { leading, others } = leadingOf(standings)
    expect(sumsOf(leading)).toMatchObject([{ currency: 'ALL', total: 1000 }])
    expect(others).toMatchObject([{ contract: mothers, due: 1000 }])
  })

  it('of several, one’s own alone are asked for, and others’ where one has none of one’s own', () => {
    const [own, mothers, settled] = [contract(), contract('ALL', false), contract()]
    const standings = standingsOf(
      [own, mothers, settled],
      [bill(own, '2026-11-30'), bill(mothers, '2026-10-31')],
    )
    expect(askedOf(standings, true)).toMatchObject([{ contract: own, due: 1000 }])
    expect(askedOf(standings.slice(1), true)).toEqual([])
    expect(askedOf(standings, false)).toHaveLength(2)
  })

  it('others’ lead where one owes nothing oneself', () => {
    const [mothers, own] = [contract('EUR', false), contract()]
    const standings = standingsOf([mothers, own], [bill(mothers, '2023-05-31')])
    expect(leadingOf(standings)).toMatchObject({ leading: [{ contract: mothers }], others: [] })
  })
})

describe('the next invoice', () => {
  const issued = (...days: string[]) =>
    days.map(issuedOn => ({ period: `${issuedOn.slice(0, 7)}-01`, issuedOn }))

  it('is expected where three came month by month on about the same day', () => {
    const three = issued('2026-09-03', '2026-10-05', '2026-11-03')
    expect(nextInvoice(three, '2026-11-24')).toBe('2026-12-03')
    expect(nextInvoice(three, '2026-12-03')).toBe('2026-12-03')
  })

  it.each([
    ['too few', issued('2026-10-03', '2026-11-03'), '2026-11-24'],
    ['a month is missing', issued('2026-08-03', '2026-10-03', '2026-11-03'), '2026-11-24'],
    ['the days differ', issued('2026-09-03', '2026-10-20', '2026-11-03'), '2026-11-24'],
    ['the day is over', issued('2026-09-03', '2026-10-03', '2026-11-03'), '2026-12-04'],
    ['there is no such day', issued('2026-11-30', '2026-12-31', '2027-01-31'), '2027-02-02'],
    ['there is none at all', [], '2026-11-24'],
  ])('is not told where %s', (_, invoices, today) => {
    expect(nextInvoice(invoices, today)).toBeNull()
  })
})

describe('the sun', () => {
  it('rises on the day of issue, is highest half way, and sets on the due date', () => {
    const at = (today: string) => sunAt(timeGone('2026-11-01', '2026-12-01', today))
    expect(at('2026-11-01')).toEqual({ x: 0, y: -0 })
    expect(at('2026-11-16').y).toBe(-1)
    expect(at('2026-12-01').x).toBe(1)
    expect(at('2026-12-01').y).toBeCloseTo(0)
    for (const today of ['2026-11-02', '2026-11-30']) expect(at(today).y).toBeLessThan(0)
  })

  it('is below the horizon after it, and sinks no further than it can be seen', () => {
    expect(sunAt(timeGone('2026-11-01', '2026-12-01', '2026-12-10')).y).toBeGreaterThan(0)
    expect(timeGone('2026-11-01', '2026-12-01', '2028-01-01')).toBe(1.6)
    // Seen before it was issued, and due on the day of issue: a feed says what it says.
    expect(timeGone('2026-11-01', '2026-12-01', '2026-10-01')).toBe(0)
    expect(timeGone('2026-11-01', '2026-11-01', '2026-11-02')).toBe(1)
  })
})

it('a contract is called by its alias, else by where it is, else by what it is, whose, and its code', () => {
  const oshee = {
    alias: null,
    address: null,
    category: 'household',
    code: 'AL0000001',
    biller: { code: 'oshee', name: 'OSHEE', country: 'AL' },
  } as const
  expect(contractTitle({ ...oshee, alias: 'Shtëpia', address: 'Rruga 7' }, 'sq')).toBe('Shtëpia')
  expect(contractTitle({ ...oshee, address: 'Rruga 7' }, 'en')).toBe('Rruga 7')
  expect(contractTitle(oshee, 'sq')).toBe('Familjare, OSHEE AL0000001')
  const kesco = { code: 'kesco', name: 'KESCO', country: 'XK' } as const
  expect(contractTitle({ ...oshee, code: 'DPR-6687', biller: kesco }, 'sq')).toBe('Amvisëri, KESCO DPR-6687')
  const fines = { code: 'police-fines', name: 'Policia e Shtetit', country: 'AL' } as const
  expect(contractTitle({ ...oshee, code: '2026', biller: fines }, 'en')).toBe('Fines, Policia e Shtetit 2026')
})

it('contracts at one address are told apart by their billers, and by their codes where that is not enough', () => {
  const at = (code: string, biller: object) =>
    ({ alias: null, address: 'Rruga 7', category: 'household', code, biller }) as Titled
  const oshee = { code: 'oshee', name: 'OSHEE', country: 'AL' }
  const all = [
    at('AL0000001', oshee),
    at('AL0000002', oshee),
    at('U1', { code: 'ukt', name: 'UKT', country: 'AL' }),
    { ...at('AL0000003', oshee), alias: 'Dyqani' },
  ]
  expect(all.map(distinctTitles(all, 'sq'))).toEqual([
    'Rruga 7, OSHEE AL0000001',
    'Rruga 7, OSHEE AL0000002',
    'Rruga 7, UKT',
    'Dyqani',
  ])
  expect(all.slice(2).map(distinctTitles(all.slice(2), 'sq'))).toEqual(['Rruga 7', 'Dyqani'])
})

describe('the contract that home says is not recognised as one’s own', () => {
  const now = new Date('2026-11-24T10:00:00Z')
  const added = (hoursAgo: number, level: 'holder' | 'masked' | 'amounts') => ({
    level,
    addedAt: new Date(now.getTime() - hoursAgo * 3_600_000),
  })

  it('is the newest of whose holder one is not, for a day', () => {
    const [own, masked, amounts] = [added(1, 'holder'), added(2, 'masked'), added(3, 'amounts')]
    expect(newNotRecognised([amounts, own, masked], now)).toBe(masked)
    expect(newNotRecognised([amounts, own], now)).toBe(amounts)
    expect(newNotRecognised([own], now)).toBeUndefined()
    expect(newNotRecognised([added(24, 'amounts')], now)).toBeUndefined()
  })
})

it('a reading is asked for where one of the meters is read by people', () => {
  const offers = (...remote: (boolean | null)[]) => {
    const standings = remote.map(meterRemote => ({
      contract: {
        meterRemote,
        level: 'holder',
        biller: { unit: 'kWh' },
        openRequests: [],
      },
    }))
    const home = { standings, locale: 'en' } as unknown as Home
    return markupOf(createElement(Ways, { home })).includes('href="/readings"')
  }
  expect([offers(true), offers(true, false), offers(null)]).toEqual([false, true, true])
})

// What is told of a contract's bills and payments: each fault is found, and honest bills are left in peace.
import { describe, expect, it, test } from 'vitest'
import {
  type Finding,
  type FindingKind,
  findingsOf,
  type StrayPayment,
  type Watched,
  type WatchedInvoice,
} from '../../lib/billing/finding-rules.ts'
import { findingWords } from '../../lib/billing/finding-words.ts'
import { nothingPaid } from '../../lib/ledger/rules.ts'
import { addDays, addMonths } from '../../lib/platform/dates.ts'
import { calculateBill, tariffOn } from '../../lib/tariffs/rules.ts'
import { term } from '../support/interest.ts'
import {
  between,
  type History,
  HOUSEHOLDS,
  madeUpHistory,
  type Random,
  randomOf,
  seenOn,
  wholeBetween,
} from '../support/made-up-bills.ts'
import { tariffsOf } from '../support/tariffs.ts'

const SEEDS = process.env.DEEP ? 50 : 3
const NEVER = '2099-01-01'

/** What was ever told of a contract, looked at on the day of each bill. */
function toldOf(history: History, neighbour: History): Map<string, Finding> {
  const told = new Map<string, Finding>()
  for (const { issuedOn } of history.bills) {
    const others = [seenOn(neighbour, 'B', issuedOn)]
    for (const finding of findingsOf(seenOn(history, 'A', issuedOn), others))
      told.set(`${finding.kind} ${finding.cause}`, finding)
  }
  return told
}

test('of ten years of honest bills, at most one in a hundred is told of', () => {
  let bills = 0
  const alarms: string[] = []
  for (const household of HOUSEHOLDS) {
    for (let seed = 0; seed < SEEDS; seed++) {
      const history = madeUpHistory(seed, household)
      bills += history.bills.length
      const told = toldOf(history, madeUpHistory(seed + 1000, 'ordinary'))
      // That a bill is estimated is so, and stands on it.
      alarms.push(
        ...[...told.keys()]
          .filter(key => !key.startsWith('estimated'))
          .map(key => `${household} ${seed} ${key}`),
      )
    }
  }
  expect(alarms.length / bills, alarms.join('\n')).toBeLessThanOrEqual(0.01)
})

/** A history without anything to tell of in its last months, and the place of a bill that something is done to. */
type Planted = { today: string; others?: Watched[] }
type Plant = (history: History, at: number, random: Random) => Planted

const PLANTS: { [Kind in FindingKind]: Plant } = {
  wrongSlip: (history, at) => {
    const bill = history.bills[at]!
    const { paidOn, principal, tvTax } = bill
    bill.paidOn = NEVER
    const amount = principal + tvTax
    const stray: StrayPayment = { id: 9999, paidOn, amount, left: amount, invoiceNumber: null }
    const other = { ...seenOn(history, 'B', paidOn), invoices: [], strays: [stray] }
    return { today: addDays(paidOn, 5), others: [other] }
  },
  skipped: (history, at) => {
    const [bill, next] = history.bills.slice(at)
    bill!.paidOn = NEVER
    return { today: addDays([next!.paidOn, bill!.dueOn].toSorted()[1]!, 1) }
  },
  stillThenJump: (history, at, random) => {
    const jump = history.bills[at]!
    const row = history.bills.slice(at - wholeBetween(random, 2, 6), at)
    for (const bill of row) {
      jump.units! += bill.units!
      Object.assign(bill, { units: 0, currentReading: bill.previousReading })
    }
    return { today: jump.issuedOn }
  },
  estimated: (history, at) => {
    const bill = history.bills[at]!
    bill.readingKind = 'estimated'
    return { today: addDays(bill.issuedOn, 20) }
  },
  longPeriod: (history, at, random) => {
    const bill = history.bills[at]!
    history.tariffs = tariffsOf('oshee', 'household')
    bill.periodFrom = bill.period
    bill.periodTo = addDays(bill.period, wholeBetween(random, 36, 60))
    bill.units = wholeBetween(random, 720, 760)
    const usage = { high: bill.units, low: 0 }
    // The year's end is no change of prices.
    const tariff = { ...tariffOn(history.tariffs, bill.periodFrom)!, validTo: null }
    const priced = calculateBill([tariff], { from: bill.periodFrom, to: bill.periodTo }, usage)
    if (priced.ok) bill.principal = priced.value.net + priced.value.vat
    return { today: bill.issuedOn }
  },
  aboveLastYear: (history, at, random) => {
    const bill = history.bills[at]!
    // Of what is usual, not of a holiday's.
    const usual = Math.max(...[at, at - 1, at - 12, at - 11].map(by => history.bills[by]!.units!))
    bill.units = Math.round(usual * between(random, 2.2, 4))
    return { today: bill.issuedOn }
  },
}

/** Of what is told by comparing, a few are hidden by a holiday beside them. */
const MAY_MISS: { [Kind in FindingKind]?: number } = { stillThenJump: 0.03, aboveLastYear: 0.05 }

describe.each(Object.entries(PLANTS) as [FindingKind, Plant][])('%s', (kind, plant) => {
  it('is found', () => {
    const missed: number[] = []
    const seeds = SEEDS * 5
    for (let seed = 0; seed < seeds; seed++) {
      const random = randomOf(seed)
      const history = madeUpHistory(seed, 'ordinary')
      // Of which no bill is missing, and the tariffs of which have the cliff.
      const at = history.bills.findIndex(({ period }) => period >= addMonths('2025-06-01', seed % 12))
      const around = history.bills.slice(at - 26, at + 2)
      if (around.at(-1)!.id - around[0]!.id > 27) continue
      history.strays = []
      for (const bill of around) bill.readingKind = 'read'
      const { today, others = [] } = plant(history, at, random)
      const found = findingsOf(seenOn(history, 'A', today), others)
      const { id } = history.bills[at]!
      if (!found.some(one => one.kind === kind && one.invoiceId === id)) missed.push(seed)
    }
    expect(missed.length, String(missed)).toBeLessThanOrEqual(Math.round(seeds * (MAY_MISS[kind] ?? 0)))
  })
})

/** Bills of a month each, all read, from January 2023 on; `changes`: by the place of the bill. */
function billsOf(
  units: readonly number[],
  changes: Record<number, Partial<WatchedInvoice> | null> = {},
): WatchedInvoice[] {
  let reading = 1000
  return units.flatMap((used, place) => {
    const period = addMonths('2023-01-01', place)
    const previousReading = reading
    reading += used
    const paid = { principalPaid: 5000, tvTaxPaid: 0 }
    const bill: WatchedInvoice = {
      ...{ id: place + 1, number: `N${place + 1}`, period, periodFrom: period },
      ...{ periodTo: addDays(addMonths(period, 1), -1), issuedOn: addMonths(period, 1) },
      ...{ dueOn: addDays(addMonths(period, 2), -1), previousReading, currentReading: reading },
      ...{ readingKind: 'read', units: used, unitsLow: 0, principal: 5000, tvTax: 0 },
      ...{ isUnderWay: false, isComplainedOf: false, ...nothingPaid(), ...paid },
    }
    const change = changes[place]
    return change === null ? [] : [{ ...bill, ...change }]
  })
}

const watchedOf = (invoices: WatchedInvoice[], more: Partial<Watched> = {}): Watched => ({
  ...{ code: 'A', tariffs: tariffsOf('oshee', 'household'), asksToMove: false, strays: [], invoices },
  ...{ terms: { remindFrom: 100, interest: [term()] }, today: invoices.at(-1)!.issuedOn, ...more },
})

const told = (invoices: WatchedInvoice[], more: Partial<Watched> = {}) =>
  findingsOf(watchedOf(invoices, more), []).map(({ kind, invoiceId }) => `${kind} ${invoiceId}`)

const level = (months: number, units = 200) => Array.from({ length: months }, () => units)

describe('compares like with like', () => {
  it('tells of twice as much as a year before, once for as long as it stays so', () => {
    expect(told(billsOf([...level(25), 420]))).toEqual(['aboveLastYear 26'])
    expect(told(billsOf([...level(25), 420, 430, 425]))).toEqual(['aboveLastYear 26'])
    expect(told(billsOf([...level(25), 340]))).toEqual([])
  })

  it('is not kept from it by months in which more is used anyway', () => {
    const year = [650, 600, 500, 337, 260, 265, 260, 260, 216, 320, 700, 700]
    expect(told(billsOf([...year, ...year, ...year.slice(0, 9), 873]))).toEqual(['aboveLastYear 34'])
    expect(told(billsOf([...year, ...year, ...year]))).toEqual([])
  })

  it('looks at the months that have come: a bill for one to come hides nothing', () => {
    const bills = billsOf([...level(25), 420])
    const toCome = { ...bills.at(-1)!, id: 99, number: 'N99', period: '2027-11-01' }
    expect(told([...bills, toCome], { today: bills.at(-1)!.issuedOn })).toEqual(['aboveLastYear 26'])
  })

  it('looks at a calendar month by the day: a leap year and the length of a month change nothing', () => {
    // 10 a day in February 2023, 20 and a half in the 29 days of February 2024.
    const units = [...level(14, 300)]
    units[1] = 280
    units[13] = Math.round(29 * 18.5)
    const [found] = findingsOf(watchedOf(billsOf(units)), [])
    expect(found).toMatchObject({ kind: 'aboveLastYear', before: '2023-02-01', perDayBefore: 10 })
    expect(found).toMatchObject({ perDay: Math.round(29 * 18.5) / 29 })
  })

  it('compares no part of a month, and no two months on one bill, with a month', () => {
    const short = { periodFrom: '2025-02-20' }
    expect(told(billsOf([...level(25), 420], { 25: short }))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 25: { periodFrom: '2025-01-01' } }))).toEqual([])
  })

  it('lets a gap be a gap: what comes after it is no jump, and nothing is compared with it', () => {
    expect(told(billsOf([...level(24), 0, 0, 0, 900], { 25: null }))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 24: null }))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 13: null }))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 12: null }))).toEqual([])
  })

  it('takes the units of a bill, whatever a new meter shows', () => {
    const replaced = { previousReading: 0, currentReading: 90 }
    expect(told(billsOf(level(26), { 25: replaced }))).toEqual([])
    expect(told(billsOf([...level(24), 210, 190], { 24: replaced }))).toEqual([])
    // And sees that it stands still.
    const still = { previousReading: 0, currentReading: 0 }
    expect(told(billsOf([...level(23), 0, 0, 650], { 23: still, 24: still }))).toEqual(['stillThenJump 26'])
  })

  it('sees a meter that stands still by its reading too, whatever was billed', () => {
    const still = { previousReading: 5800, currentReading: 5800 }
    const bills = billsOf([...level(24), 150, 150, 700], { 24: still, 25: still })
    expect(told(bills)).toEqual(['stillThenJump 27'])
  })

  it('makes no month the measure that was not read, estimated or made up for others', () => {
    // A year ago nothing was counted, then all of it at once: this year is as usual.
    const units = [...level(12), 0, 0, 0, 800, ...level(12)]
    expect(told(billsOf(units))).toEqual([])
    expect(told(billsOf([...level(13), 90, ...level(11), 200]))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 13: { readingKind: 'estimated' } }))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 24: { readingKind: 'estimated' } }))).toEqual([])
  })

  it('takes a house that is empty each winter, and a flat that was for a month, as they are', () => {
    const summers = Array.from({ length: 32 }, (_, month) => ([6, 7].includes(month % 12) ? 300 : 0))
    expect(told(billsOf(summers))).toEqual([])
    expect(told(billsOf([...level(24), 0, 400]))).toEqual([])
  })
})

describe('tells one thing of one cause', () => {
  it('of a jump, whatever else it looks like', () => {
    const long = { periodTo: '2025-04-20', principal: 1_000_000, principalPaid: 1_000_000 }
    expect(told(billsOf([...level(24), 0, 0, 720], { 26: long }))).toEqual(['stillThenJump 27'])
  })

  it('of the newest bill alone that it is estimated, with how many before it', () => {
    const estimated = { readingKind: 'estimated' } as const
    const bills = billsOf(level(27), { 24: estimated, 25: estimated, 26: estimated })
    expect(findingsOf(watchedOf(bills), [])).toMatchObject([{ kind: 'estimated', invoiceId: 27, bills: 3 }])
    expect(told(billsOf(level(27), { 25: estimated }))).toEqual([])
    expect(told(bills, { today: '2025-09-01' })).toEqual([])
  })

  it('of several invoices passed over one, that paying one of them does not bring back', () => {
    const unpaid = { principalPaid: 0 }
    const first = findingsOf(watchedOf(billsOf(level(10), { 3: unpaid, 5: unpaid })), [])
    expect(first).toMatchObject([{ kind: 'skipped', count: 2, invoiceId: 4, cause: '6' }])
    const then = findingsOf(watchedOf(billsOf(level(10), { 5: unpaid })), [])
    expect(then).toMatchObject([{ kind: 'skipped', count: 1, cause: '6' }])
  })

  it('and nothing of what is being paid, complained of, or late in order', () => {
    const open = { principalPaid: 0 }
    expect(told(billsOf(level(10), { 3: { ...open, isUnderWay: true } }))).toEqual([])
    expect(told(billsOf(level(10), { 3: { ...open, isComplainedOf: true } }))).toEqual([])
    expect(told(billsOf(level(10), { 7: open, 8: open, 9: open }))).toEqual([])
    expect(told(billsOf([...level(25), 420], { 25: { isComplainedOf: true } }))).toEqual([])
  })
})

describe('a long period', () => {
  const long = (units: number, principal: number): WatchedInvoice[] =>
    billsOf([...level(26, 600), units], {
      26: { periodFrom: '2025-03-01', periodTo: '2025-04-09', principal, principalPaid: principal },
    })

  it('is told of where its length alone took it over the limit, with what that cost', () => {
    // 40 days: in 31 it would be 558; (720 × 9.50 + 95) × 1.2, and 720 × 1.00 × 1.2 of it for the limit.
    expect(findingsOf(watchedOf(long(720, 832_200)), [])).toMatchObject([
      { kind: 'longPeriod', days: 40, usualDays: 31, usual: 558, limit: 700, extra: 86_400 },
    ])
  })

  it('is told of in Kosovo too, where what is above the limit alone is dearer, by day and by night', () => {
    const tariffs = tariffsOf('kesco', '4/02')
    const [periodFrom, periodTo] = ['2025-10-01', '2025-11-09']
    const priced = calculateBill(tariffs, { from: periodFrom, to: periodTo }, { high: 540, low: 360 })
    const principal = priced.ok ? priced.value.total : 0
    const change = { periodFrom, periodTo, unitsLow: 360, principal, principalPaid: principal }
    // 60 kWh at 6.38 and 40 at 3.40 cents more, with VAT.
    expect(
      findingsOf(watchedOf(billsOf([...level(33, 600), 900], { 33: change }), { tariffs }), []),
    ).toMatchObject([{ kind: 'longPeriod', days: 40, usual: 698, limit: 800, extra: 561 }])
  })

  it('is not where the limit was counted by days, or would be passed anyway', () => {
    expect(told(long(720, 745_800))).toEqual([])
    expect(told(long(1000, 1_151_400))).toEqual([])
  })
})

test('a payment under a wrong code is known by the number it names, or to the cent by what was due that day', () => {
  const unpaid = billsOf(level(3), { 2: { principalPaid: 0 } })
  const to = watchedOf(unpaid, { code: 'B', today: '2023-06-10' })
  const stray = { id: 7, paidOn: '2023-05-10', amount: 5050, left: 5050, invoiceNumber: null }
  const from = (changes: Partial<StrayPayment>) =>
    findingsOf(watchedOf(billsOf(level(3)), { strays: [{ ...stray, ...changes }] }), [to])
  // Due on 30 April: ten days of 0.1 %.
  expect(from({})).toMatchObject([{ kind: 'wrongSlip', from: 'A', to: 'B', number: 'N3', cause: '7' }])
  expect(from({ amount: 5000, left: 5000 })).toHaveLength(1)
  expect(from({ amount: 9000, left: 5000 })).toMatchObject([{ by: 'amount', amount: 9000, left: 5000 }])
  expect(from({ amount: 5000, left: 1000 })).toEqual([])
  expect(from({ amount: 5049, left: 5049 })).toEqual([])
  const [named] = from({ amount: 123, left: 123, invoiceNumber: 'N3' })
  expect(named).toMatchObject({ by: 'number', amount: 123 })
  const inAlbania = { unit: 'kWh', currency: 'ALL', country: 'AL' } as const
  expect(findingWords(named!, inAlbania, 'en')).toContain('It names the invoice for')
  expect(from({ paidOn: '2023-03-20', amount: 5000, left: 5000 })).toEqual([])
})

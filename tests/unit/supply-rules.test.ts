// How far an outage and a disconnection are, what is left to pay, and when the supply has to be back.
import { describe, expect, it } from 'vitest'
import {
  announcedDebt,
  byUrgency,
  disconnectionStanding,
  hoursGone,
  isShortNotice,
  leftToPay,
  nearOutage,
  outagePhase,
  paidAt,
  payableUntil,
  standingOf,
} from '../../lib/supply/rules.ts'
import type { Disconnection, Outage } from '../../lib/supply/schema.ts'
import { whenOf, whereOf } from '../../lib/supply/words.ts'

const now = new Date('2026-11-27T10:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
const outage = (from: number, to: number | null, isCancelled = false) => ({
  startsAt: hours(from),
  endsAt: to === null ? null : hours(to),
  isCancelled,
})

it('places are written as they read well, and a zone, which is a code, as it came', () => {
  const outage = { place: 'RRUGA E KAVAJËS', zone: 'DPR', branch: 'TIRANA', region: 'TIRANA' }
  expect(whereOf(outage as Outage, 'en')).toEqual({
    title: 'Rruga e Kavajës',
    within: ['DPR', 'Tirana'],
  })
})

describe('an outage', () => {
  it('is going on from its first moment until its last, or until somebody says', () => {
    expect(outagePhase(outage(0, 1), now)).toBe('now')
    expect(outagePhase(outage(-1, 0), now)).toBe('ended')
    expect(outagePhase(outage(-100, null), now)).toBe('now')
    expect(outagePhase(outage(0.01, null), now)).toBe('coming')
    expect(outagePhase(outage(-1, 1, true), now)).toBe('cancelled')
  })

  it('stands before those that are less urgent', () => {
    const [ended, cancelled, later, soon, older, newer] = [
      outage(-3, -1),
      outage(5, 6, true),
      outage(9, 10),
      outage(2, 3),
      outage(-5, null),
      outage(-1, 1),
    ]
    expect(byUrgency([ended, cancelled, later, soon, older, newer], now)).toEqual([
      newer,
      older,
      soon,
      later,
      cancelled,
      ended,
    ])
  })

  it('is told of on home while it is going on, and three days before', () => {
    expect(nearOutage([outage(71, 72)], now)).toBeDefined()
    expect(nearOutage([outage(72, 73), outage(-2, -1), outage(1, 2, true)], now)).toBeUndefined()
    expect(nearOutage([outage(2, 3), outage(-2, 1)], now)).toEqual(outage(-2, 1))
  })
})

const disconnection: Disconnection = {
  announcedOn: '2026-11-25',
  notBefore: '2026-12-01',
  reason: 'debt',
  amount: 4412,
  doneAt: null,
  reconnectedAt: null,
  cancelledOn: null,
  payments: [],
}
const paid = (...payments: [number, number][]) => payments.map(([amount, at]) => ({ amount, at: hours(at) }))

describe('what is left to pay', () => {
  it('counts down from the amount that was named, by what came since', () => {
    expect(leftToPay(disconnection, 9999)).toBe(4412)
    expect(leftToPay({ ...disconnection, payments: paid([1000, -2], [412, -1]) }, 9999)).toBe(3000)
    expect(leftToPay({ ...disconnection, payments: paid([5000, -1]) }, 9999)).toBe(0)
  })

  it('is the debt of that day where no amount was named, and nothing that is owed otherwise', () => {
    expect(leftToPay({ ...disconnection, amount: null }, 700)).toBe(700)
    expect(leftToPay({ ...disconnection, reason: 'safety' }, 700)).toBeNull()
    const unpaid = [
      { dueOn: '2026-11-24', overdue: true, total: 500 },
      { dueOn: '2026-11-24', overdue: false, total: 3 },
      { dueOn: '2026-11-25', overdue: true, total: 40 },
    ]
    expect(announcedDebt(unpaid, disconnection)).toEqual(unpaid.slice(0, 1))
  })

  it('was paid with the payment that completed it', () => {
    expect(paidAt({ ...disconnection, payments: paid([4000, -5], [412, -3], [900, -1]) }, 0)).toEqual(
      hours(-3),
    )
    expect(paidAt({ ...disconnection, payments: paid([4000, -5]) }, 0)).toBeUndefined()
    expect(paidAt({ ...disconnection, amount: null, payments: paid([1, -5], [1, -2]) }, 0)).toEqual(hours(-2))
    expect(paidAt({ ...disconnection, amount: null }, 0)).toBeUndefined()
  })

  it('is to be paid on the day before, and never before the announcement', () => {
    expect(payableUntil(disconnection)).toBe('2026-11-30')
    expect(payableUntil({ announcedOn: '2026-11-25', notBefore: '2026-11-25' })).toBe('2026-11-25')
    expect(isShortNotice(disconnection)).toBe(false)
    expect(isShortNotice({ announcedOn: '2026-11-25', notBefore: '2026-11-28' })).toBe(false)
    expect(isShortNotice({ announcedOn: '2026-11-25', notBefore: '2026-11-27' })).toBe(true)
  })
})

describe('a disconnection', () => {
  const stateOf = (given: Partial<Disconnection>, today = '2026-11-27', at = now) =>
    disconnectionStanding({ ...disconnection, ...given }, 0, today, at).state

  it('is announced, possible from its day on, and averted once it is paid', () => {
    expect(stateOf({}, '2026-11-30')).toBe('announced')
    expect(stateOf({}, '2026-12-01')).toBe('possible')
    expect(stateOf({ payments: paid([4412, -1]) }, '2026-12-01')).toBe('averted')
    expect(stateOf({ reason: 'safety' })).toBe('announced')
  })

  it('has been called off, or undone, whatever is still owed', () => {
    expect(stateOf({ cancelledOn: '2026-11-26' })).toBe('cancelled')
    expect(stateOf({ doneAt: hours(-9), reconnectedAt: hours(-1) })).toBe('reconnected')
  })

  it('that was done has to be undone within 24 hours of the payment, or of itself where it was paid before', () => {
    const doneAt = hours(-30)
    expect(stateOf({ doneAt })).toBe('disconnected')
    expect(stateOf({ doneAt, reason: 'request' })).toBe('disconnected')
    expect(stateOf({ doneAt, payments: paid([4412, -23.9]) })).toBe('reconnecting')
    expect(stateOf({ doneAt, payments: paid([4412, -24]) })).toBe('late')
    const before = disconnectionStanding(
      { ...disconnection, doneAt: hours(-2), payments: paid([4412, -40]) },
      0,
      '2026-11-27',
      now,
    )
    expect(before).toMatchObject({
      state: 'reconnecting',
      clock: { paid: hours(-40), from: hours(-2), by: hours(22) },
    })
  })

  it('counts the hours that pass, not those of the clock', () => {
    // On 25 October 2026 the night has an hour more.
    const from = new Date('2026-10-24T20:00:00+02:00')
    const { clock } = disconnectionStanding(
      {
        ...disconnection,
        announcedOn: '2026-10-01',
        doneAt: new Date('2026-10-20T10:00:00Z'),
        payments: [{ amount: 4412, at: from }],
      },
      0,
      '2026-10-25',
      from,
    )
    expect(clock!.by).toEqual(new Date('2026-10-25T19:00:00+01:00'))
    expect(hoursGone(from, new Date('2026-10-25T18:59:00+01:00'))).toBe(23)
  })

  it('of a contract counts that contract’s invoices alone', () => {
    const contract = {
      id: 1,
      biller: { timeZone: 'Europe/Belgrade' },
      disconnection: { ...disconnection, amount: null },
    }
    const unpaid = [1, 2].map(id => ({
      contract: { id },
      dueOn: '2026-10-31',
      overdue: true,
      total: id * 100,
    }))
    expect(standingOf(contract, unpaid, now)).toEqual({ state: 'announced', left: 100 })
    expect(standingOf({ ...contract, disconnection: null }, unpaid, now)).toBeUndefined()
  })
})

describe('words', () => {
  const one = {
    ...outage(-1, 3),
    id: 1,
    kind: 'planned' as const,
    region: 'Tirana',
    branch: 'Tirana',
    zone: null,
    place: 'Kashar',
    textSq: null,
    textEn: null,
    textSr: null,
  }
  const reading = { timeZone: 'Europe/Tirane', now, locale: 'en' as const }

  it('say when, by the clock of the place', () => {
    expect(whenOf(one, reading)).toBe('today, 10:00–14:00')
    expect(whenOf({ ...one, kind: 'fault' }, reading)).toBe('since today, 10:00, expected to end 14:00')
    expect(whenOf({ ...one, endsAt: null }, reading)).toBe('since today, 10:00')
    expect(whenOf({ ...one, ...outage(24, null) }, reading)).toBe('from tomorrow, 11:00')
    expect(whenOf({ ...one, ...outage(240, 290) }, reading)).toBe('7 December, 11:00 – 9 December, 13:00')
  })

  it('say where, each place once', () => {
    expect(whereOf(one, 'en')).toEqual({ title: 'Kashar', within: ['Tirana'] })
    const everywhere = { ...one, place: null, region: null, branch: null }
    expect(whereOf(everywhere, 'sr')).toEqual({ title: 'Cela mreža', within: [] })
  })
})

// What is said of a payment once its money is somewhere.
import { describe, expect, it } from 'vitest'
import {
  type Capture,
  endingOf,
  notesOf,
  paidTwice,
  paysAsChosen,
  type Settled,
  takenBackOf,
  takenOf,
} from '../../lib/payments/outcome-rules.ts'

const capture: Capture = {
  number: 'D2400000001',
  amount: 900,
  paidOn: '2024-01-20',
  reversedOn: null,
  takenBack: [],
  givenBack: 0,
  surplus: 0,
  isPaidTwice: false,
  pays: [
    { invoiceId: 1, total: 600 },
    { invoiceId: 2, total: 300 },
  ],
}
const reversed = { ...capture, reversedOn: '2024-02-01', pays: [] }
const payment: Settled = {
  state: 'captured',
  amount: 900,
  startedOn: '2024-01-20',
  isPart: false,
  invoices: capture.pays,
  captures: [capture],
  stillDue: 0,
}
const notes = (changed: Partial<Settled>) => notesOf({ ...payment, ...changed })

describe('how a payment ended', () => {
  it.each([
    ['captured', [], 'captured'],
    ['pending', [], 'unknown'],
    ['in_doubt', [], 'unknown'],
    ['declined', [], 'declined'],
    ['voided', [], 'voided'],
    ['captured', [capture], 'captured'],
    // The bank took money although it had said otherwise.
    ['voided', [capture], 'captured'],
    ['captured', [reversed], 'reversed'],
    ['captured', [reversed, capture], 'captured'],
  ] as const)('%s with %j: %s', (state, captures, ending) => {
    expect(endingOf({ state, captures: [...captures] })).toBe(ending)
  })
})

describe('money taken more than once', () => {
  it.each([
    ['one', [capture], false],
    ['two', [capture, capture], true],
    ['one of two', [reversed, capture], false],
    ['none of two', [reversed, reversed], false],
    ['two of three', [reversed, capture, capture], true],
  ])('is so where more than one capture stands: %s', (_, captures, twice) => {
    expect(paidTwice({ captures })).toBe(twice)
  })
})

describe('what is said besides', () => {
  it('is nothing where all went as chosen', () => {
    expect(notes({})).toEqual([])
    expect(paysAsChosen(payment)).toBe(true)
  })

  it('is what the bank took, where that is another amount', () => {
    const less = { ...capture, amount: 100, pays: [{ invoiceId: 1, total: 100 }] }
    expect(notes({ captures: [less], stillDue: 800 })).toEqual([
      { about: 'otherAmount', taken: 100, ordered: 900 },
      { about: 'stillDue', amount: 800 },
    ])
    expect(paysAsChosen({ ...payment, captures: [less] })).toBe(false)
  })

  it('is a surplus, and that it pays otherwise than chosen', () => {
    const over = { ...capture, surplus: 600, pays: [{ invoiceId: 2, total: 300 }] }
    expect(notes({ captures: [over] })).toEqual([{ about: 'surplus', amount: 600 }])
    expect(paysAsChosen({ ...payment, captures: [over] })).toBe(false)
    // Of two payments of one debt, and of an order that the bank charged twice, other reasons are given.
    expect(notes({ captures: [{ ...over, isPaidTwice: true }] })).toEqual([
      { about: 'paidTwice', amount: 600 },
    ])
    expect(notes({ captures: [capture, { ...over, number: 'D2400000001-2', pays: [] }] })).toEqual([
      { about: 'takenTwice', amount: 600 },
    ])
    const moved = { ...capture, pays: [{ invoiceId: 2, total: 900 }] }
    expect(notes({ captures: [moved] })).toEqual([])
    expect(paysAsChosen({ ...payment, captures: [moved] })).toBe(false)
  })

  it('is what is short, and why', () => {
    const late = { ...capture, paidOn: '2024-01-22' }
    expect(notes({ captures: [late], stillDue: 7 })).toEqual([
      { about: 'short', amount: 7, startedOn: '2024-01-20', paidOn: '2024-01-22' },
    ])
    expect(notes({ stillDue: 7 })).toEqual([{ about: 'stillDue', amount: 7 }])
    expect(notes({ captures: [late] })).toEqual([])
  })

  it('is which of two captures was taken back; the only one is how it ended', () => {
    expect(notes({ captures: [reversed, { ...capture, number: 'D2400000001-2' }] })).toEqual([
      { about: 'reversed', number: 'D2400000001', on: '2024-02-01' },
    ])
    expect(notes({ captures: [reversed], stillDue: 900 })).toEqual([{ about: 'stillDue', amount: 900 }])
    expect(notes({ captures: [reversed] })).toEqual([])
    expect(paysAsChosen({ ...payment, captures: [reversed] })).toBe(false)
  })
})

describe('what of a transaction was taken back', () => {
  const paid = { contractCode: 'A', amount: 600, reversedOn: null }
  const gone = { contractCode: 'B', amount: 300, reversedOn: '2024-02-01' }

  it('is named where another contract’s payment stands, and all of it where none does', () => {
    const part = { contractCode: 'B', amount: 300, on: '2024-02-01' }
    expect(takenBackOf([paid, gone])).toEqual({ reversedOn: null, takenBack: [part] })
    expect(takenBackOf([{ ...paid, reversedOn: '2024-03-01' }, gone])).toEqual({
      reversedOn: '2024-03-01',
      takenBack: [],
    })
    expect(takenBackOf([paid])).toEqual({ reversedOn: null, takenBack: [] })
    const left = { ...capture, takenBack: [part] }
    expect(takenOf(left)).toBe(600)
    expect(endingOf({ ...payment, captures: [left] })).toBe('captured')
    expect(notes({ captures: [left], stillDue: 300 })).toEqual([
      { about: 'takenBack', number: capture.number, ...part },
      { about: 'stillDue', amount: 300 },
    ])
  })
})

it('what remains of a part is told as chosen, however late the bank took the money', () => {
  const late = { ...capture, paidOn: '2024-01-23' }
  expect(notes({ isPart: true, captures: [late], stillDue: 500 })).toEqual([{ about: 'rest', amount: 500 }])
  expect(notes({ isPart: true, stillDue: 0 })).toEqual([])
})

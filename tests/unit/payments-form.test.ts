// What the page to pay may post.
import { describe, expect, it } from 'vitest'
import { payForm } from '../../lib/payments/forms.ts'
import { MOST_INVOICES } from '../../lib/payments/schema.ts'

const { invoices, totals } = payForm.fields
const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))

describe('the invoices chosen', () => {
  it.each([
    [0, { error: 'nothingChosen' }],
    [1, { value: [1] }],
    [MOST_INVOICES, { value: ids(MOST_INVOICES).map(Number) }],
    [MOST_INVOICES + 1, { error: 'tooMany', values: { most: MOST_INVOICES } }],
  ])('%i of them', (count, read) => {
    expect(invoices.read(ids(count), {})).toEqual(read)
  })

  it.each(['0', '01', '-1', '1.5', 'x', '1'.repeat(16)])('none is called %s', id => {
    expect(invoices.read(['1', id], {})).toEqual({ error: 'nothingChosen' })
  })
})

it('the totals that were seen are read whole, or were others', () => {
  expect(totals.read('7:100,8:2050')).toEqual({
    value: new Map([
      [7, 100],
      [8, 2050],
    ]),
  })
  for (const forged of ['', '7', '7:1,', '7:-1', '7:1e3']) {
    expect(totals.read(forged)).toEqual({ error: 'amountChanged' })
  }
})

it('the button for what is overdue pays that, whatever is chosen', () => {
  expect(invoices.read(['1'], { intent: 'payOverdue', overdue: ['2', '3'] })).toEqual({ value: [2, 3] })
  expect(invoices.read(['1'], { intent: 'pay', overdue: ['2', '3'] })).toEqual({ value: [1] })
  expect(invoices.read(['1'], { intent: 'payOverdue', overdue: [''] })).toEqual({ error: 'nothingChosen' })
})

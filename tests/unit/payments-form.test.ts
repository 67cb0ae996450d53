// What the page to pay may post.
import { describe, expect, it } from 'vitest'
import { MOST_INVOICES, payForm } from '../../lib/payments/schema.ts'

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))
const errorOf = (invoices: string[]) =>
  payForm.safeParse({
    biller: 'oshee',
    contractCode: 'AL0000001',
    invoices,
    shown: '1:100',
    idempotencyKey: '5f0f8e0c-6a53-4b6e-9a77-0a3a3a2f4a11',
  }).error?.issues[0]?.message

describe('the invoices chosen', () => {
  it.each([
    [0, 'nothingChosen'],
    [1, undefined],
    [MOST_INVOICES, undefined],
    [MOST_INVOICES + 1, 'tooMany'],
  ])('%i of them: %s', (count, error) => {
    expect(errorOf(ids(count))).toBe(error)
  })
})

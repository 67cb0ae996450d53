// How a part is spread over what was chosen, and what a bank took over the contracts that it is for.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { mayPay, partOf, shareCapture } from '../../lib/payments/sharing-rules.ts'

const RUNS = process.env.DEEP ? 5000 : 300

const due = (number: string, dueOn: string, interest: number, principal: number, tvTax: number) => ({
  number,
  dueOn,
  ...{ interest, principal, tvTax, total: interest + principal + tvTax },
})
const older = due('2', '2024-01-31', 50, 1000, 100)
const old = due('10', '2024-02-29', 0, 1000, 100)
const young = due('11', '2024-02-29', 0, 500, 0)

describe('a part', () => {
  test.each([
    [50, [[50, 0, 0]]],
    [60, [[50, 10, 0]]],
    [1100, [[50, 1000, 50]]],
    [1150, [[50, 1000, 100]]],
    [
      1151,
      [
        [50, 1000, 100],
        [0, 1, 0],
      ],
    ],
    [
      2750,
      [
        [50, 1000, 100],
        [0, 1000, 100],
        [0, 500, 0],
      ],
    ],
  ])('of %i pays the oldest first, interest before principal before TV tax', (amount, paid) => {
    const lines = partOf([young, old, older], amount)
    expect(lines.map(({ interest, principal, tvTax }) => [interest, principal, tvTax])).toEqual(paid)
    expect(lines.map(({ number }) => number)).toEqual(['2', '10', '11'].slice(0, paid.length))
  })

  test.each([
    [2750, false, true],
    [2749, false, false],
    [2749, true, true],
    [100, true, true],
    [99, true, false],
    [2751, true, false],
    [0, true, false],
  ])('of %i can be paid where the biller takes parts (%s): %s', (amount, takesParts, may) => {
    expect(mayPay(amount, 2750, takesParts)).toBe(may)
  })

  it('of less than the least is all of a smaller debt', () => {
    expect(mayPay(40, 40, true)).toBe(true)
    expect(mayPay(30, 40, true)).toBe(false)
  })

  it('is spent to the last, and pays no invoice more than is due of it', () => {
    const amounts = fc.record({
      dueOn: fc.constantFrom('2024-01-31', '2024-02-29', '2024-03-31'),
      interest: fc.nat(500),
      principal: fc.nat(5000),
      tvTax: fc.nat(100),
    })
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 8 }), fc.nat(1000), (list, share) => {
        const lines = list.map(({ dueOn, interest, principal, tvTax }, index) =>
          due(String(index), dueOn, interest, principal, tvTax),
        )
        const total = lines.reduce((sum, line) => sum + line.total, 0)
        const amount = Math.floor((total * share) / 1000)
        const paid = partOf(lines, amount)
        expect(paid.reduce((sum, line) => sum + line.total, 0)).toBe(amount)
        for (const part of paid) {
          const of = lines.find(({ number }) => number === part.number)!
          expect(part.interest + part.principal + part.tvTax).toBe(part.total)
          for (const what of ['interest', 'principal', 'tvTax'] as const)
            expect(part[what]).toBeLessThanOrEqual(of[what])
        }
        // At most one is paid in part, and none that is younger than it.
        const partial = paid.filter(
          part => part.total < lines.find(({ number }) => number === part.number)!.total,
        )
        expect(partial.length).toBeLessThanOrEqual(1)
        if (partial[0]) expect(paid.at(-1)).toBe(partial[0])
      }),
      { numRuns: RUNS },
    )
  })
})

describe('what a bank took', () => {
  const lines = [
    { contractId: 7, total: 100 },
    { contractId: 3, total: 250 },
    { contractId: 7, total: 50 },
  ]

  test.each([
    [
      400,
      [
        [3, 1, 250],
        [7, 2, 150],
      ],
    ],
    [
      300,
      [
        [3, 1, 250],
        [7, 2, 50],
      ],
    ],
    [250, [[3, 1, 250]]],
    [1, [[3, 1, 1]]],
    [
      1000,
      [
        [3, 1, 250],
        [7, 2, 750],
      ],
    ],
  ])('%i goes to each contract as its lines say, and the rest to the last', (amount, parts) => {
    expect(
      shareCapture(lines, amount).map(({ contractId, place, amount }) => [contractId, place, amount]),
    ).toEqual(parts)
  })

  it('is shared to the last', () => {
    const line = fc.record({
      contractId: fc.integer({ min: 1, max: 5 }),
      total: fc.integer({ min: 1, max: 5000 }),
    })
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 80_000 }),
        (list, amount) => {
          const parts = shareCapture(list, amount)
          expect(parts.reduce((sum, part) => sum + part.amount, 0)).toBe(amount)
          const of = (id: number) =>
            list.reduce((sum, one) => sum + (one.contractId === id ? one.total : 0), 0)
          for (const part of parts.slice(0, -1)) expect(part.amount).toBe(of(part.contractId))
          const total = list.reduce((sum, one) => sum + one.total, 0)
          if (amount <= total)
            for (const part of parts) expect(part.amount).toBeLessThanOrEqual(of(part.contractId))
          const ids = parts.map(({ contractId }) => contractId)
          expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
        },
      ),
      { numRuns: RUNS },
    )
  })
})

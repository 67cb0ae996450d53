// How refunds may go on, and which of the bank's is ours; how a settlement file is read.
import { describe, expect, it } from 'vitest'
import { refundStates } from '../../db/enums.ts'
import {
  findRefund,
  isLastRefundCheck,
  mayMoveRefund,
  nextRefundCheckAt,
  refundWord,
} from '../../lib/refunds/rules.ts'
import { readSettlement } from '../../lib/settlements/rows.ts'

const movesOf = (way: 'card' | 'credit') =>
  refundStates.flatMap(from =>
    refundStates.filter(to => mayMoveRefund(way, from, to)).map(to => `${from} ${to}`),
  )

describe('refunds', () => {
  it('move as the table says, and no other way', () => {
    expect(movesOf('card')).toEqual([
      ...['requested rejected', 'requested submitted'],
      ...['submitted succeeded', 'submitted failed', 'submitted unknown'],
      ...['unknown succeeded', 'unknown failed'],
    ])
    expect(movesOf('credit')).toEqual(['requested rejected', 'requested succeeded'])
  })

  it('are called done where they are, and nothing is said of what was only asked for', () => {
    expect(refundStates.map(refundWord)).toEqual([
      undefined,
      undefined,
      'onItsWay',
      'givenBack',
      'failed',
      'onItsWay',
    ])
  })

  it('have the bank asked after 10 minutes, 1, 24 and 72 hours, then daily', () => {
    const since = new Date('2026-11-20T10:00:00Z')
    const later = (minutes: number) => new Date(since.getTime() + minutes * 60_000)
    const next = (minutes: number) =>
      (nextRefundCheckAt(since, later(minutes)).getTime() - since.getTime()) / 60_000
    expect([0, 10, 60, 1440, 4320, 5000].map(next)).toEqual([10, 60, 1440, 4320, 5760, 6440])
    expect([0, 4319, 4320].map(minutes => isLastRefundCheck(since, later(minutes)))).toEqual([
      false,
      false,
      true,
    ])
  })

  it('are those of the bank by amount and currency, each number once', () => {
    const wanted = { amount: 500, currency: 'EUR' }
    const told = (id: string | undefined, amount = 500, currency: string | undefined = 'EUR') => ({
      id,
      amount,
      currency,
    })
    expect(findRefund(wanted, [told('A', 499), told('B', 500, 'ALL'), told('C')], [], 0)?.id).toBe('C')
    expect(findRefund(wanted, [told('C')], ['C'], 0)).toBeUndefined()
    // Without numbers they are counted.
    expect(findRefund(wanted, [told(undefined)], [], 0)).toBeDefined()
    expect(findRefund(wanted, [told(undefined)], [], 1)).toBeUndefined()
  })
})

describe('a settlement file', () => {
  const NOW = new Date('2026-11-25T12:00:00Z')
  const HEAD = 'kind,order_number,transaction_id,amount,currency,at'
  const read = (text: string | Uint8Array, zone = 'Europe/Tirane') =>
    readSettlement(typeof text === 'string' ? new TextEncoder().encode(text) : text, zone, NOW)
  const rowsOf = (text: string) => {
    const result = read(text)
    if (!result.ok) throw new Error(result.code)
    return result.value
  }

  it('has times in the account’s zone where they name none', () => {
    const { rows, refused } = rowsOf(
      `\ufeff${HEAD},note\r\nsale,D2600000012,T1,1234.50,EUR,2026-11-24 23:30:00,"a, ""b"""\r\nREFUND,D2600000012_2,R1,-5,eur,2026-11-24T23:30:00Z,\r\n`,
    )
    expect(refused).toEqual([])
    expect(rows).toEqual([
      {
        line: 2,
        kind: 'sale',
        orderNumber: 'D2600000012',
        transactionId: 'T1',
        amount: 123_450,
        currency: 'EUR',
        at: new Date('2026-11-24T22:30:00Z'),
      },
      {
        line: 3,
        kind: 'refund',
        orderNumber: 'D2600000012_2',
        transactionId: 'R1',
        amount: 500,
        currency: 'EUR',
        at: new Date('2026-11-24T23:30:00Z'),
      },
    ])
  })

  it('may have its columns in any order, and has each refused row told with its line and reason', () => {
    const { rows, refused } = rowsOf(
      [
        'at,currency,amount,transaction_id,order_number,kind',
        '2026-11-24,EUR,1.00,T1,D1,sale',
        '2026-11-24T10:00,EUR,1.00,T1,D1,sale',
        '2026-11-24T10:00,EUR,1.00,T1,D1,sale',
        '2026-11-24T10:00,EUR,1.00,T1,D1',
        '2026-11-24T10:00,EUR,-1.00,T2,D1,sale',
        '2026-11-24T10:00,EUR,1.005,T3,D1,sale',
        '2026-11-24T10:00,EUR,1.00,,D1,sale',
        '2026-11-24T10:00,EUR,1.00,T5,D 1,sale',
        '2026-11-24T10:00,Euro,1.00,T6,D1,sale',
        '2026-11-24T10:00,EUR,1.00,T7,D1,fee',
        '2027-11-24T10:00,EUR,1.00,T8,D1,sale',
      ].join('\n'),
    )
    expect(rows.map(({ line }) => line)).toEqual([3])
    expect(refused.map(({ line, reason, column }) => `${line} ${reason} ${column}`)).toEqual([
      ...['2 form at', '4 repeated transaction_id', '5 columns null', '6 form amount', '7 form amount'],
      ...['8 form transaction_id', '9 form order_number', '10 form currency', '11 form kind', '12 form at'],
    ])
  })

  it('that is none is refused whole', () => {
    expect(read(`${HEAD}\nsale,"D1,T1,1,EUR,2026-11-24`)).toEqual({ ok: false, code: 'notCsv' })
    expect(read('kind;order_number\nsale;D1')).toEqual({ ok: false, code: 'columnMissing' })
    expect(read('')).toEqual({ ok: false, code: 'columnMissing' })
    expect(read(new Uint8Array([0xff, 0xfe, 0x41]))).toEqual({ ok: false, code: 'notUtf8' })
    expect(read(new Uint8Array(30_000_001))).toEqual({ ok: false, code: 'tooLarge' })
  })
})

// What the portal believes of the sandbox bank's answers.
import { describe, expect, it } from 'vitest'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { behaviourOf } from '../../lib/sandbox-bank/cards.ts'
import {
  isSigned,
  MERCHANT,
  ORDER_FIELDS,
  pick,
  signed,
  writeRefunds,
} from '../../lib/sandbox-bank/protocol.ts'
import { testAccount } from '../support/bank.ts'

const account = testAccount()
const answer = signed({
  orderNumber: 'D2400000001',
  merchant: MERCHANT,
  amount: '47.30',
  currency: 'EUR',
  status: 'captured',
  transactionId: 'T1',
})

const read = (fields: Record<string, string>) =>
  sandbox.read(account, { channel: 'callback', body: new URLSearchParams(fields).toString() })

describe('an answer', () => {
  it('is read whole', () => {
    expect(read(answer)).toMatchObject({
      orderNumber: 'D2400000001',
      outcome: 'captured',
      amount: 4730,
      currency: 'EUR',
      captures: [{ id: 'T1', amount: 4730, currency: 'EUR' }],
      refunds: [],
      forUs: true,
      trust: 'genuine',
    })
    expect(sandbox.named({ channel: 'callback', body: new URLSearchParams(answer).toString() })).toEqual({
      orderNumber: 'D2400000001',
      merchantId: MERCHANT,
    })
  })

  it.each(Object.keys(answer))('is forged with another %s', name => {
    const forged = { ...answer, [name]: name === 'status' ? 'declined' : `${answer[name]}1` }
    expect(read(forged)?.trust).not.toBe('genuine')
    expect(read(forged)?.dedupKey).not.toBe(read(answer)?.dedupKey)
  })

  it('is forged without its signature, or with a field moved into another', () => {
    const { hash: _, ...unsigned } = answer
    expect(read(unsigned)?.trust).toBe('forged')
    expect(isSigned(signed({ a: 'x&b=y' }))).toBe(true)
    expect(isSigned({ a: 'x', b: 'y', hash: signed({ a: 'x&b=y' }).hash! })).toBe(false)
  })

  it('to another merchant is not for us, and lists what was given back', () => {
    const { hash: _, ...fields } = answer
    const refunds = writeRefunds([{ id: 'R1', amount: '13.00', at: '2024-01-21T10:00:00.000Z' }])
    expect(read(signed({ ...fields, merchant: 'other', refunds }))).toMatchObject({
      forUs: false,
      captures: [{ id: 'T1' }],
      refunds: [{ id: 'R1', amount: 1300, currency: 'EUR', at: '2024-01-21T10:00:00.000Z' }],
    })
  })

  it('keeps nothing that is no field of an answer', () => {
    expect(read({ ...answer, cardNumber: '4000000000000002' })?.payload).toEqual(answer)
  })

  it('with the same content has the same key', () => {
    expect(read(answer)?.dedupKey).toBe(read({ ...answer, other: 'x' })?.dedupKey)
  })

  it('is none where it is of another form', () => {
    expect(read({})).toBeUndefined()
    for (const status of ['odd', '__proto__', 'constructor']) {
      expect(read({ orderNumber: 'D1', status })).toBeUndefined()
    }
    expect(sandbox.read(account, { channel: 'callback', body: '{"a": 1}' })).toBeUndefined()
  })
})

describe('the checkout redirect', () => {
  it('carries the order, signed', async () => {
    const placed = await sandbox.place(account, {
      number: 'D2400000001',
      amount: 123450,
      currency: 'ALL',
      language: 'sq',
      billerName: 'OSHEE',
      returnUrl: 'http://localhost:3000/payments/return/sandbox?payment=x',
      callbackUrl: 'http://localhost:3000/api/payments/sandbox/callback',
    })
    if (!placed.ok) throw new Error(placed.code)
    const { redirect: redirection } = placed.value
    expect(redirection.method).toBe('GET')
    expect(redirection.fields).toMatchObject({
      orderNumber: 'D2400000001',
      amount: '1234.50',
      currency: 'ALL',
    })
    const arrived = pick(new URLSearchParams(redirection.fields).toString(), ORDER_FIELDS)
    expect(isSigned(arrived)).toBe(true)
    expect(isSigned({ ...arrived, amount: '1.00' })).toBe(false)
  })
})

describe('a card', () => {
  it('is known by its digits', () => {
    expect(behaviourOf('4000 0000 0000 0002')).toBe('approves')
    expect(behaviourOf('4000-0000-0000-0051')).toBe('tenfold')
    expect(behaviourOf('4111111111111111')).toBeUndefined()
    expect(behaviourOf('')).toBeUndefined()
    expect(behaviourOf('__proto__')).toBeUndefined()
  })
})

// What the portal believes of the sandbox bank's answers.
import { describe, expect, it } from 'vitest'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { behaviourOf } from '../../lib/sandbox-bank/cards.ts'
import { isSigned, MERCHANT, ORDER_FIELDS, pick, signed } from '../../lib/sandbox-bank/protocol.ts'

const answer = signed({
  orderNumber: 'D2400000001',
  merchant: MERCHANT,
  amount: '47.30',
  currency: 'EUR',
  status: 'captured',
  transactionId: 'T1',
})

const read = (fields: Record<string, string>) =>
  sandbox.read({ channel: 'callback', body: new URLSearchParams(fields).toString() })

describe('an answer', () => {
  it('is read whole', () => {
    expect(read(answer)).toMatchObject({
      orderNumber: 'D2400000001',
      outcome: 'captured',
      amount: 4730,
      currency: 'EUR',
      transactionId: 'T1',
      forUs: true,
      authentic: true,
    })
  })

  it.each(Object.keys(answer))('is not authentic with another %s', name => {
    const forged = { ...answer, [name]: name === 'status' ? 'declined' : `${answer[name]}1` }
    expect(read(forged)?.authentic ?? false).toBe(false)
    expect(read(forged)?.dedupKey).not.toBe(read(answer)?.dedupKey)
  })

  it('is not authentic without its signature, or with a field moved into another', () => {
    const { hash: _, ...unsigned } = answer
    expect(read(unsigned)?.authentic).toBe(false)
    expect(isSigned(signed({ a: 'x&b=y' }))).toBe(true)
    expect(isSigned({ a: 'x', b: 'y', hash: signed({ a: 'x&b=y' }).hash! })).toBe(false)
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
    expect(sandbox.read({ channel: 'callback', body: '{"a": 1}' })).toBeUndefined()
  })
})

describe('the checkout redirect', () => {
  it('carries the order, signed', async () => {
    const redirection = await sandbox.begin({
      number: 'D2400000001',
      amount: 123450,
      currency: 'ALL',
      language: 'sq',
      billerName: 'OSHEE',
      returnUrl: 'http://localhost:3000/payments/return/sandbox?payment=x',
      callbackUrl: 'http://localhost:3000/api/payments/sandbox/callback',
    })
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

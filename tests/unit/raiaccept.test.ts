// What the portal makes of RaiAccept's answers and webhooks.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GatewayAccount } from '../../lib/payments/gateways/gateway.ts'
import { raiaccept } from '../../lib/payments/gateways/raiaccept.ts'
import { answerOf, isUntried, queryPayload } from '../../lib/payments/gateways/raiaccept-answer.ts'

const account: GatewayAccount = {
  id: 1,
  code: 'kesco-raiffeisen',
  gateway: 'raiaccept',
  billerId: 2,
  currency: 'EUR',
  merchantId: 'M1',
  checkoutUrl: null,
  apiUrl: 'https://api.bank.example',
  authUrl: null,
  checkoutOrigins: [],
  timeZone: 'Europe/Belgrade',
  callsBack: true,
  isTest: false,
  takesPayments: true,
  secrets: { apiUser: 'u', apiPassword: 'p' },
}

const purchase = {
  transactionId: 'T1',
  transactionType: 'PURCHASE',
  transactionAmount: 47.3,
  transactionCurrency: 'EUR',
  isProduction: true,
  status: 'SUCCESS',
  statusCode: '0000',
  createdOn: '2026-04-10T08:11:12Z',
}
const failed = {
  ...purchase,
  transactionId: 'T0',
  status: 'FAILED',
  statusCode: '51',
  createdOn: '2026-04-10T08:10:00Z',
}
const refund = {
  ...purchase,
  transactionId: 'R1',
  transactionType: 'REFUND',
  transactionAmount: 7,
  createdOn: '2026-04-11T08:00:00Z',
}
const test = { ...purchase, isProduction: false }

function ask(status: string, transactions: object[] = [], of = account) {
  const order = {
    orderIdentification: 'O1',
    status,
    invoice: { merchantOrderReference: 'D2600000001', amount: 47.3, currency: 'EUR' },
    consumer: { firstName: 'Arben' },
  }
  const payload = queryPayload(order, { transactions })
  return payload && (isUntried(payload) ? 'untried' : answerOf(of, payload))
}

describe('an order', () => {
  it.each([
    ['DRAFT', [], 'untried'],
    ['CHECKOUT', [], 'untried'],
    ['CHECKOUT', [{ ...purchase, status: 'DRAFT' }], 'untried'],
    ['CHECKOUT', [{ ...purchase, status: 'PENDING' }], { outcome: 'processing' }],
    ['CHECKOUT', [failed], { outcome: 'declined', declineCode: '51' }],
    ['CHECKOUT', [failed, purchase], { outcome: 'captured' }],
    ['PAID', [purchase], { outcome: 'captured' }],
    ['PARTIALLY_REFUNDED', [purchase, refund], { outcome: 'captured' }],
    ['FULLY_REFUNDED', [purchase, { ...refund, transactionAmount: 47.3 }], { outcome: 'captured' }],
    ['FAILED', [failed], { outcome: 'declined', declineCode: '51' }],
    [
      'FAILED',
      [failed, { ...failed, statusCode: '05', createdOn: '2026-04-10T08:12:00Z' }],
      { declineCode: '05' },
    ],
    ['CANCELED', [failed], { outcome: 'cancelled', declineCode: undefined }],
    ['ABANDONED', [], { outcome: 'cancelled' }],
    // Money counts, whatever the order is called.
    ['ABANDONED', [purchase], { outcome: 'captured' }],
    ['FAILED', [{ ...purchase, status: 'PENDING' }], { outcome: 'processing' }],
  ])('that is %s with %o', (status, transactions, expected) => {
    const answer = ask(status, transactions)
    if (typeof expected === 'string') expect(answer).toBe(expected)
    else expect(answer).toMatchObject({ trust: 'genuine', ...expected })
  })

  it.each([
    ['PAID', []],
    ['NEW_STATUS', []],
    ['PARTIALLY_REFUNDED', [purchase, { ...refund, status: 'PENDING' }]],
  ])('that is %s with %o is not answered', (status, transactions) => {
    expect(ask(status, transactions)).toBeUndefined()
  })

  it('shows all that was taken, oldest first, and all that was given back', () => {
    const second = { ...purchase, transactionId: 'T2', createdOn: '2026-04-10T09:00:00Z' }
    expect(ask('PARTIALLY_REFUNDED', [refund, second, failed, purchase])).toMatchObject({
      orderNumber: 'D2600000001',
      bankOrderId: 'O1',
      amount: 4730,
      currency: 'EUR',
      captures: [
        { id: 'T1', amount: 4730, currency: 'EUR', at: '2026-04-10T08:11:12Z' },
        { id: 'T2', amount: 4730 },
      ],
      refunds: [{ id: 'R1', amount: 700, currency: 'EUR' }],
    })
  })

  it('paid with a test card is not paid, unless its account is a test', () => {
    expect(ask('PAID', [test])).toMatchObject({ outcome: 'declined', declineCode: 'TEST', captures: [] })
    expect(ask('PAID', [test, purchase])).toMatchObject({ outcome: 'captured', captures: [{ id: 'T1' }] })
    expect(ask('PAID', [test], { ...account, isTest: true })).toMatchObject({ outcome: 'captured' })
  })

  it('is the same read once more', () => {
    const answer = ask('PARTIALLY_REFUNDED', [failed, purchase, refund])
    if (typeof answer !== 'object') throw new Error('no answer')
    expect(raiaccept.reread(account, answer.payload)).toEqual(answer)
    expect(ask('PAID', [purchase, refund])).not.toMatchObject({ dedupKey: answer.dedupKey })
    expect(JSON.stringify(answer)).not.toContain('Arben')
  })

  it('has exactly the amount that the bank wrote', () => {
    const amounts = fc.integer({ min: 1, max: 999_999_999_999_999 })
    fc.assert(
      fc.property(amounts, minor => {
        const text = `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
        const answer = ask('PAID', [JSON.parse(JSON.stringify(purchase).replace('47.3', text))])
        expect(answer).toMatchObject({ captures: [{ amount: minor }] })
      }),
      { numRuns: process.env.DEEP ? 100_000 : 500 },
    )
  })

  it('with an amount of three decimals states none', () => {
    expect(ask('PAID', [{ ...purchase, transactionAmount: 47.305 }])).toMatchObject({
      captures: [{ id: 'T1', amount: undefined }],
    })
  })
})

describe('a webhook', () => {
  const body = {
    order: { orderIdentification: 'O1', invoice: { merchantOrderReference: 'D2600000001' } },
    transaction: purchase,
    merchant: { merchantId: 'M1' },
    card: { cardNumber: '4000000000000002', cardHolderName: 'Arben Hoxha' },
  }
  const incoming = (what: unknown) => ({ channel: 'callback', body: JSON.stringify(what) }) as const

  it('is a hint that claims nothing', () => {
    expect(raiaccept.read(account, incoming(body))).toMatchObject({
      trust: 'hint',
      outcome: 'processing',
      captures: [],
      refunds: [],
      forUs: true,
      payload: { 'transaction1.status': 'SUCCESS' },
    })
    expect(raiaccept.named(incoming(body))).toEqual({
      orderNumber: 'D2600000001',
      bankOrderId: 'O1',
      merchantId: 'M1',
    })
  })

  it('is kept without the card, wherever it stands', () => {
    const stored = raiaccept.read(
      account,
      incoming({ ...body, transaction: { ...purchase, card: body.card } }),
    )
    expect(JSON.stringify(stored)).not.toMatch(/4000|Arben|card/i)
  })

  it('stays a hint when it is read once more, and cannot pass for an answer', () => {
    const hint = raiaccept.read(account, incoming({ ...body, source: 'query', status: 'PAID' }))!
    expect(raiaccept.reread(account, hint.payload)).toEqual(hint)
    expect(hint).toMatchObject({ trust: 'hint' })
    expect(raiaccept.read(account, incoming(body))!.dedupKey).toBe(hint.dedupKey)
  })

  it('names another merchant', () => {
    expect(raiaccept.read(account, incoming({ ...body, merchant: { merchantId: 'M2' } }))?.forUs).toBe(false)
    expect(raiaccept.read(account, incoming({ ...body, merchant: {} }))?.forUs).toBeUndefined()
  })

  it.each(['', '{', '[]', '{"order":{}}', '{"order":{"orderIdentification":""}}', 'a=b'])(
    '%s is none',
    text => {
      const incoming = { channel: 'callback', body: text } as const
      expect(raiaccept.named(incoming)).toBeUndefined()
      expect(raiaccept.read(account, incoming)).toBeUndefined()
    },
  )

  it('does not come with the browser', () => {
    const incoming = { channel: 'return', body: JSON.stringify(body) } as const
    expect(raiaccept.named(incoming)).toBeUndefined()
    expect(raiaccept.read(account, incoming)).toBeUndefined()
  })
})

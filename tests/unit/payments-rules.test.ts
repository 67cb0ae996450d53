// Every legal and illegal move of a payment; what answers ask for; when the bank is asked.
import { describe, expect, it } from 'vitest'
import {
  type AnswerChannel,
  type AttemptState,
  attemptStates,
  openAttemptStates,
  outcomes,
} from '../../db/enums.ts'
import {
  assessCapture,
  attemptNamed,
  type Capture,
  declineReason,
  hasExpired,
  instantGiven,
  mayMove,
  nextCheckAt,
  orderNumberOf,
  stateAsked,
  staysOpen,
  withinAttempt,
} from '../../lib/payments/rules.ts'

// Written out once more, a line a pair: a change of the table must be made twice.
const LEGAL = new Set([
  'created pending',
  'created cancelled',
  'created expired',
  'pending authorised',
  'pending captured',
  'pending declined',
  'pending cancelled',
  'pending in_doubt',
  'pending expired',
  'pending voided',
  'declined authorised',
  'declined captured',
  'declined in_doubt',
  'declined voided',
  'cancelled authorised',
  'cancelled captured',
  'cancelled in_doubt',
  'cancelled voided',
  'expired authorised',
  'expired captured',
  'expired in_doubt',
  'expired voided',
  'in_doubt authorised',
  'in_doubt captured',
  'in_doubt declined',
  'in_doubt cancelled',
  'in_doubt expired',
  'in_doubt voided',
  'authorised captured',
  'authorised declined',
  'authorised cancelled',
  'authorised expired',
  'authorised voided',
  'authorised in_doubt',
])

describe('moves', () => {
  it.each(attemptStates.flatMap(from => attemptStates.map(to => [from, to] as const)))(
    'from %s to %s',
    (from, to) => {
      expect(mayMove(from, to)).toBe(LEGAL.has(`${from} ${to}`))
    },
  )
})

describe('an attempt whose end is not known', () => {
  // One that was never committed as pending no bank can know of.
  const open = openAttemptStates.filter(state => state !== 'created')
  const told = outcomes.filter(outcome => outcome !== 'processing')
  it.each(open.flatMap(state => told.map(outcome => [state, outcome] as const)))(
    '%s: the bank’s answer %s to a question asked since is a move or says what is known',
    (state, outcome) => {
      const asked = stateAsked(
        { outcome, amount: undefined, currency: undefined, forUs: undefined },
        { amount: 1, currency: 'EUR' },
      )!
      const since = new Date('2024-01-20T10:00:00Z')
      expect(staysOpen({ state, stateChangedAt: since }, asked, 'query', since)).toBe(false)
      expect(asked === state || mayMove(state, asked)).toBe(true)
    },
  )
})

describe('what an answer asks for', () => {
  const order = { amount: 4730, currency: 'EUR' }
  const claim = {
    outcome: 'captured',
    amount: 4730,
    currency: 'EUR',
    forUs: true,
  } as const

  it('is its outcome where everything fits', () => {
    expect(stateAsked(claim, order)).toBe('captured')
    expect(stateAsked({ ...claim, outcome: 'declined' }, order)).toBe('declined')
  })

  it.each([
    ['amount', { amount: 4731 }],
    ['currency', { currency: 'ALL' }],
    ['merchant', { forUs: false }],
  ])('is doubt where it does not fit: %s', (_, changed) => {
    expect(stateAsked({ ...claim, ...changed }, order)).toBe('in_doubt')
  })

  it.each([{ amount: undefined }, { currency: undefined }, { forUs: undefined }])(
    'is its outcome where it does not state %j: that is not to differ',
    unstated => {
      expect(stateAsked({ ...claim, ...unstated, outcome: 'declined' }, order)).toBe('declined')
    },
  )

  it('is nothing while the bank does not know itself', () => {
    expect(stateAsked({ ...claim, outcome: 'processing' }, order)).toBeUndefined()
  })
})

describe('captured money', () => {
  const order = { amount: 4730, currency: 'EUR', state: 'pending' as AttemptState }
  const claim = {
    amount: 4730,
    currency: 'EUR',
    id: 'T1',
    forUs: true,
  } as const
  const assess = (
    changed: object,
    channel: AnswerChannel,
    booked: Capture[] = [],
    state: AttemptState = 'pending',
  ) => assessCapture({ ...claim, ...changed }, { ...order, state }, booked, channel)
  const first = { transactionId: 'T1', amount: 4730 }

  it.each(['callback', 'return', 'query'] as const)('that fits is booked, by %s', channel => {
    expect(assess({}, channel)).toEqual({ book: first })
    expect(assess({}, channel, [first], 'captured')).toEqual({})
  })

  it.each([
    ['another amount', { amount: 4731 }, [], 'pending', 'wrong_amount'],
    ['another transaction', { id: 'T2' }, [first], 'captured', 'second_capture'],
    ['another amount and transaction', { id: 'T2', amount: 1 }, [first], 'captured', 'second_capture'],
    ['captured after it was voided', {}, [], 'voided', 'after_void'],
  ] as const)(
    'that does not fit is held, and booked where the bank was asked: %s',
    (_, changed, booked, state, hold) => {
      const { id: transactionId, amount } = { ...claim, ...changed }
      expect(assess(changed, 'callback', [...booked], state)).toEqual({ hold })
      expect(assess(changed, 'query', [...booked], state)).toEqual({ hold, book: { transactionId, amount } })
    },
  )

  it.each([
    ['another currency', { currency: 'ALL' }, 'wrong_currency'],
    ['another merchant', { forUs: false }, 'wrong_merchant'],
    ['no transaction', { id: undefined }, 'no_transaction'],
    ['an empty transaction', { id: '' }, 'no_transaction'],
    ['no amount', { amount: undefined }, 'wrong_amount'],
    ['an amount of zero', { amount: 0 }, 'wrong_amount'],
    ['a negative amount', { amount: -4730 }, 'wrong_amount'],
  ] as const)('that cannot be booked is held whoever says it: %s', (_, changed, hold) => {
    expect(assess(changed, 'callback')).toEqual({ hold })
    expect(assess(changed, 'query')).toEqual({ hold })
  })

  it('that states neither currency nor merchant does not differ in them', () => {
    expect(assess({ currency: undefined, forUs: undefined }, 'callback')).toEqual({ book: first })
  })

  it('told with another amount than the one booked is held', () => {
    expect(assess({ amount: 1 }, 'query', [first], 'captured')).toEqual({ hold: 'wrong_amount' })
  })
})

describe('the bank’s time', () => {
  it.each([
    ['2024-01-20T10:00:00Z', '2024-01-20T10:00:00.000Z'],
    ['2024-01-20T10:00:00+01:00', '2024-01-20T09:00:00.000Z'],
    ['2024-01-20T10:00:00', '2024-01-20T09:00:00.000Z'],
    ['2024-07-20T10:00:00.250', '2024-07-20T08:00:00.250Z'],
    ['2024-01-20T10:00:00+0100', '2024-01-20T09:00:00.000Z'],
    ['2024-01-20T10:00:00+01', '2024-01-20T09:00:00.000Z'],
    ['2024-01-20T10:00:00-05', '2024-01-20T15:00:00.000Z'],
    ['2024-01-20 10:00:00', '2024-01-20T09:00:00.000Z'],
    ['2024-01-20 10:00:00.5+01', '2024-01-20T09:00:00.500Z'],
    ['2024-01-20 10:00Z', '2024-01-20T10:00:00.000Z'],
    // The clock goes forward at two, and back at three.
    ['2024-03-31T01:59:00', '2024-03-31T00:59:00.000Z'],
    ['2024-03-31T03:00:00', '2024-03-31T01:00:00.000Z'],
    ['2024-10-27T01:30:00', '2024-10-26T23:30:00.000Z'],
    ['2024-10-27T03:30:00', '2024-10-27T02:30:00.000Z'],
  ])('%s is an instant, in the account’s zone where it names none', (given, instant) => {
    expect(instantGiven(given, 'Europe/Tirane')?.toISOString()).toBe(instant)
  })

  it.each([
    undefined,
    '',
    'yesterday',
    '20240120',
    '2024-01-20',
    '2024-13-01T00:00:00',
    '2024-01-20T10:00:00+99',
  ])('%j is none', given => {
    expect(instantGiven(given, 'Europe/Tirane')).toBeUndefined()
  })

  it('is neither before the attempt nor after now', () => {
    const [createdAt, now] = [new Date('2024-01-20T10:00:00Z'), new Date('2024-01-22T10:00:00Z')]
    const within = (at: string) => withinAttempt(new Date(at), { createdAt }, now)
    expect(within('2024-01-21T10:00:00Z')).toEqual(new Date('2024-01-21T10:00:00Z'))
    expect(within('2024-01-19T10:00:00Z')).toEqual(createdAt)
    expect(within('2024-01-23T10:00:00Z')).toEqual(now)
  })
})

describe('doubt', () => {
  const began = new Date('2024-01-20T10:00:00Z')
  const [before, after] = [new Date('2024-01-20T09:59:59Z'), new Date('2024-01-20T10:00:01Z')]
  const stays = (
    state: AttemptState,
    to: AttemptState,
    channel: 'return' | 'callback' | 'query',
    askedAt = after,
  ) => staysOpen({ state, stateChangedAt: began }, to, channel, askedAt)

  it.each(['declined', 'cancelled', 'expired', 'voided'] as const)(
    'does not end as %s unless the bank was asked since it began',
    to => {
      expect(stays('in_doubt', to, 'callback')).toBe(true)
      expect(stays('in_doubt', to, 'return')).toBe(true)
      expect(stays('in_doubt', to, 'query', before)).toBe(true)
      expect(stays('in_doubt', to, 'query')).toBe(false)
      expect(stays('pending', to, 'callback')).toBe(false)
    },
  )

  it.each(['declined', 'cancelled', 'expired'] as const)(
    'of money set aside: it does not end as %s unless the bank was asked since',
    to => {
      expect(stays('authorised', to, 'callback')).toBe(true)
      expect(stays('authorised', to, 'query', before)).toBe(true)
      expect(stays('authorised', to, 'query')).toBe(false)
      expect(stays('authorised', 'voided', 'callback')).toBe(false)
    },
  )

  it.each(['captured', 'authorised'] as const)('ends as %s by any answer', to => {
    expect(stays('in_doubt', to, 'callback')).toBe(false)
  })
})

describe('when the bank is asked', () => {
  const at = (minutes: number) => new Date(Date.UTC(2024, 0, 1) + minutes * 60_000)
  const next = (state: AttemptState, nowMinutes: number, changedMinutes = 0) => {
    const found = nextCheckAt(
      { state, createdAt: at(0), stateChangedAt: at(changedMinutes) },
      90,
      at(nowMinutes),
    )
    return found && (found.getTime() - at(0).getTime()) / 60_000
  }

  it('a pending payment at its expiry, then every hour', () => {
    expect(next('pending', 0)).toBe(90)
    expect(next('pending', 89)).toBe(90)
    expect(next('pending', 90)).toBe(150)
    expect(next('pending', 10_000)).toBe(10_060)
  })

  it('one in doubt soon', () => {
    expect(next('in_doubt', 1)).toBe(6)
    expect(next('in_doubt', 30)).toBe(60)
  })

  it.each(['declined', 'cancelled', 'expired'] as const)(
    'a %s one after 1, 24 and 72 hours, then never',
    state => {
      expect(next(state, 10, 10)).toBe(70)
      expect(next(state, 70, 10)).toBe(10 + 24 * 60)
      expect(next(state, 10 + 24 * 60, 10)).toBe(10 + 72 * 60)
      expect(next(state, 10 + 72 * 60, 10)).toBeUndefined()
    },
  )

  it('a voided one never', () => {
    expect(next('voided', 5)).toBeUndefined()
  })

  it('a captured one after 24 and 72 hours: it may be given back at the bank’s own desk', () => {
    expect(next('captured', 15, 10)).toBe(10 + 24 * 60)
    expect(next('captured', 10 + 24 * 60, 10)).toBe(10 + 72 * 60)
    expect(next('captured', 10 + 72 * 60, 10)).toBeUndefined()
  })

  it('a captured one after 1, 24 and 72 hours while money of it is not confirmed', () => {
    const unconfirmed = {
      state: 'captured' as AttemptState,
      createdAt: at(0),
      stateChangedAt: at(0),
      unconfirmedSince: at(10),
    }
    expect(nextCheckAt(unconfirmed, 90, at(11))).toEqual(at(70))
    expect(nextCheckAt(unconfirmed, 90, at(10 + 72 * 60))).toBeUndefined()
  })

  it('what is unanswered after as long as it is old, whatever the state, and never later than the state says', () => {
    const unanswered = (state: AttemptState, nowMinutes: number) =>
      nextCheckAt(
        { state, createdAt: at(0), stateChangedAt: at(0), unansweredSince: at(10) },
        90,
        at(nowMinutes),
      )
    for (const state of ['captured', 'voided'] as const) {
      expect(unanswered(state, 10)).toEqual(at(15))
      expect(unanswered(state, 40)).toEqual(at(70))
      expect(unanswered(state, 10 + 5 * 24 * 60)).toEqual(at(10 + 6 * 24 * 60))
    }
    expect(unanswered('pending', 10)).toEqual(at(15))
    expect(unanswered('pending', 80)).toEqual(at(90))
  })

  it('gives up no earlier than the expiry', () => {
    expect(hasExpired({ createdAt: at(0) }, 90, at(89))).toBe(false)
    expect(hasExpired({ createdAt: at(0) }, 90, at(90))).toBe(true)
  })
})

describe('an order’s own time at the bank', () => {
  const at = (minutes: number) => new Date(Date.UTC(2024, 0, 1) + minutes * 60_000)
  const attempt = { state: 'pending' as const, createdAt: at(0), stateChangedAt: at(0) }

  it.each([20, 1440])('is the expiry, be it %i minutes', minutes => {
    const placed = { ...attempt, orderExpiresAt: at(minutes) }
    expect(nextCheckAt(placed, 90, at(1))).toEqual(at(minutes))
    expect(hasExpired(placed, 90, at(minutes - 1))).toBe(false)
    expect(hasExpired(placed, 90, at(minutes))).toBe(true)
  })
})

describe('an order number', () => {
  it.each([
    ['D2600000012', 'D2600000012', 1],
    ['D2600000012_2', 'D2600000012', 2],
    ['D2600000012_10', 'D2600000012', 10],
    // None that we make: they are nobody's.
    ['D2600000012_1', 'D2600000012_1', 1],
    ['D2600000012_02', 'D2600000012_02', 1],
    ['D26000000123', 'D26000000123', 1],
    ['', '', 1],
  ])('%j is the attempt %j, placed for the %i. time', (orderNumber, number, placed) => {
    expect(attemptNamed(orderNumber)).toEqual({ number, placed })
  })

  it('leads back to its attempt whichever time it was placed', () => {
    for (const placed of [0, 1, 2, 11]) {
      const attempt = { number: 'D2600000012', placed }
      expect(attemptNamed(orderNumberOf(attempt))).toEqual({ ...attempt, placed: Math.max(placed, 1) })
    }
  })
})

describe('a decline', () => {
  it.each([
    ['51', 'noFunds'],
    ['54', 'cardExpired'],
    ['05', 'refused'],
    ['99', 'other'],
    [null, 'other'],
  ])('with code %s is said as %s', (code, reason) => {
    expect(declineReason(code)).toBe(reason)
  })
})

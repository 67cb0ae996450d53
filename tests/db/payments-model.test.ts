// Payments under random schedules of everybody who touches money: what the bank has is what the books have, to the last cent.
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { askBank } from '../../lib/payments/asking.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { receiveIncoming } from '../../lib/payments/incoming.ts'
import { beginByLink } from '../../lib/payments/link-attempts.ts'
import { makePayLink } from '../../lib/payments/pay-link-commands.ts'
import { clock } from '../../lib/platform/clock.ts'
import { log } from '../../lib/platform/log.ts'
import { breakConnections } from '../support/broken-connections.ts'
import { testDatabase } from '../support/database.ts'
import { checkLedger, checkSettled } from '../support/money-checks.ts'
import { type Action, MoneyWorld } from '../support/money-world.ts'
import { attemptOf, formOf, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeStaff } from '../support/people.ts'
import { emptyQueue } from '../support/queue.ts'

// Whoever waits for somebody else does so at the pace of the schedules.
vi.mock('node:timers/promises', async importOriginal => {
  const timers = await importOriginal<typeof import('node:timers/promises')>()
  return { ...timers, setTimeout: (milliseconds: number) => timers.setTimeout(milliseconds / 50) }
})

// Short, so that many steps can meet a contract that somebody else holds.
process.env.PAYMENT_LOCK_WAIT_MS = '100'
const db = await testDatabase()
afterAll(breakConnections({ cheap: !process.env.DEEP }))
const staff = { asks: await makeStaff(db, 'agent', [1]), decides: await makeStaff(db, 'supervisor', [1]) }

const which = fc.nat(7)
const times = fc.constantFrom(1, 1, 1, 2)
const of = <Name extends Action['do']>(name: Name, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ do: fc.constant(name), ...more }) as unknown as fc.Arbitrary<Action>
const actions: [number, fc.Arbitrary<Action>][] = [
  [
    5,
    of('begin', {
      who: fc.nat(1),
      chosen: fc.integer({ min: 1, max: 31 }),
      part: fc.constantFrom(false, false, true),
      clicks: times,
    }),
  ],
  [2, of('beginByLink', { clicks: times })],
  [
    6,
    of('goToBank', {
      which,
      fault: fc.constantFrom(undefined, undefined, undefined, undefined, 'refused', 'unreachable'),
    }),
  ],
  [
    8,
    of('pay', {
      which,
      how: fc.constantFrom(
        'asOrdered',
        'asOrdered',
        'asOrdered',
        'asOrdered',
        'otherAmount',
        'otherCurrency',
        'declined',
        'cancelled',
      ),
    }),
  ],
  [
    7,
    of('deliver', {
      ...{ which, times: fc.constantFrom(1, 1, 2, 3), channel: fc.constantFrom('return', 'callback') },
      as: fc.constantFrom(
        'written',
        'written',
        'written',
        'written',
        'forged',
        'otherAmount',
        'otherMerchant',
        'unnumbered',
        'neverMade',
      ),
    }),
  ],
  [2, of('cancel', { which })],
  [5, of('jobs', { times, sweep: fc.boolean() })],
  [2, of('kiosk', { contract: which, amount: fc.integer({ min: 1, max: 90_000 }) })],
  [2, of('bringBack', { which, reversed: fc.boolean() })],
  [
    3,
    of('askRefund', {
      which,
      share: fc.constantFrom(0.5, 1, 1, 1.5),
      way: fc.constantFrom('card', 'card', 'credit'),
    }),
  ],
  [
    3,
    of('decideRefund', {
      which,
      agree: fc.constantFrom(true, true, false),
      fault: fc.constantFrom(undefined, 'refused', 'lostBefore', 'lostAfter'),
    }),
  ],
  [1, of('bankRefunds', { which })],
  [1, of('chargeBack', { which })],
  [2, of('file')],
  [1, of('silence', { silent: fc.boolean() })],
  [3, of('wait', { minutes: fc.constantFrom(1, 2, 15, 95, 1500) })],
]
const action = fc.oneof(...actions.map(([weight, arbitrary]) => ({ weight, arbitrary })))
/** One thing, or two at once; the connections of either may break after some of its statements. */
const step = fc.record({
  actions: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(action) },
    { weight: 1, arbitrary: fc.tuple(action, action) },
  ),
  breaksAfter: fc.option(fc.integer({ min: 1, max: 40 }), { freq: 3 }),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** So that every schedule has money to go wrong with: an order that was paid twice. */
const OPENING: Action[] = [
  { do: 'begin', who: 0, chosen: 7, part: false, clicks: 2 },
  { do: 'goToBank', which: 0 },
  { do: 'pay', which: 0, how: 'asOrdered' },
  { do: 'pay', which: 0, how: 'asOrdered' },
  { do: 'deliver', which: 0, times: 2, channel: 'callback', as: 'written' },
  { do: 'deliver', which: 1, times: 1, channel: 'callback', as: 'written' },
  { do: 'jobs', times: 1, sweep: false },
]

let world: MoneyWorld
beforeEach(() => {
  for (const level of ['warn', 'error'] as const) vi.spyOn(log, level).mockImplementation(() => {})
  vi.spyOn(clock, 'now').mockImplementation(() => world.now)
})

async function play(steps: readonly Step[]): Promise<void> {
  world = new MoneyWorld(db, staff)
  const restore = world.bank.install()
  try {
    await world.open()
    for (const first of OPENING) await world.take(first)
    for (const { actions, breaksAfter } of steps) {
      await Promise.all(actions.map(one => world.take(one, breaksAfter ?? undefined)))
      await checkLedger(db, world)
    }
    await world.settle()
    await checkSettled(db, world, world.orders)
    expect(world.bank.toldTwice).toEqual([])
  } finally {
    restore()
  }
}

it('whatever customers, the bank, kiosks, staff and broken connections do, no money is lost or counted twice', {
  timeout: process.env.DEEP ? 7_200_000 : 60_000,
}, async () => {
  const schedule = fc.array(step, { minLength: 10, maxLength: 30 })
  const began = performance.now()
  let runs = 0
  await fc.assert(
    fc.asyncProperty(schedule, async steps => {
      runs++
      await play(steps)
      if (process.env.DEEP && runs % 100 === 0) console.log(`${runs} schedules so far`)
    }),
    {
      seed: process.env.DEEP ? undefined : 20240120,
      numRuns: process.env.DEEP ? 3000 : 3,
      endOnFailure: true,
    },
  )
  expect(runs).toBeGreaterThan(0)
  if (process.env.DEEP)
    console.log(`${runs} schedules took ${((performance.now() - began) / 1000).toFixed(0)} s`)
})

/** Until nobody else holds what it needs, as a customer tries again who was asked to. */
async function persist<Answer extends { ok: boolean }>(work: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await work()
    if (!('code' in answer && answer.code === 'busy')) return answer
    await sleep(50 + Math.random() * 200)
  }
}

it.runIf(process.env.DEEP)(
  'payments of all at once are settled, each once, and nobody meets a deadlock',
  {
    timeout: process.env.DEEP ? 1_200_000 : 60_000,
  },
  async () => {
    const began = performance.now()
    // Of each invoice so many by links, and one by an account, together with the next invoice.
    const [count, links] = process.env.DEEP ? [100, 9] : [5, 3]
    world = new MoneyWorld(db, staff)
    const restore = world.bank.install()
    await emptyQueue(db)
    const { now } = world
    const contracts = await Promise.all(Array.from({ length: count }, () => makePayable(db, [45_600])))
    const payers = await Promise.all(contracts.map(() => makeAccount(db)))
    const tokens = await Promise.all(
      contracts.map(async ({ contractCode: code, invoiceIds }, place) => {
        const payer = { id: payers[place]!.id, language: 'en' as const }
        for (const contract of [contracts[place]!, contracts[(place + 1) % count]!])
          await giveAccess(db, payer, contract)
        const make = () => makePayLink(payer, { biller: 'oshee', code }, invoiceIds, now)
        const made = await Promise.all(Array.from({ length: links }, make))
        return made.flatMap(link => (link.ok ? [link.value.token] : []))
      }),
    )

    const totals = (...places: number[]) =>
      Object.fromEntries(places.map(place => [contracts[place % count]!.invoiceIds[0]!, 55_600]))
    const byAccount = payers.map((payer, place) => {
      const form = { ...formOf(totals(place, place + 1)), toldBeingPaid: true }
      return persist(() => beginAttempt(payer, { billerCode: 'oshee' }, form, now))
    })
    const byLink = tokens.flatMap((own, place) =>
      own.map(token => {
        const { shown, idempotencyKey } = formOf(totals(place))
        const form = { shown, idempotencyKey, toldBeingPaid: true, email: undefined, language: 'en' as const }
        return persist(() => beginByLink(token, form, now))
      }),
    )
    const begun = await Promise.all([...byAccount, ...byLink])
    const refused = begun.flatMap(one => (one.ok ? [] : [one.code]))
    expect(refused.filter(code => code !== 'underWay')).toEqual([])
    const attempts = begun.flatMap(one => (one.ok ? [one.value.id] : []))
    expect(attempts.length).toBeGreaterThan(count * links)

    await Promise.all(
      attempts.map(async id => {
        const { accountId, payLinkId, number } = await attemptOf(db, id)
        const payer = accountId === null ? { payLinkId: payLinkId! } : { id: accountId }
        await checkoutRedirect({ ...payer, language: 'en' }, id, now)
        const body = world.bank.capture(world.bank.orders.get(number)!, now)
        const receive = (channel: 'return' | 'callback') =>
          receiveIncoming('sandbox', { channel, body }, '10.0.0.1', now)
        const answers = await Promise.all([
          receive('callback'),
          receive('callback'),
          receive('return'),
          askBank(db, id, 'job', now),
        ])
        expect(answers.slice(0, 3)).toEqual(Array(3).fill({ status: 'received' }))
      }),
    )
    const fast = (performance.now() - began) / 1000
    await world.settle()
    const scope = { contractIds: contracts.map(({ id }) => id), accountIds: payers.map(({ id }) => id) }
    await checkSettled(db, scope, world.orders)
    restore()
    if (process.env.DEEP)
      console.log(`${attempts.length} payments at once were answered in ${fast.toFixed(0)} s`)
  },
)

// Payments under random schedules: whatever banks, customers, kiosks and the clock do, the books agree.
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { invoices } from '../../db/schema/billing.ts'
import { paymentAttempts, paymentEvents, payments } from '../../db/schema/payments.ts'
import { receiveAnswer } from '../../lib/payments/answers.ts'
import { beginPayment } from '../../lib/payments/commands.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { replayContract } from '../../lib/payments/replay.ts'
import { mayMove, type State } from '../../lib/payments/rules.ts'
import { type Attempt, lockAttempt, transition } from '../../lib/payments/transitions.ts'
import { testDatabase } from '../support/database.ts'
import {
  addContract,
  addCustomer,
  addKioskPayment,
  bankAnswer,
  checkBooks,
  formOf,
  grantAccess,
} from '../support/payments.ts'

const db = await testDatabase()
const DAY_MS = 86_400_000

const channel = fc.constantFrom('return' as const, 'callback' as const, 'query' as const)
const status = fc.constantFrom('captured', 'captured', 'declined', 'cancelled', 'processing')
const changed = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ amount: '0.01' }) },
  { weight: 1, arbitrary: fc.constantFrom({ transactionId: 'T-x' }, { transactionId: 'T-y' }) },
)
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('begin' as const), chosen: fc.integer({ min: 1, max: 7 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which: fc.nat(5),
      status,
      changed,
      channel,
      times: fc.constantFrom(1, 1, 2, 4),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forge' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('kiosk' as const), amount: fc.integer({ min: 1, max: 90_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

async function play(steps: readonly (Step | readonly [Step, Step])[]): Promise<void> {
  const customer = await addCustomer(db)
  const contract = await addContract(db, [45_600, 21_400, 74_980])
  await grantAccess(db, customer, contract)
  let now = new Date('2024-01-20T10:00:00Z')
  const listAttempts = async () =>
    (await db
      .select()
      .from(paymentAttempts)
      .where(eq(paymentAttempts.contractId, contract.id))
      .orderBy(paymentAttempts.number)) as Attempt[]

  const take = async (next: Step): Promise<void> => {
    const attempts = await listAttempts()
    const attempt = 'which' in next ? attempts[next.which % Math.max(1, attempts.length)] : undefined
    if (next.do === 'wait') now = new Date(now.getTime() + next.days * DAY_MS)
    else if (next.do === 'begin') {
      const payable = await getPayableContract(customer, contract.billerCode, contract.contractCode, now)
      const chosen = payable!.invoices.filter(
        ({ id }) => next.chosen & (1 << contract.invoiceIds.indexOf(id)),
      )
      if (chosen.length === 0) return
      await beginPayment(
        customer,
        contract,
        formOf(Object.fromEntries(chosen.map(({ id, total }) => [id, total]))),
        now,
      )
    } else if (next.do === 'kiosk') {
      await addKioskPayment(db, contract, next.amount, now.toISOString().slice(0, 10))
      await db.transaction(tx => replayContract(tx, contract.id))
    } else if (!attempt) return
    else if (next.do === 'answer') {
      const answer = bankAnswer(attempt, next.status, next.status === 'captured' ? next.changed : {})
      await Promise.all(
        Array.from({ length: next.times }, () => receiveAnswer(db, 'sandbox', next.channel, answer, now)),
      )
    } else if (next.do === 'forge') {
      const answer = bankAnswer(attempt, 'captured', { transactionId: 'T-forged' })
      const forged = { ...answer, authentic: false, dedupKey: `forged ${attempt.id}` }
      await receiveAnswer(db, 'sandbox', 'callback', forged, now)
    } else {
      await db.transaction(async tx => {
        const locked = await lockAttempt(tx, attempt.id)
        if (mayMove(locked.state, 'expired')) await transition(tx, locked, 'expired', now)
      })
    }
  }

  for (const next of steps) {
    const before = new Map((await listAttempts()).map(attempt => [attempt.id, attempt.state]))
    await Promise.all((Array.isArray(next) ? next : [next]).map(one => take(one as Step)))
    await checkBooks(db)
    for (const { id, state } of await listAttempts()) {
      const earlier = before.get(id)
      // What is final stays; single steps move as the table says.
      if (earlier === 'captured' || earlier === 'voided') expect(state).toBe(earlier)
      if (earlier && earlier !== state && !Array.isArray(next))
        expect(mayMove(earlier, state as State)).toBe(true)
    }
  }
  await checkEnd(contract.id)
}

/** Every transaction that a genuine and fitting answer told of is one payment, and no other payment of ours is. */
async function checkEnd(contractId: number): Promise<void> {
  const told =
    await db.execute(sql`select distinct e.attempt_id, e.payload->>'transactionId' as transaction_id
    from ${paymentEvents} e join ${paymentAttempts} a on a.id = e.attempt_id
    where a.contract_id = ${contractId} and e.authentic and e.outcome = 'captured' and e.payload->>'amount' <> '0.01'
    order by 1, 2`)
  const received = await db.execute(sql`select attempt_id, transaction_id from ${payments}
    where contract_id = ${contractId} and attempt_id is not null order by 1, 2`)
  expect(received.rows).toEqual(told.rows)
  const unapplied =
    await db.execute(sql`select 1 from ${paymentEvents} e join ${paymentAttempts} a on a.id = e.attempt_id
    where a.contract_id = ${contractId} and e.authentic and e.applied_at is null`)
  expect(unapplied.rows).toEqual([])
  const rows = await db.select().from(invoices).where(eq(invoices.contractId, contractId))
  const paid = rows.reduce((sum, row) => sum + row.principalPaid + row.tvTaxPaid + row.interestPaid, 0)
  const money = await db.select().from(payments).where(eq(payments.contractId, contractId))
  const surplus = money.reduce((sum, payment) => sum + payment.amount - payment.allocated, 0)
  expect(money.reduce((sum, payment) => sum + payment.amount, 0)).toBe(paid + surplus)
}

let runs = 0
afterAll(() => expect(runs).toBeGreaterThan(0))

it('under random schedules, one and two steps at a time', async () => {
  const schedule = fc.array(
    fc.oneof({ weight: 3, arbitrary: step }, { weight: 1, arbitrary: fc.tuple(step, step) }),
    {
      minLength: 4,
      maxLength: 18,
    },
  )
  await fc.assert(
    fc.asyncProperty(schedule, async steps => {
      runs++
      await play(steps)
    }),
    { seed: process.env.DEEP ? undefined : 20240120, numRuns: process.env.DEEP ? 500 : 40 },
  )
})

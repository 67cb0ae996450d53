// Payments under random schedules: whatever banks, customers, kiosks and the clock do, the books agree.
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, expect, it, vi } from 'vitest'
import { invoices } from '../../db/schema/billing.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { lockContract } from '../../lib/ledger/commands.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { applyStored } from '../../lib/payments/answers.ts'
import { lockAttempt, transition } from '../../lib/payments/attempts.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { withinLockWait } from '../../lib/payments/lock-wait.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { mayMove } from '../../lib/payments/rules.ts'
import { log } from '../../lib/platform/log.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { bankAnswer, checkBooks, formOf, makePayable, paysFor } from '../support/payments.ts'
import { giveAccess, makeAccount, makePayment } from '../support/people.ts'

// Short, so that many steps can meet a contract that somebody else holds.
process.env.PAYMENT_LOCK_WAIT_MS = '30'
const db = await testDatabase()
for (const level of ['warn', 'error'] as const) vi.spyOn(log, level).mockImplementation(() => {})
const DAY_MS = 86_400_000

const channel = fc.constantFrom('return' as const, 'callback' as const, 'query' as const)
const status = fc.constantFrom('captured', 'captured', 'captured', 'declined', 'cancelled', 'processing')
const changed: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.constantFrom({ amount: '0.01' }, { amount: '9999.00' }) },
  { weight: 3, arbitrary: fc.constantFrom({ transactionId: 'T-x' }, { transactionId: 'T-y' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>({ currency: 'EUR' }, { merchant: 'somebody' }),
  },
  { weight: 1, arbitrary: fc.constant({ transactionId: 'T-x', amount: '1.00' }) },
)
const action = fc.oneof(
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('job' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('kiosk' as const), amount: fc.integer({ min: 1, max: 90_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  },
)
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never
/** One thing, two at once, or one while somebody else holds the contract. */
type Step = Action | { together: readonly [Action, Action] } | { held: Action }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: action },
  { weight: 2, arbitrary: fc.record({ together: fc.tuple(action, action) }) },
  { weight: 1, arbitrary: fc.record({ held: action }) },
)

async function play(steps: readonly Step[]): Promise<void> {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600, 21_400, 74_980])
  await giveAccess(db, customer, contract)
  let now = new Date('2024-01-20T10:00:00Z')
  const listAttempts = async () =>
    await db.select().from(paymentAttempts).where(paysFor(contract)).orderBy(paymentAttempts.number)

  const take = async (next: Action): Promise<void> => {
    const attempts = await listAttempts()
    const attempt = 'which' in next ? attempts[next.which % Math.max(1, attempts.length)] : undefined
    if (next.do === 'wait') now = new Date(now.getTime() + next.days * DAY_MS)
    else if (next.do === 'begin') {
      const payable = await getPayableContract(customer, contract.billerCode, contract.contractCode, now)
      const chosen = payable!.invoices.filter(
        ({ id }) => next.chosen & (1 << contract.invoiceIds.indexOf(id)),
      )
      if (chosen.length === 0) return
      await beginAttempt(
        customer,
        contract,
        formOf(Object.fromEntries(chosen.map(({ id, total }) => [id, total]))),
        now,
      )
    } else if (next.do === 'kiosk') {
      await withinLockWait(db, async tx => {
        await lockContract(tx, contract.id)
        await makePayment(tx, contract, { amount: next.amount, paidOn: now.toISOString().slice(0, 10) })
        await replayContract(tx, contract.id)
      })
    } else if (!attempt) return
    else if (next.do === 'job') await applyStored(db, attempt, now)
    else if (next.do === 'answer') {
      const answer = bankAnswer(attempt, next.status, next.status === 'captured' ? next.changed : {})
      await Promise.all(Array.from({ length: next.times }, () => receive(db, next.channel, answer, now)))
    } else if (next.do === 'forge') {
      const answer = bankAnswer(attempt, 'captured', { transactionId: 'T-forged' })
      const forged = { ...answer, trust: 'forged' as const, dedupKey: `forged ${attempt.id}` }
      await receive(db, 'callback', forged, now)
    } else {
      await withinLockWait(db, async tx => {
        const locked = await lockAttempt(tx, attempt.id)
        if (mayMove(locked.state, 'expired')) await transition(tx, locked, 'expired', now)
      })
    }
  }

  for (const next of steps) {
    const before = new Map((await listAttempts()).map(attempt => [attempt.id, attempt.state]))
    if ('together' in next) await Promise.all(next.together.map(take))
    else if ('held' in next) {
      await db.transaction(async tx => {
        await lockContract(tx, contract.id)
        await take(next.held)
      })
    } else await take(next)
    await checkBooks(db, contract.id)
    for (const { id, state } of await listAttempts()) {
      const earlier = before.get(id)
      // What is final stays; single steps move as the table says.
      if (earlier === 'captured' || earlier === 'voided') expect(state).toBe(earlier)
      if (earlier && earlier !== state && 'do' in next && next.do !== 'job')
        expect(mayMove(earlier, state)).toBe(true)
    }
  }
  for (const attempt of await listAttempts()) await applyStored(db, attempt, now)
  await checkBooks(db, contract.id)
  await checkEnd(contract.id)
}

/** Everything genuine is applied, and all money is somewhere. */
async function checkEnd(contractId: number): Promise<void> {
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

it.runIf(process.env.DEEP)(
  'under random schedules, one and two steps at a time, and while a feed holds the contract',
  {
    timeout: process.env.DEEP ? 2_400_000 : 60_000,
  },
  async () => {
    const schedule = fc.array(step, { minLength: 4, maxLength: 18 })
    await fc.assert(
      fc.asyncProperty(schedule, async steps => {
        runs++
        await play(steps)
      }),
      { seed: process.env.DEEP ? undefined : 20240120, numRuns: process.env.DEEP ? 1600 : 8 },
    )
  },
)

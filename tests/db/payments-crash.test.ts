// The process is killed between the bank's approval and ours: nothing is lost, and it is settled once.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { eq, type SQL, sql } from 'drizzle-orm'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { POST as status } from '../../app/(demo)/sandbox-bank/api/status/route.ts'
import { invoices } from '../../db/schema/billing.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentEvents } from '../../db/schema/payments.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { receiveIncoming } from '../../lib/payments/incoming.ts'
import { checkAttempt } from '../../lib/payments/jobs.ts'
import { clock } from '../../lib/platform/clock.ts'
import { answerFields, getOrder, openOrder, payOrder } from '../../lib/sandbox-bank/book.ts'
import { testDatabase } from '../support/database.ts'
import { attemptOf, begin, checkBooks, makePayable, nextCheckOf, serveRoutes } from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const server = await serveRoutes({ '/sandbox-bank/api/status': status })
process.env.APP_URL = server.url
const db = await testDatabase()
afterAll(() => server.stop())
const now = new Date('2024-01-20T10:00:00Z')

/** A payment that the bank has approved and not yet told us of. */
async function approved() {
  const customer = await makeAccount(db)
  const contract = await makePayable(db, [45_600, 21_400])
  await giveAccess(db, customer, contract)
  const attempt = await begin(db, customer, contract, now)
  const bank = await checkoutRedirect(customer, attempt.id, now)
  await openOrder(db, (bank.ok && bank.value ? bank.value : undefined)!.fields, now)
  await payOrder(db, attempt.number, '4000000000000002', now)
  const body = new URLSearchParams(answerFields((await getOrder(db, attempt.number))!, now)).toString()
  return { contract, attempt, body }
}

/** Receives the bank's answer in a process that is killed while it waits for a row that `lock` selects. */
async function receiveAndDie(body: string, lock: SQL): Promise<void> {
  let child: ChildProcess | undefined
  await db.transaction(async tx => {
    await tx.execute(lock)
    child = spawn(process.execPath, ['tests/support/receive-answer.ts', body, now.toISOString()], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await vi.waitUntil(
      async () => {
        if (child!.exitCode !== null) throw new Error('The process ended by itself.')
        const waiting = await db.execute(sql`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`)
        return waiting.rows.length > 0
      },
      { timeout: 15_000, interval: 50 },
    )
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  expect(child!.signalCode).toBe('SIGKILL')
  // PostgreSQL notices the broken connection once the statement that waited is done.
  await vi.waitUntil(
    async () => {
      const others = await db.execute(sql`select 1 from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`)
      return others.rows.length === 0
    },
    { timeout: 15_000 },
  )
}

describe('killed between the bank’s approval and ours', () => {
  it.each([
    [
      'before anything is applied',
      (id: string) => sql`select 1 from payment_attempts where id = ${id} for no key update`,
    ],
    [
      'in the middle of applying',
      (id: string) => sql`select 1 from invoices where id in
        (select invoice_id from payment_attempt_invoices where attempt_id = ${id}) for update`,
    ],
  ])('%s: the job that was stored with the answer settles it, once', async (_, lock) => {
    const { contract, attempt, body } = await approved()
    await receiveAndDie(body, lock(attempt.id))

    expect((await attemptOf(db, attempt.id)).state).toBe('pending')
    expect(await db.select().from(payments).where(eq(payments.attemptId, attempt.id))).toEqual([])
    expect(
      await db.select().from(paymentEvents).where(eq(paymentEvents.attemptId, attempt.id)),
    ).toMatchObject([{ authentic: true, appliedAt: null }])
    expect(await nextCheckOf(db, attempt.id)).toEqual(new Date('2024-01-20T10:01:00Z'))

    vi.spyOn(clock, 'now').mockReturnValue(new Date('2024-01-20T10:01:00Z'))
    await checkAttempt({ attemptId: attempt.id }, { database: db })
    // The bank, which had no answer, calls again; and once more.
    for (const _ of [1, 2]) await receiveIncoming('sandbox', { channel: 'callback', body }, '127.0.0.1', now)

    expect((await attemptOf(db, attempt.id)).state).toBe('captured')
    const received = await db.select().from(payments).where(eq(payments.attemptId, attempt.id))
    expect(received).toMatchObject([{ amount: 87_000, allocated: 87_000 }])
    const settled = await db.select().from(invoices).where(eq(invoices.contractId, contract.id))
    expect(settled.every(invoice => invoice.unpaid === 0)).toBe(true)
    await checkBooks(db)
  })

  it('the bank’s next call settles it too', async () => {
    const { attempt, body } = await approved()
    await receiveAndDie(body, sql`select 1 from payment_attempts where id = ${attempt.id} for no key update`)
    const received = await receiveIncoming('sandbox', { channel: 'callback', body }, '127.0.0.1', now)
    expect(received).toEqual({ status: 'received' })
    expect((await attemptOf(db, attempt.id)).state).toBe('captured')
    expect(await db.select().from(payments).where(eq(payments.attemptId, attempt.id))).toHaveLength(1)
    await checkBooks(db)
  })
})

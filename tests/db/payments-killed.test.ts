// Every statement of a payment's way is the last one of its process once: whoever comes next completes it, exactly once.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { POST as refundRoute } from '../../app/(demo)/sandbox-bank/api/refund/route.ts'
import { POST as statusRoute } from '../../app/(demo)/sandbox-bank/api/status/route.ts'
import { invoices } from '../../db/schema/billing.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { sandboxBankOrders } from '../../db/schema/sandbox-bank.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { clock } from '../../lib/platform/clock.ts'
import { log } from '../../lib/platform/log.ts'
import { plainAmount } from '../../lib/platform/money.ts'
import { answerFields, getOrder, openOrder, payOrder } from '../../lib/sandbox-bank/book.ts'
import { breakAfter, breakConnections } from '../support/broken-connections.ts'
import { testDatabase } from '../support/database.ts'
import { checkLedger } from '../support/money-checks.ts'
import { REFUND, type Stage, type StageData, stages } from '../support/payment-stages.ts'
import { attemptOf, makePayable, serveRoutes, type TestContract } from '../support/payments.ts'
import { giveAccess, makeAccount, makePayment, makeStaff } from '../support/people.ts'
import { doDueJobs, emptyQueue } from '../support/queue.ts'
import { refundOf } from '../support/refunds.ts'

const server = await serveRoutes({
  '/sandbox-bank/api/status': statusRoute,
  '/sandbox-bank/api/refund': refundRoute,
})
process.env.APP_URL = server.url
const db = await testDatabase()
afterAll(() => server.stop())
afterAll(breakConnections({ cheap: !process.env.DEEP }))

const START = new Date('2024-01-20T10:00:00Z')
let now = START
beforeEach(async () => {
  now = START
  vi.spyOn(clock, 'now').mockImplementation(() => now)
  for (const level of ['warn', 'error'] as const) vi.spyOn(log, level).mockImplementation(() => {})
  await emptyQueue(db)
})

const asks = await makeStaff(db, 'agent', [1])
const decides = await makeStaff(db, 'supervisor', [1])
const AMOUNT = 55_600 + 31_400

type Scene = { data: StageData; contracts: TestContract[] }

/** A payment of two contracts, at the beginning of a stage. */
async function sceneBefore(stage: Stage): Promise<Scene> {
  const customer = await makeAccount(db)
  const contracts = [await makePayable(db, [45_600]), await makePayable(db, [21_400])]
  for (const contract of contracts) await giveAccess(db, customer, contract)
  const totals = { [contracts[0]!.invoiceIds[0]!]: 55_600, [contracts[1]!.invoiceIds[0]!]: 31_400 }
  const staff = { asks: asks.id, decides: decides.id }
  const nothing = { attemptId: '', body: '', file: '', paymentId: 0, refundId: '' }
  const scene = { contracts, data: { customerId: customer.id, totals, key: randomUUID(), staff, ...nothing } }
  for (const earlier of BEFORE[stage]) await pass(scene, earlier)
  return scene
}

/** Another one like it; where a refund is told to the bank, another refund of the same payment. */
async function sceneAgain(stage: Stage, scene: Scene): Promise<Scene> {
  const asked = await db.$count(refunds, eq(refunds.paymentId, scene.data.paymentId))
  // The sandbox’s answer has room for twenty.
  if (stage !== 'submitRefund' || asked >= 15) return sceneBefore(stage)
  const refundId = randomUUID()
  const { number, amount, ...agreed } = await refundOf(db, scene.data.refundId)
  await db.insert(refunds).values({
    ...{
      ...agreed,
      id: refundId,
      number: `${number.slice(0, 9)}${randomUUID().slice(0, 8)}`,
      amount: amount + 1,
    },
    ...{
      idempotencyKey: randomUUID(),
      state: 'submitted',
      askedAt: null,
      transactionId: null,
      failureCode: null,
    },
  })
  return { ...scene, data: { ...scene.data, refundId } }
}

/** What must have happened before each stage. */
const BEFORE: Record<Stage, Stage[]> = {
  begin: [],
  place: ['begin'],
  answer: ['begin', 'place'],
  chargeback: ['begin', 'place', 'answer'],
  askRefund: ['begin', 'place', 'answer'],
  decideRefund: ['begin', 'place', 'answer', 'askRefund'],
  submitRefund: ['begin', 'place', 'answer', 'askRefund', 'decideRefund'],
}

/** Does a stage as it goes where nothing breaks, with what the others do after it. */
async function pass(scene: Scene, stage: Stage): Promise<void> {
  const { data, contracts } = scene
  const done = await stages[stage](data, now)
  if (done && 'ok' in done && !done.ok) throw new Error(done.code)
  if (stage === 'begin') data.attemptId = (done as { value: { id: string } }).value.id
  if (stage === 'place') await payAtBank(scene)
  if (stage === 'answer') {
    // Paid at a kiosk too: what the bank took is over.
    await db.transaction(async tx => {
      const contract = contracts[0]!
      await makePayment(tx, contract, { amount: 55_600, paidOn: '2024-01-19' })
      await replayContract(tx, contract.id)
    })
    data.paymentId = (await booked(scene))[0]!.id
  }
  if (stage === 'askRefund') data.refundId = (done as { value: { id: string } }).value.id
}

async function payAtBank({ data }: Scene): Promise<void> {
  const { number, redirect } = await attemptOf(db, data.attemptId)
  const { orderNumber } = redirect!.fields
  await openOrder(db, redirect!.fields, now)
  await payOrder(db, orderNumber!, '4000000000000002', now)
  const order = (await getOrder(db, orderNumber!))!
  data.body = new URLSearchParams(answerFields(order, now)).toString()
  data.file = `kind,order_number,transaction_id,amount,currency,at
sale,${number},${order.transactionId},${plainAmount(AMOUNT)},ALL,${now.toISOString()}
chargeback,${number},${order.transactionId},${plainAmount(AMOUNT)},ALL,${now.toISOString()}
`
}

const booked = ({ data }: Scene) =>
  db.select().from(payments).where(eq(payments.attemptId, data.attemptId)).orderBy(payments.id)

/** What the next process finds to do: whoever asked asks once more where `again`, the bank too, and the queue goes on. */
async function complete(stage: Stage, scenes: Scene[]): Promise<void> {
  // Whoever was placing an order has it for half a minute.
  now = new Date(START.getTime() + 31_000)
  for (const [index, { data }] of scenes.entries()) {
    // Of every second one the bank calls no more: the queue alone completes it, or else its question at the expiry.
    if (stage === 'answer' && index % 2 === 0) continue
    await stages[stage](data, now)
  }
  for (const minutes of [2, 5, 20, 95, 100]) {
    now = new Date(START.getTime() + minutes * 60_000)
    while ((await doDueJobs(db, now)) > 0);
  }
}

const EXPECTED: Record<Stage, (scene: Scene) => Promise<void>> = {
  begin: async ({ data }) => {
    const own = await db.select().from(paymentAttempts).where(eq(paymentAttempts.accountId, data.customerId))
    // Nobody went to the bank with it.
    expect(own).toMatchObject([{ amount: AMOUNT, state: 'expired', live: false }])
  },
  place: async ({ data }) => {
    const { redirect, number } = await attemptOf(db, data.attemptId)
    const orderNumber = redirect!.fields.orderNumber!
    expect([number, `${number}_2`]).toContain(orderNumber)
    expect(await openOrder(db, redirect!.fields, now)).toEqual({ ok: true, value: orderNumber })
  },
  answer: async scene => {
    const { customerId, attemptId } = scene.data
    expect((await attemptOf(db, attemptId)).state).toBe('captured')
    const rows = await booked(scene)
    expect(rows).toMatchObject([
      { amount: 55_600, allocated: 55_600 },
      { amount: 31_400, allocated: 31_400 },
    ])
    expect(new Set(rows.map(({ receiptNumber }) => receiptNumber)).size).toBe(1)
    const { rows: told } = await db.execute(sql`select id from messages where account_id = ${customerId}`)
    expect(told).toHaveLength(1)
  },
  chargeback: async scene => {
    expect(await booked(scene)).toMatchObject([
      { allocated: 0, reversedOn: '2024-01-20' },
      { allocated: 0, reversedOn: '2024-01-20' },
    ])
    const { rows } = await db.execute<{
      kind: string
      open: boolean
    }>(sql`select kind, resolved_at is null as open
      from payment_exceptions where attempt_id = ${scene.data.attemptId} and kind in ('charged_back', 'not_booked')`)
    expect(rows).toEqual([{ kind: 'charged_back', open: true }])
    const due = await db
      .select({ unpaid: invoices.unpaid })
      .from(invoices)
      .where(inArray(invoices.id, Object.keys(scene.data.totals).map(Number)))
      .orderBy(invoices.id)
    expect(due).toEqual([{ unpaid: 0 }, { unpaid: 31_400 }])
    const { rows: told } = await db.execute(sql`select id from messages
      where account_id = ${scene.data.customerId} and kind = 'payment-charged-back'`)
    expect(told).toHaveLength(1)
  },
  askRefund: async scene => {
    const asked = await db.select().from(refunds).where(eq(refunds.paymentId, scene.data.paymentId))
    expect(asked).toMatchObject([{ state: 'requested', amount: REFUND }])
    expect((await booked(scene))[0]).toMatchObject({ allocated: 0, refunded: REFUND })
  },
  decideRefund: async scene => expectGivenBack(scene),
  submitRefund: async scene => expectGivenBack(scene),
}

/** The bank gave it back once, or, where it never heard of it, nobody says that it did. */
async function expectGivenBack({ data }: Scene): Promise<void> {
  const { number } = await attemptOf(db, data.attemptId)
  const [order] = await db.select().from(sandboxBankOrders).where(eq(sandboxBankOrders.orderNumber, number))
  const { state, amount } = await refundOf(db, data.refundId)
  const given = order!.refunds.filter(one => one.amount === amount)
  // Unknown until the bank has had three days to show it.
  expect([state, given.length]).toEqual(given.length > 0 ? ['succeeded', 1] : ['unknown', 0])
}

async function check(stage: Stage, scenes: Scene[]): Promise<void> {
  for (const scene of scenes) await EXPECTED[stage](scene)
  await checkLedger(db, { contractIds: scenes.flatMap(({ contracts }) => contracts.map(({ id }) => id)) })
}

const everyStage = describe.each(Object.keys(stages) as Stage[])

/** Whoever comes after a process that died within one of these goes the whole way again: one scene serves to die over several statements. */
const REPEATED: Stage[] = ['begin', 'answer', 'chargeback', 'askRefund', 'decideRefund']

everyStage('%s', stage => {
  it('completes after the connection broke at any of its statements', async () => {
    const scenes: Scene[] = []
    let scene = await sceneBefore(stage)
    const seen = new Set([0])
    for (let count = 1; ; count++) {
      const { broke, commits } = await breakAfter(count, () => stages[stage](scene.data, now))
      if (!broke) break
      // As far as each commit brought it, one is left to those who come after.
      if (REPEATED.includes(stage) && seen.has(commits)) continue
      seen.add(commits)
      scenes.push(scene)
      scene = await sceneAgain(stage, scene)
    }
    scenes.push(scene)
    await complete(stage, scenes)
    await check(stage, scenes)
  })
})

describe.skipIf(!process.env.DEEP)('in a process that is killed', () => {
  everyStage('%s', stage => {
    it('completes after any of its statements', async () => {
      const began = performance.now()
      const scenes: Scene[] = []
      for (let count = 1, killed = true; killed; count++) {
        const scene = await sceneBefore(stage)
        const child = spawn(
          process.execPath,
          [
            'tests/support/stage-killed.ts',
            stage,
            JSON.stringify(scene.data),
            now.toISOString(),
            String(count),
          ],
          { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, LOG_LEVEL: 'silent' } },
        )
        await once(child, 'exit')
        killed = child.signalCode === 'SIGKILL'
        if (killed) scenes.push(scene)
        else expect(child.exitCode).toBe(0)
      }
      expect(scenes.length).toBeGreaterThan(2)
      await complete(stage, scenes)
      await check(stage, scenes)
      console.log(
        `${stage}: killed after each of ${scenes.length} statements, in ${((performance.now() - began) / 1000).toFixed(0)} s`,
      )
    })
  })
})

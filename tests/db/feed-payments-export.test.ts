// What a biller is told of payments through the portal: of a day, in an order that stays, from wherever it broke off.
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { listPaymentsOfDay } from '../../lib/feed/payments-export.ts'
import type { FeedToken } from '../../lib/feed/tokens.ts'
import { lockContract, recordPayments } from '../../lib/ledger/commands.ts'
import { applyStored } from '../../lib/payments/answers.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { tokenOf } from '../support/feed-uploads.ts'
import { writeFeed } from '../support/feeds.ts'
import { bankAnswer, begin, makePayable, type TestContract } from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

// Whoever holds a contract keeps a bank's word waiting only so long.
process.env.PAYMENT_LOCK_WAIT_MS = '30'

const db = await testDatabase()
const now = new Date('2026-11-27T10:00:00Z')
let token: FeedToken
let contract: TestContract

/** A captured payment of all of the contract's invoices. */
async function pay(number: string, receivedAt: string, transactionId = `T${number}`): Promise<void> {
  const { id: accountId } = await makeAccount(db)
  const { id: contractId, billerId, invoiceIds } = contract
  const [attempt] = await db
    .insert(paymentAttempts)
    .values({
      ...{ number, accountId, billerId, gateway: 'sandbox', live: false, amount: 1234, currency: 'ALL' },
      ...{ state: 'captured', startedOn: '2026-11-26', idempotencyKey: randomUUID() },
    })
    .returning({ id: paymentAttempts.id })
  for (const invoiceId of invoiceIds)
    await db.insert(paymentAttemptInvoices).values({
      ...{ attemptId: attempt!.id, invoiceId, contractId, live: false },
      ...{ interest: 0, principal: 100, tvTax: 0 },
    })
  await db.transaction(tx =>
    recordPayments(
      tx,
      { number, places: 1 },
      {
        ...{ billerId, paidOn: '2026-11-26', method: 'CARD', source: 'Drita' },
        ...{ attemptId: attempt!.id, transactionId, receivedAt: new Date(receivedAt) },
        transactionAt: new Date('2026-11-26T09:00:00Z'),
      },
      [{ contractId, place: 1, amount: 1234 }],
    ),
  )
}

beforeAll(async () => {
  token = await tokenOf('oshee', now)
  contract = await makePayable(db, [100, 200])
  // Midnight in Tirana is an hour before that of UTC.
  await pay('D1', '2026-11-25T22:59:59Z')
  await pay('D2', '2026-11-25T23:00:00Z', '=1+1')
  await pay('D3', '2026-11-26T22:59:59Z')
  await pay('D4', '2026-11-26T23:00:00Z')
  const back = {
    ...{ reference: 'D1', contract_code: contract.contractCode, paid_on: '2026-11-26', amount: '12.34' },
    ...{ method: 'CARD', source: 'Drita', reversed_on: '2026-11-26' },
  }
  await loadFeed({ biller: 'oshee', folder: writeFeed({ payments: [back] }), now })
})

async function read(day: string | null, after: string | null = null, of = token, at = now) {
  const found = await listPaymentsOfDay(of, { day, after }, at)
  if (!found) return undefined
  const lines = (await text(Readable.from(found.lines))).split('\r\n').slice(0, -1)
  return { isOver: found.isOver, lines, references: lines.map(line => line.split(',').slice(1, 3).join(' ')) }
}

test('the payments of which it heard on the day, and those taken back on it', async () => {
  const found = await read('2026-11-26')
  expect(found).toMatchObject({
    isOver: true,
    references: ['kind reference', 'reversal D1', 'payment D2', 'payment D3'],
  })
  const { contractCode } = contract
  const [, reversal, second] = found!.lines
  const numbers = (
    await db.execute<{ all: string }>(
      sql`select string_agg(number, ';' order by due_on, number) as all from invoices`,
    )
  ).rows[0]!.all
  expect(reversal).toMatch(/^\d+\.2,reversal,D1,/)
  expect(second!.replace(/^\d+/, 'N')).toBe(
    `N.1,payment,D2,${contractCode},2026-11-26,2026-11-26T09:00:00.000Z,,12.34,ALL,CARD,sandbox,'=1+1,D2,"${numbers}"`,
  )
  expect(await read('2026-11-27')).toMatchObject({
    isOver: false,
    references: ['kind reference', 'payment D4'],
  })
})

test('it goes on after a cursor, without the header, and is of the token’s biller alone', async () => {
  const { lines } = (await read('2026-11-26'))!
  for (const at of [1, 2, 3]) {
    const cursor = lines[at]!.split(',')[0]!
    expect((await read('2026-11-26', cursor))!.lines).toEqual(lines.slice(at + 1))
  }
  const kesco = await tokenOf('kesco', now)
  expect((await read('2026-11-26', null, kesco))!.references).toEqual(['kind reference'])
})

test('a day that is none or has not come, and a cursor that is none, are told', async () => {
  for (const day of [null, '', '2026-11-31', '26.11.2026', '2026-11-28', '0001-01-01', '1999-12-31'])
    expect(await read(day)).toBeUndefined()
  expect((await read('2000-01-01'))!.lines).toHaveLength(1)
  for (const after of ['', '1', '1.3', "1.1'"]) expect(await read('2026-11-26', after)).toBeUndefined()
  // Where it is tomorrow already.
  expect(await read('2026-11-28', null, token, new Date('2026-11-27T23:30:00Z'))).toMatchObject({
    isOver: false,
  })
})

test('a day is not called complete while what a bank told on it waits to be booked', async () => {
  const customer = await makeAccount(db)
  const bill = await makePayable(db, [45_600])
  await giveAccess(db, customer, bill)
  const of = await tokenOf('oshee', new Date('2024-01-01T00:00:00Z'))
  // In Tirana it is 23:59:40 of the 20th, and a feed is at the contract.
  const attempt = await begin(db, customer, bill, new Date('2024-01-20T22:50:00Z'))
  await db.transaction(async tx => {
    await lockContract(tx, bill.id)
    await receive(db, 'callback', bankAnswer(attempt, 'captured'), new Date('2024-01-20T22:59:40Z'))
  })
  const asked = (at: string) => read('2024-01-20', null, of, new Date(at))
  expect(await asked('2024-01-21T06:00:00Z')).toMatchObject({ isOver: false })
  await applyStored(db, attempt, new Date('2024-01-21T06:01:00Z'))
  expect(await asked('2024-01-20T23:05:00Z')).toMatchObject({ isOver: false })
  expect(await asked('2024-01-21T06:02:00Z')).toMatchObject({
    isOver: true,
    lines: [expect.anything(), expect.anything()],
  })
})

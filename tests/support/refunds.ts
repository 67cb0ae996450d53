// Payments made here with something over, and a bank that gives money back: for the tests of refunds and of settlement files.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import type { RefundBank } from '../../lib/payments/refunding.ts'
import type { makeContract } from './people.ts'

type Contract = Awaited<ReturnType<typeof makeContract>>

let counter = 0

/** The sandbox account of a biller, which a new one gets where there is none; its files have times in `timeZone`. */
export async function accountFor(
  db: Database,
  billerId: number,
  timeZone: string | null = null,
): Promise<{ id: number; code: string }> {
  const code = `settled-${billerId}`
  const currency = billerId === 1 ? 'ALL' : 'EUR'
  const { rows } = await db.execute<{ id: number; code: string }>(sql`
    insert into gateway_accounts (code, gateway, biller_id, currency, merchant_id, time_zone, takes_payments)
    values (${code}, 'sandbox', ${billerId}, ${currency}, ${`M-${billerId}`}, ${timeZone}, true)
    on conflict (code) do update set time_zone = excluded.time_zone returning id, code`)
  return rows[0]!
}

export type Paid = { attemptId: string; number: string; transactionId: string; paymentIds: number[] }

/**
 * What a bank captured of an order, in one amount a contract, booked and replayed. `accountId`: whose; `payer`: an account's id.
 */
export async function makeCaptured(
  db: Database,
  payer: { id: string },
  parts: { contract: Contract; amount: number; invoiceId: number }[],
  at: Date,
  accountId?: number,
): Promise<Paid> {
  counter += 1
  const number = `D26${String(90_000_000 + counter)}`
  const attemptId = randomUUID()
  const transactionId = `T-${number}`
  const { billerId } = parts[0]!.contract
  const sum = parts.reduce((total, { amount }) => total + amount, 0)
  const time = at.toISOString()
  await db.transaction(async tx => {
    await tx.execute(sql`
      insert into payment_attempts (id, number, account_id, biller_id, gateway, gateway_account_id, amount, currency, state, live,
        started_on, idempotency_key, created_at, state_changed_at, sent_to_bank_at)
      select ${attemptId}, ${number}, ${payer.id}, id, 'sandbox', ${accountId ?? null}, ${sum}, currency, 'captured', false,
        ${time.slice(0, 10)}, ${randomUUID()}, ${time}, ${time}, ${time} from billers where id = ${billerId}`)
    for (const [index, { contract, amount, invoiceId }] of parts.entries()) {
      await tx.execute(sql`insert into payment_attempt_invoices (attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax)
        values (${attemptId}, ${invoiceId}, ${contract.id}, false, 0, ${amount}, 0)`)
      await tx.insert(payments).values({
        ...{
          billerId,
          contractId: contract.id,
          paidOn: time.slice(0, 10),
          amount,
          method: 'CARD',
          source: 'sandbox',
        },
        reference: parts.length === 1 ? number : `${number}.${index + 1}`,
        receiptNumber: parts.length === 1 ? null : number,
        ...{ attemptId, transactionId, transactionAt: at, receivedAt: at },
      })
      await replayContract(tx, contract.id)
    }
  })
  const own = await db
    .select({ id: payments.id })
    .from(payments)
    .where(eq(payments.attemptId, attemptId))
    .orderBy(payments.id)
  return { attemptId, number, transactionId, paymentIds: own.map(({ id }) => id) }
}

export const refundOf = async (db: Database, id: string) =>
  (await db.select().from(refunds).where(eq(refunds.id, id)))[0]!
export const paymentOf = async (db: Database, id: number) =>
  (await db.select().from(payments).where(eq(payments.id, id)))[0]!

/** A bank whose answers a test sets; it counts how often it was told. */
export function fakeBank(answer?: Awaited<ReturnType<RefundBank['giveBack']>>) {
  const bank = {
    told: 0,
    given: 'no-answer' as Awaited<ReturnType<RefundBank['listGivenBack']>>,
    giveBack: async () => {
      bank.told += 1
      return answer ?? ({ state: 'succeeded', transactionId: `R-${bank.told}` } as const)
    },
    listGivenBack: async () => bank.given,
  }
  return bank
}

/** A refund as a bank tells of it. */
export const givenBack = (id: string | undefined, amount: number, currency = 'EUR') => ({
  ...{ id, amount, currency, at: undefined },
  references: {},
})

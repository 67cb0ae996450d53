// Payments of the demonstration that staff have to look at: one in doubt, two that were paid twice, a refund that waits, and a difference
// with the bank. They are for invoices that are paid, so that nobody owes more or less for it.
import { randomUUID } from 'node:crypto'
import { asc, eq, sql } from 'drizzle-orm'
import { billerOf } from '../../db/billers.ts'
import type { Transaction } from '../../db/client.ts'
import type { AttemptState } from '../../db/enums.ts'
import { invoices } from '../../db/schema/billing.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { sandboxBankOrders } from '../../db/schema/sandbox-bank.ts'
import { findContract } from '../../lib/contracts/queries.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { accountInUse } from '../../lib/payments/accounts.ts'
import { type AttemptRow, scheduleCheck } from '../../lib/payments/attempts.ts'
import { recordEvent } from '../../lib/platform/audit.ts'
import { clock } from '../../lib/platform/clock.ts'
import { database } from '../../lib/platform/database.ts'
import { dayIn } from '../../lib/platform/dates.ts'
import { requestRefund } from '../../lib/refunds/commands.ts'
import { loadNamedSettlement } from '../../lib/settlements/commands.ts'
import { type Deed, daysAgo, type People } from './seed-cases.ts'

type Account = NonNullable<Awaited<ReturnType<typeof accountInUse>>>
type Contract = NonNullable<Awaited<ReturnType<typeof findContract>>>
type Invoice = typeof invoices.$inferSelect

/** Of a customer who has none yet, for a contract of theirs whose oldest invoices are paid. */
export async function historyOfPayments(code: string, people: People): Promise<Deed[]> {
  const biller = billerOf('oshee')
  const contract = await findContract(database(), 'oshee', code)
  const account = await accountInUse(biller.id, biller.currency)
  if (!contract || !account) return []
  const paid = await database()
    .select()
    .from(invoices)
    .where(eq(invoices.contractId, contract.id))
    .orderBy(asc(invoices.period))
    .limit(3)
  const [first, second, third] = paid
  if (!first || !second || !third) return []
  const of = { contract, account, people }
  const toRefund = historyOfPaidTwice(of, third, daysAgo(2))
  return [
    ...historyOfInDoubt(of, first, daysAgo(1)),
    ...historyOfPaidTwice(of, second, daysAgo(3)).deeds,
    ...toRefund.deeds,
    refundAt(daysAgo(1), of, toRefund.payment),
    differenceAt(daysAgo(1), account),
  ]
}

type Of = { contract: Contract; account: Account; people: People }

/** The bank has the order and says nothing of it. */
function historyOfInDoubt(of: Of, invoice: Invoice, at: Date): Deed[] {
  const now = clock.now()
  return historyOfAttempt(of, invoice, 'in_doubt', at, async (tx, attempt) => {
    await addOrder(tx, of, invoice, attempt.number, at, { status: 'silent' })
    await scheduleCheck(tx, attempt, now)
  })
}

function historyOfPaidTwice(of: Of, invoice: Invoice, at: Date) {
  let paymentId: number
  const deeds = historyOfAttempt(of, invoice, 'captured', at, async (tx, { id, number }) => {
    const transactionId = `T-${number}`
    await addOrder(tx, of, invoice, number, at, { status: 'captured', transactionId, answersAt: at })
    const [payment] = await tx
      .insert(payments)
      .values({
        ...{
          billerId: of.account.billerId,
          contractId: of.contract.id,
          reference: number,
          amount: invoice.total,
        },
        ...{ paidOn: dayIn('Europe/Tirane', at), method: 'CARD', source: 'Drita' },
        ...{ attemptId: id, transactionId, transactionAt: at, receivedAt: at },
      })
      .returning({ id: payments.id })
    await replayContract(tx, of.contract.id)
    await tx.insert(paymentExceptions).values({
      ...{ kind: 'paid_twice', gateway: of.account.gateway, orderNumber: number, transactionId },
      ...{ attemptId: id, paymentId: payment!.id, openedAt: at },
    })
    paymentId = payment!.id
  })
  return { deeds, payment: () => paymentId }
}

/** In the book of the bank, so that it knows what is asked of it later. */
async function addOrder(
  tx: Transaction,
  { account }: Of,
  { total: amount }: Invoice,
  orderNumber: string,
  at: Date,
  decided: Pick<typeof sandboxBankOrders.$inferInsert, 'status' | 'transactionId' | 'answersAt'>,
): Promise<void> {
  const urls = { returnUrl: '/payments/return/sandbox', callbackUrl: '/api/payments/sandbox/callback' }
  await tx.insert(sandboxBankOrders).values({
    ...{ orderNumber, amount, currency: account.currency, language: 'sq', ...urls, ...decided },
    ...{ decidedAt: at, createdAt: at, pageOpenedAt: at },
  })
}

/** `add`: adds what belongs to it, in the same transaction. */
function historyOfAttempt(
  of: Of,
  invoice: Invoice,
  state: AttemptState,
  at: Date,
  add: (tx: Transaction, attempt: AttemptRow) => Promise<void>,
): Deed[] {
  const changedAt = secondsAfter(at, 120)
  let subject: string
  const begin = () =>
    database().transaction(async tx => {
      const attempt = await addAttempt(tx, of, invoice, state, at, changedAt)
      subject = `attempt:${attempt.id}`
      const accountId = of.people.customer.id
      await recordEvent(tx, { at, accountId, action: 'payment.pending', subject })
      await add(tx, attempt)
    })
  const change = () => recordEvent(database(), { at: changedAt, action: `payment.${state}`, subject })
  return [
    { at, run: begin },
    { at: changedAt, run: change },
  ]
}

async function addAttempt(
  tx: Transaction,
  { account, contract, people }: Of,
  { id: invoiceId, principal, tvTax, total }: Invoice,
  state: AttemptState,
  at: Date,
  changedAt: Date,
): Promise<AttemptRow> {
  const [{ number }] = (await tx.execute<{ number: string }>(nextNumber)).rows as [{ number: string }]
  const [attempt] = await tx
    .insert(paymentAttempts)
    .values({
      ...{ number, accountId: people.customer.id, billerId: account.billerId, gateway: account.gateway },
      ...{ gatewayAccountId: account.id, amount: total, currency: account.currency, state, live: false },
      ...{ startedOn: dayIn('Europe/Tirane', at), idempotencyKey: randomUUID(), placed: 1 },
      ...{ createdAt: at, sentToBankAt: secondsAfter(at, 3), stateChangedAt: changedAt },
    })
    .returning()
  await tx.insert(paymentAttemptInvoices).values({
    ...{ attemptId: attempt!.id, invoiceId, contractId: contract.id, live: false },
    ...{ interest: 0, principal, tvTax },
  })
  return attempt!
}

const secondsAfter = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000)

/** Of this year, as new payments have it. */
const nextNumber = sql`select 'D' || to_char(now(), 'YY') || to_char(nextval('payment_numbers'), 'FM9999999999900000000') as number`

function refundAt(at: Date, { people }: Of, paymentOf: () => number): Deed {
  const run = async () => {
    const [payment] = await database().select().from(payments).where(eq(payments.id, paymentOf()))
    const amount = payment!.amount - payment!.allocated
    const reason = 'Paguar dy herë; klienti e do në kartë.'
    const given = { amount, way: 'card', idempotencyKey: randomUUID(), reason } as const
    const asked = await requestRefund(people.agent, payment!.id, given, at)
    if (!asked.ok) throw new Error(`A refund of the demonstration was not taken: ${asked.code}.`)
  }
  return { at, run }
}

/** A sale that the portal knows nothing of. */
function differenceAt(at: Date, { code, currency }: Account): Deed {
  const file = [
    'kind,order_number,transaction_id,amount,currency,at',
    `sale,D2600990001,26327AAsB10022,2100.00,${currency},${at.toISOString()}`,
  ].join('\n')
  const named = { name: `${dayIn('Europe/Tirane', at)}.csv`, bytes: Buffer.from(file) }
  const run = async () => {
    const loaded = await loadNamedSettlement(code, named, at)
    if (!loaded.ok) throw new Error(`A settlement file of the demonstration was not taken: ${loaded.code}.`)
  }
  return { at, run }
}

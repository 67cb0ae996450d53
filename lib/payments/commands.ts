// Begins and cancels attempts to pay. Nothing here talks to a bank while a transaction is open.
import { and, desc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import type { AttemptState, Currency } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { hasAccess, hasCodes } from '../contracts/access.ts'
import { lockContract } from '../ledger/commands.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue } from '../ledger/rules.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { limits } from '../platform/limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { type AttemptRow, transition } from './attempts.ts'
import { gatewayInUse } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import type { PayForm } from './schema.ts'
import { cancelUntried, releaseStaleAttempts } from './stale-attempts.ts'

export type BeginFailure =
  | 'notFound'
  /** This deployment has no bank. */
  | 'unavailable'
  /** The same form with another content. */
  | 'formUsed'
  | 'underWay'
  /** Somebody else holds the contract for a while. */
  | 'busy'
  | 'alreadyPaid'
  /** An amount differs from the one shown: nothing is charged that was not seen. */
  | 'amountChanged'

/** `tooOften`: this account has begun too many of late. */
type Begun =
  | Result<{ id: string; state: AttemptState }, BeginFailure>
  | { ok: false; code: 'tooOften'; seconds: number }

/**
 * Begins an attempt to pay chosen invoices of one contract: what is due is counted here and now, and the attempt is
 * pending, committed, when this returns. The same form sent twice is the same attempt. Another's attempt that nobody
 * continues at the bank is released for it.
 */
export async function beginAttempt(
  customer: { id: string },
  contract: { billerCode: string; contractCode: string },
  form: PayForm,
  now: Date,
): Promise<Begun> {
  const gateway = gatewayInUse()
  if (!gateway) return fail('unavailable')
  await releaseStaleAttempts(customer, form.invoices, now)
  try {
    const result = await withinLockWait(database(), async tx => {
      const payable = await findContract(tx, customer, contract)
      if (!payable) return fail('notFound')
      await lockContract(tx, payable.id)
      const [known] = await tx
        .select()
        .from(paymentAttempts)
        .where(
          and(
            eq(paymentAttempts.accountId, customer.id),
            eq(paymentAttempts.idempotencyKey, form.idempotencyKey),
          ),
        )
      if (known) return (await isSameForm(tx, known, payable.id, form)) ? ok(known) : fail('formUsed')
      return createAttempt(tx, customer, payable, form, gateway, now)
    })
    return result === 'busy' ? fail('busy') : result
  } catch (error) {
    // Two at once, past the contract's lock: the database's own guards decide.
    const { code, constraint } = ((error as Error).cause ?? {}) as { code?: string; constraint?: string }
    if (code !== '23505') throw error
    if (constraint === 'payment_attempt_invoices_one_live') return fail('underWay')
    if (constraint === 'payment_attempts_idempotency') return fail('formUsed')
    throw error
  }
}

type PayableTerms = {
  id: number
  billerId: number
  currency: Currency
  timeZone: string
  interestTerms: InterestTerm[]
}

/** The account is locked against being closed until the attempt stands: an account with a live payment is not closed. */
async function findContract(
  tx: Transaction,
  customer: { id: string },
  contract: { billerCode: string; contractCode: string },
): Promise<PayableTerms | undefined> {
  const [found] = await tx
    .select({
      id: contracts.id,
      billerId: contracts.billerId,
      currency: billers.currency,
      timeZone: billers.timeZone,
      interestTerms: joinedTerms,
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        hasCodes(contract.billerCode, contract.contractCode),
        isNull(accounts.closedAt),
        hasAccess,
      ),
    )
    .for('key share', { of: accounts })
  return found
}

async function isSameForm(
  tx: Transaction,
  known: AttemptRow,
  contractId: number,
  form: PayForm,
): Promise<boolean> {
  const rows = await tx
    .select({ id: paymentAttemptInvoices.invoiceId })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, known.id))
  const chosen = new Set(form.invoices)
  return (
    known.contractId === contractId && rows.length === chosen.size && rows.every(({ id }) => chosen.has(id))
  )
}

/** Until this account may begin another attempt: each leaves a trace for good, and may keep others waiting. */
async function secondsToWait(tx: Transaction, customer: { id: string }, now: Date): Promise<number> {
  const { points, seconds } = limits.payments()
  const since = new Date(now.getTime() - seconds * 1000)
  const [last] = await tx
    .select({ at: paymentAttempts.createdAt })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.accountId, customer.id), gt(paymentAttempts.createdAt, since)))
    .orderBy(desc(paymentAttempts.createdAt))
    .offset(points - 1)
    .limit(1)
  return last ? Math.ceil((last.at.getTime() - since.getTime()) / 1000) : 0
}

/**
 * The next payment number: D, the year, and eight digits or more, none cut: unique for good, and of the characters that
 * every bank takes. After a backup was restored the sequence may be behind what attempts have, or the biller's payments.
 */
function freeNumber(billerId: number, today: string): SQL<string> {
  const next = sql`'D' || ${today.slice(2, 4)} || to_char(nextval('payment_numbers'), 'FM9999999999900000000')`
  return sql`(with recursive tried (place, number) as (
      select 1, ${next}
      union all
      select place + 1, ${next} from tried
        where exists (select from payments p where p.biller_id = ${billerId}
            and p.reference in (tried.number, tried.number || '-2'))
          or exists (select from payment_attempts a where a.number = tried.number)
    ) select number from tried order by place desc limit 1)`
}

async function createAttempt(
  tx: Transaction,
  customer: { id: string },
  payable: PayableTerms,
  form: PayForm,
  gateway: string,
  now: Date,
): Promise<Begun> {
  const chosen = [...new Set(form.invoices)]
  const rows = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.contractId, payable.id), inArray(invoices.id, chosen)))
  if (rows.length < chosen.length) return fail('notFound')
  const seconds = await secondsToWait(tx, customer, now)
  if (seconds > 0) return { ok: false, code: 'tooOften', seconds }

  const [live] = await tx
    .select({ one: sql<number>`1` })
    .from(paymentAttemptInvoices)
    .where(and(inArray(paymentAttemptInvoices.invoiceId, chosen), paymentAttemptInvoices.live))
    .limit(1)
  if (live) return fail('underWay')

  const today = dayIn(payable.timeZone, now)
  const lines = rows.map(row => ({
    invoiceId: row.id,
    ...amountDue({ ...row, cancelled: row.cancelledOn !== null }, row, payable.interestTerms, today),
  }))
  if (lines.some(line => line.total === 0)) return fail('alreadyPaid')
  if (lines.some(line => line.total !== form.shown.get(line.invoiceId))) return fail('amountChanged')

  const [attempt] = await tx
    .insert(paymentAttempts)
    .values({
      number: freeNumber(payable.billerId, today),
      accountId: customer.id,
      billerId: payable.billerId,
      contractId: payable.id,
      gateway,
      amount: lines.reduce((sum, line) => sum + line.total, 0),
      currency: payable.currency,
      startedOn: today,
      idempotencyKey: form.idempotencyKey,
      createdAt: now,
      stateChangedAt: now,
    })
    .returning()
  await tx.insert(paymentAttemptInvoices).values(
    lines.map(({ invoiceId, interest, principal, tvTax }) => ({
      attemptId: attempt!.id,
      invoiceId,
      live: true,
      interest,
      principal,
      tvTax,
    })),
  )
  return ok(await transition(tx, attempt!, 'pending', now, { accountId: customer.id }))
}

/**
 * Cancels one of the customer's own pending attempts, once the bank has said that it knows of no try to pay it.
 * Where the bank knows of one, that counts, and this succeeds without cancelling. `notKnown`: the bank could not say.
 */
export async function cancelAttempt(
  customer: { id: string },
  id: string,
  now: Date,
): Promise<Result<undefined, 'notFound' | 'notKnown' | 'busy'>> {
  const db: Database = database()
  const [own] = await db
    .select({ state: paymentAttempts.state })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.id, id), eq(paymentAttempts.accountId, customer.id)))
  if (!own) return fail('notFound')
  if (own.state !== 'pending') return ok(undefined)
  const cancelled = await cancelUntried(db, id, customer, now)
  return cancelled === 'done' ? ok(undefined) : fail(cancelled === 'busy' ? 'busy' : 'notKnown')
}

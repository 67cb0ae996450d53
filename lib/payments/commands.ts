// Begins and cancels attempts to pay. Nothing here talks to a bank while a transaction is open.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { hasAccess, hasCodes, isAccess, isOwnInvoice, selectAccess } from '../contracts/access.ts'
import { lockContract } from '../ledger/commands.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { gatewayInUse } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import {
  type Begun,
  findBegun,
  insertAttempt,
  isSameForm,
  linesDue,
  type PayableTerms,
  secondsToWait,
} from './new-attempts.ts'
import { isPayers, type Payer, paidByLinks } from './payer.ts'
import type { PayForm } from './schema.ts'
import { cancelUntried, releaseStaleAttempts } from './stale-attempts.ts'

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
      const known = await findBegun(tx, customer, form.idempotencyKey)
      if (known) {
        return (await isSameForm(tx, known, payable.id, form.invoices)) ? ok(known) : fail('formUsed')
      }
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

async function createAttempt(
  tx: Transaction,
  customer: { id: string },
  payable: PayableTerms,
  form: PayForm,
  gateway: string,
  now: Date,
): Promise<Begun> {
  const chosen = [...new Set(form.invoices)]
  const own = await selectAccess(tx, { id: invoices.id })
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .where(and(isAccess(customer.id, payable.id), inArray(invoices.id, chosen), isOwnInvoice))
  const lines = await linesDue(tx, payable, chosen, dayIn(payable.timeZone, now))
  if (own.length < chosen.length || lines.length < chosen.length) return fail('notFound')
  const seconds = await secondsToWait(tx, customer, now)
  if (seconds > 0) return { ok: false, code: 'tooOften', seconds }

  const [live] = await tx
    .select({ one: sql<number>`1` })
    .from(paymentAttemptInvoices)
    .where(and(inArray(paymentAttemptInvoices.invoiceId, chosen), paymentAttemptInvoices.live))
    .limit(1)
  if (live) return fail('underWay')
  if (lines.some(line => line.total === 0)) return fail('alreadyPaid')
  if (lines.some(line => line.total !== form.shown.get(line.invoiceId))) return fail('amountChanged')
  if (!form.toldBeingPaid && (await isPaidByLink(tx, payable.id, chosen))) return fail('beingPaid')
  return ok(
    await insertAttempt(tx, customer, payable, lines, { gateway, idempotencyKey: form.idempotencyKey }, now),
  )
}

async function isPaidByLink(tx: Transaction, contractId: number, chosen: number[]): Promise<boolean> {
  const { rows } = await tx.execute<{ ids: number[] }>(sql`select ${paidByLinks(sql`${contractId}`)} as ids`)
  return rows[0]!.ids.some(id => chosen.includes(id))
}

/**
 * Cancels one of the payer's own pending attempts, once the bank has said that it knows of no try to pay it.
 * Where the bank knows of one, that counts, and this succeeds without cancelling. `notKnown`: the bank could not say.
 */
export async function cancelAttempt(
  payer: Payer,
  id: string,
  now: Date,
): Promise<Result<undefined, 'notFound' | 'notKnown' | 'busy'>> {
  const db: Database = database()
  const [own] = await db
    .select({ state: paymentAttempts.state })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.id, id), isPayers(payer)))
  if (!own) return fail('notFound')
  if (own.state !== 'pending') return ok(undefined)
  const cancelled = await cancelUntried(db, id, payer, now)
  return cancelled === 'done' ? ok(undefined) : fail(cancelled === 'busy' ? 'busy' : 'notKnown')
}

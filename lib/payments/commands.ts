// Begins and cancels attempts to pay. Nothing here talks to a bank while a transaction is open.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { BillerCode } from '../../db/billers.ts'
import type { Database, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { hasAccess, isOwnInvoice, selectAccess } from '../contracts/access.ts'
import { lockContracts } from '../ledger/commands.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { stoppedUntil } from '../maintenance/queries.ts'
import type { Stopped } from '../maintenance/schema.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { accountInUse } from './accounts.ts'
import type { GatewayAccount } from './gateways/gateway.ts'
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
import { isPayers, type Payer } from './payer.ts'
import { listPaidByLinks, takesParts } from './queries.ts'
import { MOST_CONTRACTS, type PayForm } from './schema.ts'
import { mayPay, partOf } from './sharing-rules.ts'
import { cancelUntried, releaseStaleAttempts } from './stale-attempts.ts'

/** `partOutOfRange`: less was to be paid than the least, or than all where the biller takes no parts, or more than all. */
type ChoiceFailure = 'partOutOfRange' | 'tooManyContracts'

/**
 * Begins an attempt to pay chosen invoices of the customer's contracts of one biller, or of the one that `contractCode` names alone: what is
 * due is counted here and now, and the attempt is pending, committed, when this returns. The same form sent twice is the same attempt.
 * Another's attempt that nobody continues at the bank is released for it.
 */
export async function beginAttempt(
  customer: { id: string },
  from: { billerCode: string; contractCode?: string },
  form: PayForm,
  now: Date,
): Promise<Begun<ChoiceFailure>> {
  const biller = await findBiller(from.billerCode)
  if (!biller) return fail('notFound')
  const account = await accountInUse(biller.id, biller.currency)
  if (!account) return fail('unavailable')
  await releaseStaleAttempts(customer, form.invoices, now)
  try {
    const result = await withinLockWait(database(), async tx => {
      const payable = await findPayable(tx, customer, from, form.invoices)
      if (!payable) return fail('notFound')
      if (payable.contractIds.length > MOST_CONTRACTS) return fail('tooManyContracts')
      await lockContracts(tx, payable.contractIds)
      const known = await findBegun(tx, customer, form.idempotencyKey)
      if (known) return (await isSameForm(tx, known, form)) ? ok(known) : fail('formUsed')
      return createAttempt(tx, customer, payable, form, account, now)
    })
    return result === 'busy' ? fail('busy') : result
  } catch (error) {
    // Two at once, past the contracts' locks: the database's own guards decide.
    const { code, constraint } = ((error as Error).cause ?? {}) as { code?: string; constraint?: string }
    if (code !== '23505') throw error
    if (constraint === 'payment_attempt_invoices_one_live') return fail('underWay')
    if (constraint === 'payment_attempts_idempotency') return fail('formUsed')
    throw error
  }
}

async function findBiller(code: string) {
  const [biller] = await database()
    .select({ id: billers.id, currency: billers.currency })
    .from(billers)
    .where(sql`${billers.code} = ${code}`)
  return biller
}

type Payable = PayableTerms & { billerCode: BillerCode; contractIds: number[] }

/**
 * Those of the customer's contracts that have chosen invoices, or the one that is named; undefined where there is none. The account is
 * locked against being closed until the attempt stands: an account with a live payment is not closed.
 */
async function findPayable(
  tx: Transaction,
  customer: { id: string },
  { billerCode, contractCode }: { billerCode: string; contractCode?: string },
  chosen: readonly number[],
): Promise<Payable | undefined> {
  const hasChosen = sql`${contracts.id} in (select ${invoices.contractId} from ${invoices}
    where ${invoices.id} = any (${sql.param([...chosen])}::bigint[]))`
  const rows = await tx
    .select({
      id: contracts.id,
      billerId: contracts.billerId,
      billerCode: billers.code,
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
        sql`${billers.code} = ${billerCode}`,
        contractCode === undefined ? hasChosen : eq(contracts.code, contractCode),
        isNull(accounts.closedAt),
        hasAccess,
      ),
    )
    .for('key share', { of: accounts })
  const [first] = rows
  return first && { ...first, contractIds: rows.map(({ id }) => id) }
}

async function createAttempt(
  tx: Transaction,
  customer: { id: string },
  payable: Payable,
  form: PayForm,
  account: GatewayAccount,
  now: Date,
): Promise<Begun<ChoiceFailure>> {
  const until = await stoppedUntil(tx, now)
  if (until) return { ok: false, code: 'maintenance', until }
  const { contractIds, interestTerms } = payable
  const chosen = [...new Set(form.invoices)]
  const own = await selectAccess(tx, { id: invoices.id })
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        inArray(contractAccess.contractId, contractIds),
        inArray(invoices.id, chosen),
        isOwnInvoice,
      ),
    )
  const due = await linesDue(tx, contractIds, interestTerms, chosen, dayIn(payable.timeZone, now))
  if (own.length < chosen.length || due.length < chosen.length) return fail('notFound')
  const seconds = await secondsToWait(tx, customer, now)
  if (seconds > 0) return { ok: false, code: 'tooOften', seconds }

  const [live] = await tx
    .select({ one: sql<number>`1` })
    .from(paymentAttemptInvoices)
    .where(and(inArray(paymentAttemptInvoices.invoiceId, chosen), paymentAttemptInvoices.live))
    .limit(1)
  if (live) return fail('underWay')
  if (due.some(line => line.total === 0)) return fail('alreadyPaid')
  if (due.some(line => line.total !== form.shown.get(line.invoiceId))) return fail('amountChanged')
  const total = due.reduce((sum, line) => sum + line.total, 0)
  const amount = form.amount ?? total
  if (!mayPay(amount, total, takesParts(payable.billerCode))) return fail('partOutOfRange')
  const lines = partOf(due, amount)
  const ids = lines.map(({ invoiceId }) => invoiceId)
  if (!form.toldBeingPaid && (await listPaidByLinks(contractIds, tx)).some(id => ids.includes(id)))
    return fail('beingPaid')
  const { idempotencyKey } = form
  const isPart = lines.some(line => line.total < form.shown.get(line.invoiceId)!)
  return ok(await insertAttempt(tx, customer, payable, lines, account, { idempotencyKey, isPart }, now))
}

/**
 * Cancels one of the payer's own pending attempts, once the bank has said that it knows of no try to pay it.
 * Where the bank knows of one, that counts, and this succeeds without cancelling. `notKnown`: the bank could not say.
 * `maintenance`: it is not asked.
 */
export async function cancelAttempt(
  payer: Payer,
  id: string,
  now: Date,
): Promise<Result<undefined, 'notFound' | 'notKnown' | 'busy'> | Stopped> {
  const db: Database = database()
  const [own] = await db
    .select({ state: paymentAttempts.state })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.id, id), isPayers(payer)))
  if (!own) return fail('notFound')
  if (own.state !== 'pending') return ok(undefined)
  const until = await stoppedUntil(db, now)
  if (until) return { ok: false, code: 'maintenance', until }
  const cancelled = await cancelUntried(db, id, payer, now)
  return cancelled === 'done' ? ok(undefined) : fail(cancelled === 'busy' ? 'busy' : 'notKnown')
}

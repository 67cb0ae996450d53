// What every new attempt to pay takes, whoever pays: what is due at this moment, a number, and its rows.
import { and, desc, eq, gt, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { AttemptState, Currency } from '../../db/enums.ts'
import { invoices } from '../../db/schema/billing.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { type AmountDue, amountDue } from '../ledger/rules.ts'
import type { Stopped } from '../maintenance/schema.ts'
import { dayIn, type IsoDate } from '../platform/dates.ts'
import { type Limit, limits } from '../platform/limits.ts'
import type { Result } from '../platform/result.ts'
import { type AttemptRow, transition } from './attempts.ts'
import type { GatewayAccount } from './gateways/gateway.ts'
import { accountOf, isPayers, type Payer, payerColumns } from './payer.ts'
import type { PayForm } from './schema.ts'

export type BeginFailure =
  | 'notFound'
  /** This deployment has no bank. */
  | 'unavailable'
  /** The same form with another content. */
  | 'formUsed'
  | 'underWay'
  /** Somebody else is paying, which keeps nobody from it, and was not told yet. */
  | 'beingPaid'
  /** Somebody else holds the contract for a while. */
  | 'busy'
  | 'alreadyPaid'
  /** An amount differs from the one shown: nothing is charged that was not seen. */
  | 'amountChanged'

/** `tooOften`: this payer has begun too many of late. `maintenance`: payments are stopped. */
export type Begun<More extends string = never> =
  | Result<{ id: string; state: AttemptState }, BeginFailure | More>
  | { ok: false; code: 'tooOften'; seconds: number }
  | Stopped

/** A biller as what is due to it is counted. */
export type PayableTerms = {
  billerId: number
  currency: Currency
  timeZone: string
  interestTerms: InterestTerm[]
}

export type Line = { invoiceId: number; contractId: number; number: string; dueOn: IsoDate } & AmountDue

/** What is due today of each of these invoices of the contracts; of one that is none of theirs there is none. */
export async function linesDue(
  tx: Transaction,
  contractIds: number[],
  interestTerms: InterestTerm[],
  invoiceIds: readonly number[],
  today: IsoDate,
): Promise<Line[]> {
  const rows = await tx
    .select()
    .from(invoices)
    .where(and(inArray(invoices.contractId, contractIds), inArray(invoices.id, [...invoiceIds])))
  return rows.map(row => ({
    invoiceId: row.id,
    contractId: row.contractId,
    number: row.number,
    dueOn: row.dueOn,
    ...amountDue({ ...row, cancelled: row.cancelledOn !== null }, row, interestTerms, today),
  }))
}

/** The attempt that this form began before. */
export async function findBegun(
  tx: Transaction,
  payer: Payer,
  idempotencyKey: string,
): Promise<AttemptRow | undefined> {
  const [known] = await tx
    .select()
    .from(paymentAttempts)
    .where(and(isPayers(payer), eq(paymentAttempts.idempotencyKey, idempotencyKey)))
  return known
}

/** A part may leave out some of what was chosen. */
export async function isSameForm(
  tx: Transaction,
  known: AttemptRow,
  { invoices, amount }: Pick<PayForm, 'invoices' | 'amount'>,
): Promise<boolean> {
  const rows = await tx
    .select({ id: paymentAttemptInvoices.invoiceId })
    .from(paymentAttemptInvoices)
    .where(eq(paymentAttemptInvoices.attemptId, known.id))
  const chosen = new Set(invoices)
  const isWhole = amount === undefined ? rows.length === chosen.size : known.amount === amount
  return isWhole && rows.every(({ id }) => chosen.has(id))
}

/** Until this payer may begin another attempt: each leaves a trace for good, and may keep others waiting. */
export const secondsToWait = (tx: Transaction, payer: Payer, now: Date): Promise<number> =>
  secondsUntilFewer(tx, limits.payments(), isPayers(payer), now)

const isOfContract = (contractId: number) => sql`exists (select from payment_attempt_invoices line
  where line.contract_id = ${contractId} and line.attempt_id = ${paymentAttempts.id})`

const isGuests = sql`exists (select from pay_links own
  where own.id = ${paymentAttempts.payLinkId} and own.account_id is null)`

/**
 * Until a guest may begin another attempt to pay of this contract: one that comes to nothing tells its customers meanwhile that
 * somebody is paying.
 */
export const secondsForGuests = (tx: Transaction, contractId: number, now: Date): Promise<number> =>
  secondsUntilFewer(
    tx,
    limits.guestPaymentsOfContract(),
    and(isOfContract(contractId), ne(paymentAttempts.state, 'captured'), isGuests)!,
    now,
  )

/** Until fewer attempts than the limit's points were begun within its time. */
async function secondsUntilFewer(
  tx: Transaction,
  { points, seconds }: Limit,
  which: SQL,
  now: Date,
): Promise<number> {
  const since = new Date(now.getTime() - seconds * 1000)
  const [last] = await tx
    .select({ at: paymentAttempts.createdAt })
    .from(paymentAttempts)
    .where(and(which, gt(paymentAttempts.createdAt, since)))
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
            and p.reference in (tried.number, tried.number || '.1', tried.number || '-2', tried.number || '-2.1'))
          or exists (select from payment_attempts a where a.number = tried.number)
    ) select number from tried order by place desc limit 1)`
}

/** A pending attempt to pay these lines at a bank. Whoever has a link holds no invoice. */
export async function insertAttempt(
  tx: Transaction,
  payer: Payer,
  { billerId, currency, timeZone }: PayableTerms,
  lines: readonly Line[],
  account: Pick<GatewayAccount, 'id' | 'gateway'>,
  form: { idempotencyKey: string; isPart?: boolean },
  now: Date,
): Promise<AttemptRow> {
  const today = dayIn(timeZone, now)
  const live = 'id' in payer
  const [attempt] = await tx
    .insert(paymentAttempts)
    .values({
      number: freeNumber(billerId, today),
      ...payerColumns(payer),
      billerId,
      gateway: account.gateway,
      gatewayAccountId: account.id,
      ...form,
      amount: lines.reduce((sum, line) => sum + line.total, 0),
      currency,
      startedOn: today,
      live,
      createdAt: now,
      stateChangedAt: now,
    })
    .returning()
  await tx.insert(paymentAttemptInvoices).values(
    lines.map(({ invoiceId, contractId, interest, principal, tvTax }) => ({
      attemptId: attempt!.id,
      invoiceId,
      contractId,
      live,
      interest,
      principal,
      tvTax,
    })),
  )
  return transition(tx, attempt!, 'pending', now, { accountId: accountOf(payer) })
}

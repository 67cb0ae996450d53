// Reads what a customer may pay, and has chosen to. Everything is filtered by the customer: not theirs is not found.

import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type BillerCode, billerOf } from '../../db/billers.ts'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { isOverdue } from '../billing/reminder-rules.ts'
import { isUnderWay, ownAttemptId, ownAttemptPart, withRest } from '../billing/under-way.ts'
import {
  accessLevel,
  hasAccess,
  isOwnInvoice,
  openProof,
  seenInvoiceNumber,
  titleColumns,
} from '../contracts/access.ts'
import { chargesInterest } from '../ledger/interest-rules.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue, interestPerDay } from '../ledger/rules.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { accountInUse } from './accounts.ts'
import { paidByLinks } from './payer.ts'
import type { PayableContract } from './schema.ts'

/** Whether the biller has a bank here that takes new payments. */
export async function isPaymentOffered(biller: BillerCode): Promise<boolean> {
  const { id, currency } = billerOf(biller)
  return (await accountInUse(id, currency)) !== undefined
}

/** Whether the biller takes a part of what is due. */
export const takesParts = (biller: BillerCode): boolean => billerOf(biller).partialPayments

/** Those of these billers. */
export async function billersPaidHere(billers: Iterable<BillerCode>): Promise<Set<BillerCode>> {
  const paidHere = new Set<BillerCode>()
  for (const biller of new Set(billers)) if (await isPaymentOffered(biller)) paidHere.add(biller)
  return paidHere
}

/** A balance as JSON has it: of more than a number holds, the digits. */
export type StoredBalance = {
  [Name in keyof typeof balanceColumns]: Name extends 'interestMillionths'
    ? string
    : (typeof balanceColumns)[Name]['_']['data'] | (Name extends 'interestCountedTo' ? null : never)
}

/** The balance of the joined invoice, for json_build_object. */
export const balanceJson = (): SQL =>
  sql.join(
    Object.entries(balanceColumns).map(([name, column]) =>
      name === 'interestMillionths'
        ? sql`${sql.raw(`'${name}'`)}, ${column}::text`
        : sql`${sql.raw(`'${name}'`)}, ${column}`,
    ),
    sql`, `,
  )

type UnpaidRow = Pick<PayableContract['invoices'][number], 'id' | 'number' | 'period'> &
  StoredBalance & { underWay: boolean | null; attemptId: string | null; part: number | null }

/** The unpaid invoices of the joined contract, by due date and number, in one row. To be joined laterally. */
const unpaidInvoices = () =>
  database()
    .select({
      rows: sql<
        UnpaidRow[]
      >`coalesce(json_agg(json_build_object('id', ${invoices.id}, 'number', ${seenInvoiceNumber},
        'period', ${invoices.period}, ${balanceJson()}, 'underWay', ${isUnderWay(sql.placeholder('now'))},
        'attemptId', ${ownAttemptId}, 'part', ${ownAttemptPart}) order by ${invoices.dueOn}, ${invoices.number}), '[]')`.as(
        'unpaid_rows',
      ),
    })
    .from(invoices)
    .leftJoin(
      paymentAttemptInvoices,
      and(eq(paymentAttemptInvoices.invoiceId, invoices.id), paymentAttemptInvoices.live),
    )
    .leftJoin(paymentAttempts, eq(paymentAttempts.id, paymentAttemptInvoices.attemptId))
    .where(
      and(
        eq(invoices.contractId, contracts.id),
        sql`${invoices.unpaid} > 0`,
        sql`${invoices.cancelledOn} is null`,
        isOwnInvoice,
      ),
    )
    .as('unpaid_invoices')

/**
 * One statement for the whole page, prepared once a process: it is the portal's busiest. One row: a row an invoice would repeat,
 * and have parsed anew, all that is the contract's.
 */
const payableContract = () => {
  const unpaid = unpaidInvoices()
  return database()
    .select({
      id: contracts.id,
      contractCode: contracts.code,
      ...titleColumns,
      level: accessLevel,
      openProof,
      billerCode: billers.code,
      billerName: billers.name,
      country: billers.country,
      currency: billers.currency,
      timeZone: billers.timeZone,
      interestTerms: joinedTerms,
      remindFrom: billers.remindFrom,
      paidByLinks: paidByLinks(sql`${contracts.id}`),
      unpaid: unpaid.rows,
    })
    .from(contractAccess)
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .crossJoinLateral(unpaid)
    .where(
      and(
        eq(contractAccess.accountId, sql.placeholder('account')),
        eq(billers.code, sql.placeholder('biller')),
        eq(contracts.code, sql.placeholder('contract')),
        hasAccess,
      ),
    )
    .prepare('payable_contract')
}

let preparedPayableContract: ReturnType<typeof payableContract> | undefined

/** A contract of the customer with its unpaid invoices; null where they have no access to one of that code. */
export async function getPayableContract(
  customer: { id: string },
  billerCode: string,
  contractCode: string,
  now: Date,
): Promise<PayableContract | null> {
  preparedPayableContract ??= payableContract()
  const [row] = await preparedPayableContract.execute({
    account: customer.id,
    biller: billerCode,
    contract: contractCode,
    now: now.toISOString(),
  })
  if (!row) return null
  const { timeZone, interestTerms, remindFrom, paidByLinks, unpaid, ...contract } = row
  const today = dayIn(timeZone, now)
  let perDay = 0
  const due = unpaid.map(({ underWay, attemptId, part, interestMillionths, ...invoice }) => {
    const { id, number, period, dueOn } = invoice
    const balance = { ...invoice, interestMillionths: BigInt(interestMillionths) }
    const dueNow = amountDue({ ...invoice, cancelled: false }, balance, interestTerms, today)
    if (dueOn <= today && !underWay) perDay += interestPerDay(invoice, balance, interestTerms, today)
    const overdue = isOverdue(dueOn, dueNow.total, { remindFrom }, today)
    const beingPaid = paidByLinks.includes(id)
    return {
      id,
      number,
      period,
      dueOn,
      overdue,
      ...dueNow,
      underWay: underWay ? withRest({ attemptId, part }, dueNow.total) : null,
      beingPaid,
    }
  })
  return { ...contract, today, perDay, chargesInterest: chargesInterest(interestTerms), invoices: due }
}

/** One of the customer's own attempts that is tried again: how it stands, and the ids of the invoices that it was to pay; undefined: any other. */
export async function getChosenBefore(customer: { id: string }, id: string) {
  const [row] = await database()
    .select({
      state: paymentAttempts.state,
      declineCode: paymentAttempts.declineCode,
      invoices: sql<number[]>`(select json_agg(chosen.invoice_id) from payment_attempt_invoices chosen
        where chosen.attempt_id = "payment_attempts"."id")`,
    })
    .from(paymentAttempts)
    .where(and(eq(paymentAttempts.id, id), eq(paymentAttempts.accountId, customer.id)))
  return row
}

/** Ids of the invoices of these contracts that somebody is paying by a link, which keeps nobody from paying them. */
export async function listPaidByLinks(
  contractIds: readonly number[],
  db: Executor = database(),
): Promise<number[]> {
  const { rows } = await db.execute<{ ids: number[] }>(
    sql`select ${paidByLinks(sql`any (${sql.param([...contractIds])}::bigint[])`)} as ids`,
  )
  return rows[0]!.ids
}

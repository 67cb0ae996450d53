// Reads what a customer may pay and has paid. Everything is filtered by the customer: not theirs is not found.

import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAllocations, payments } from '../../db/schema/ledger.ts'
import { paymentAttemptInvoices, paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { letterheadColumns } from '../billing/letterhead.ts'
import { isOverdue } from '../billing/reminder-rules.ts'
import { isUnderWay, ownAttemptId } from '../billing/under-way.ts'
import {
  accessLevel,
  hasAccess,
  isOwnInvoice,
  openProof,
  seenInvoiceNumber,
  titleColumns,
} from '../contracts/access.ts'
import { MASK } from '../contracts/rules.ts'
import { chargesInterest } from '../ledger/interest-rules.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue, interestPerDay } from '../ledger/rules.ts'
import { comesByEmail } from '../notifications/own-choices.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import type { Order } from './gateways/gateway.ts'
import { gatewayInUse } from './gateways/registry.ts'
import { isPayers, type Payer, type PayerAtBank, paidByLinks } from './payer.ts'
import type { Attempt, PayableContract, Receipt, ReceiptLine } from './schema.ts'

/** Whether this deployment has a bank. */
export const isPaymentOffered = (): boolean => gatewayInUse() !== undefined

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
  StoredBalance & { underWay: boolean | null; attemptId: string | null }

/** The unpaid invoices of the joined contract, by due date and number, in one row. To be joined laterally. */
const unpaidInvoices = () =>
  database()
    .select({
      rows: sql<
        UnpaidRow[]
      >`coalesce(json_agg(json_build_object('id', ${invoices.id}, 'number', ${seenInvoiceNumber},
        'period', ${invoices.period}, ${balanceJson()}, 'underWay', ${isUnderWay(sql.placeholder('now'))},
        'attemptId', ${ownAttemptId}) order by ${invoices.dueOn}, ${invoices.number}), '[]')`.as(
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
  const due = unpaid.map(({ underWay, attemptId, interestMillionths, ...invoice }) => {
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
      underWay: underWay ? { attemptId } : null,
      beingPaid,
    }
  })
  return { ...contract, today, perDay, chargesInterest: chargesInterest(interestTerms), invoices: due }
}

/** What of a payment pays no invoice; one that was taken back has nothing over. */
const surplus = sql<number>`case when ${payments.reversedOn} is null then ${payments.amount} - ${payments.allocated} else 0 end`

/** The invoices of a payment or an attempt, and what of each. */
const linesOf = (paid: typeof paymentAllocations | typeof paymentAttemptInvoices, isOfIt: SQL) => sql<
  ReceiptLine[]
>`(select coalesce(json_agg(json_build_object('invoiceId', ${invoices.id}, 'invoiceNumber', ${seenInvoiceNumber},
    'period', ${invoices.period}, 'dueOn', ${invoices.dueOn}, 'interest', ${paid.interest},
    'principal', ${paid.principal}, 'tvTax', ${paid.tvTax}, 'total', ${paid.interest} + ${paid.principal} + ${paid.tvTax})
    order by ${invoices.dueOn}, ${invoices.number}), '[]')
  from ${paid} join ${invoices} on ${invoices.id} = ${paid.invoiceId} where ${isOfIt})`

/** What a payment pays now. */
const allocatedLines = linesOf(paymentAllocations, eq(paymentAllocations.paymentId, payments.id))

/** What is unpaid of an attempt's invoices now, interest since the last payment not counted. */
const stillDue = sql<number>`(select coalesce(sum(${invoices.unpaid}), 0)
  from ${paymentAttemptInvoices} join ${invoices} on ${invoices.id} = ${paymentAttemptInvoices.invoiceId}
  where ${paymentAttemptInvoices.attemptId} = ${paymentAttempts.id} and ${invoices.cancelledOn} is null
    and ${invoices.contractId} = ${paymentAttempts.contractId})`.mapWith(Number)

/** The payer's access to the joined contract: one taken off the list keeps its payments and receipts. */
const ofPayer = and(eq(contractAccess.accountId, accounts.id), eq(contractAccess.contractId, contracts.id))

/** One of the payer's own attempts to pay; null for any other. */
export async function getAttempt(payer: Payer, id: string): Promise<Attempt | null> {
  const [payment] = await database()
    .select({
      id: paymentAttempts.id,
      number: paymentAttempts.number,
      state: paymentAttempts.state,
      amount: paymentAttempts.amount,
      currency: paymentAttempts.currency,
      billerCode: billers.code,
      billerName: billers.name,
      contactPhone: billers.contactPhone,
      contactEmail: billers.contactEmail,
      contractId: contracts.id,
      contractCode: contracts.code,
      mailedTo: sql<string | null>`case when ${comesByEmail('receipt')} then ${accounts.email} end`,
      timeZone: billers.timeZone,
      createdAt: paymentAttempts.createdAt,
      askedAt: paymentAttempts.askedAt,
      untriedAt: paymentAttempts.untriedAt,
      returnedAt: paymentAttempts.returnedAt,
      declineCode: paymentAttempts.declineCode,
      heardOf: sql<boolean>`exists (select 1 from ${paymentEvents}
        where ${paymentEvents.attemptId} = ${paymentAttempts.id} and ${paymentEvents.authentic})`,
      invoices: linesOf(paymentAttemptInvoices, eq(paymentAttemptInvoices.attemptId, paymentAttempts.id)),
      startedOn: paymentAttempts.startedOn,
      captures: sql<
        Attempt['captures']
      >`(select coalesce(json_agg(json_build_object('number', ${payments.reference},
          'amount', ${payments.amount}, 'paidOn', ${payments.paidOn},
          'paidAt', coalesce(${payments.transactionAt}, ${payments.receivedAt}), 'reversedOn', ${payments.reversedOn},
          'surplus', ${surplus}, 'pays', ${allocatedLines}) order by ${payments.id}), '[]')
        from ${payments} where ${payments.attemptId} = ${paymentAttempts.id})`,
      stillDue,
    })
    .from(paymentAttempts)
    .innerJoin(contracts, eq(contracts.id, paymentAttempts.contractId))
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .leftJoin(accounts, eq(accounts.id, paymentAttempts.accountId))
    .leftJoin(contractAccess, ofPayer)
    .where(and(eq(paymentAttempts.id, id), isPayers(payer)))
  return payment ?? null
}

/** The invoices that one of the customer's own attempts was to pay, by id; none for any other. */
export async function listChosenInvoices(customer: { id: string }, id: string): Promise<number[]> {
  const rows = await database()
    .select({ id: paymentAttemptInvoices.invoiceId })
    .from(paymentAttemptInvoices)
    .innerJoin(paymentAttempts, eq(paymentAttempts.id, paymentAttemptInvoices.attemptId))
    .where(and(eq(paymentAttempts.id, id), eq(paymentAttempts.accountId, customer.id)))
  return rows.map(row => row.id)
}

/**
 * A pending attempt of the payer as the bank's order, with the addresses of the way back; null for any other, and for
 * one that has had its time.
 */
export async function getPendingOrder(
  payer: PayerAtBank,
  id: string,
  now: Date,
): Promise<{ gateway: string; sentBefore: boolean; order: Order } | null> {
  const [row] = await database()
    .select({
      gateway: paymentAttempts.gateway,
      sentToBankAt: paymentAttempts.sentToBankAt,
      number: paymentAttempts.number,
      amount: paymentAttempts.amount,
      currency: paymentAttempts.currency,
      billerName: billers.name,
    })
    .from(paymentAttempts)
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .where(
      and(
        eq(paymentAttempts.id, id),
        isPayers(payer),
        eq(paymentAttempts.state, 'pending'),
        gt(paymentAttempts.createdAt, new Date(now.getTime() - env().PAYMENT_EXPIRY_MINUTES * 60_000)),
      ),
    )
  if (!row) return null
  const { gateway, sentToBankAt, ...order } = row
  const address = (path: string) => new URL(path, env().APP_URL).href
  return {
    gateway,
    sentBefore: sentToBankAt !== null,
    order: {
      ...order,
      language: payer.language,
      // The payment stands in the way back itself, so that a return without any answer still finds it. What opens anything, as a
      // link's token does, is not the bank's to know.
      returnUrl: address(`/payments/return/${gateway}?payment=${id}`),
      callbackUrl: address(`/api/payments/${gateway}/callback`),
    },
  }
}

/**
 * The receipt of one of the payer's own payments, by default the first of the attempt `id`, or of all; null where there is none.
 */
export async function getReceipt(
  payer: Payer,
  id: string | undefined,
  number?: string,
  db: Executor = database(),
): Promise<Receipt | null> {
  const [row] = await db
    .select({
      number: payments.reference,
      paidAt: sql<Date>`coalesce(${payments.transactionAt}, ${payments.receivedAt})`.mapWith(
        payments.receivedAt,
      ),
      paidOn: payments.paidOn,
      biller: {
        code: billers.code,
        name: billers.name,
        country: billers.country,
        currency: billers.currency,
        timeZone: billers.timeZone,
        ...letterheadColumns,
      },
      contractCode: contracts.code,
      // Of whoever has a link nothing is the contract's own, and its code is known only to who typed it.
      isByLink: sql<boolean>`${paymentAttempts.payLinkId} is not null`,
      isSent: sql<boolean>`coalesce((select account_id is not null from pay_links where id = ${paymentAttempts.payLinkId}), false)`,
      level: accessLevel,
      holderName: sql<string | null>`coalesce(${contracts.businessName},
        nullif(concat_ws(' ', ${contracts.holderFirstName}, ${contracts.holderLastName}), ''))`,
      lines: allocatedLines,
      startedOn: paymentAttempts.startedOn,
      stillDue,
      amount: payments.amount,
      surplus,
      reversedOn: payments.reversedOn,
    })
    .from(paymentAttempts)
    .innerJoin(payments, eq(payments.attemptId, paymentAttempts.id))
    .innerJoin(contracts, eq(contracts.id, payments.contractId))
    .innerJoin(billers, eq(billers.id, payments.billerId))
    .leftJoin(accounts, eq(accounts.id, paymentAttempts.accountId))
    .leftJoin(contractAccess, ofPayer)
    .where(
      and(
        id === undefined ? undefined : eq(paymentAttempts.id, id),
        isPayers(payer),
        number === undefined ? undefined : eq(payments.reference, number),
      ),
    )
    .orderBy(asc(payments.id))
    .limit(1)
  if (!row) return null
  const { contractCode, isByLink, isSent, level, holderName, ...receipt } = row
  const contract = isByLink
    ? { code: isSent ? null : contractCode, level: 'amounts' as const, holderName: null }
    : { code: contractCode, level, holderName: (level === 'holder' && holderName) || MASK }
  return { ...receipt, contract }
}

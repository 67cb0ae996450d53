// Reads what customers paid: an attempt in its true state, and the receipts of what the bank took. Filtered by the payer: not theirs is not found.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAllocations, payments } from '../../db/schema/ledger.ts'
import { paymentAttemptInvoices, paymentAttempts, paymentEvents } from '../../db/schema/payments.ts'
import { letterheadColumns } from '../billing/letterhead.ts'
import { groupBy, sumOf } from '../billing/statement-rules.ts'
import {
  accessLevel,
  holderName,
  seenInvoiceNumber,
  seesInvoices,
  titleColumns,
} from '../contracts/access.ts'
import { MASK } from '../contracts/rules.ts'
import { givenBack, notUsed } from '../ledger/given-back.ts'
import { comesByEmail } from '../notifications/own-choices.ts'
import { database } from '../platform/database.ts'
import type { IsoDate } from '../platform/dates.ts'
import { takenBackOf } from './outcome-rules.ts'
import { isPayers, type Payer } from './payer.ts'
import type { Attempt, Receipt, ReceiptLine } from './schema.ts'

/** Whether what is over of a payment is so because another one pays its invoices. */
const isPaidTwice = sql<boolean>`exists (select from payment_exceptions held
  where held.attempt_id = ${payments.attemptId} and held.payment_id = ${payments.id} and held.kind = 'paid_twice'
    and (held.resolved_at is null or held.resolved_by is not null))`

/** The payer's access to the joined contract: one taken off the list keeps its payments and receipts. */
const ofPayer = and(eq(contractAccess.accountId, accounts.id), eq(contractAccess.contractId, contracts.id))

/** The invoices of a payment or an attempt, and what of each. */
const linesOf = (paid: typeof paymentAllocations | typeof paymentAttemptInvoices, isOfIt: SQL) => sql<
  ReceiptLine[]
>`(select coalesce(json_agg(json_build_object('invoiceId', ${invoices.id}, 'contractId', ${paid.contractId}, 'invoiceNumber', ${seenInvoiceNumber},
    'period', ${invoices.period}, 'dueOn', ${invoices.dueOn}, 'interest', ${paid.interest},
    'principal', ${paid.principal}, 'tvTax', ${paid.tvTax}, 'total', ${paid.interest} + ${paid.principal} + ${paid.tvTax})
    order by ${invoices.dueOn}, ${invoices.number}), '[]')
  from ${paid} join ${invoices} on ${invoices.id} = ${paid.invoiceId} join ${contracts} on ${contracts.id} = ${paid.contractId}
    left join ${contractAccess} on ${ofPayer} where ${isOfIt})`

/** What a payment pays now. */
const allocatedLines = linesOf(paymentAllocations, eq(paymentAllocations.paymentId, payments.id))

/** What is unpaid of an attempt's invoices now, interest since the last payment not counted. */
const stillDue = sql<number>`(select coalesce(sum(${invoices.unpaid}), 0)
  from ${paymentAttemptInvoices} join ${invoices} on ${invoices.id} = ${paymentAttemptInvoices.invoiceId}
  where ${paymentAttemptInvoices.attemptId} = ${paymentAttempts.id} and ${invoices.cancelledOn} is null
    and ${invoices.contractId} = ${paymentAttemptInvoices.contractId})`.mapWith(Number)

/** An attempt's contracts, by id, each as its payer calls it. */
export const attemptContracts = sql<
  Attempt['contracts']
>`(select coalesce(json_agg(json_build_object('id', ${contracts.id}, 'code', ${contracts.code}, 'alias', ${titleColumns.alias},
    'category', ${titleColumns.category}, 'address', ${titleColumns.address}) order by ${contracts.id}), '[]')
  from ${contracts}
    left join ${accounts} on ${accounts.id} = ${paymentAttempts.accountId} left join ${contractAccess} on ${ofPayer}
  where ${contracts.id} in (select line.contract_id from payment_attempt_invoices line where line.attempt_id = ${paymentAttempts.id}))`

/** Its contract, where it has no other: notices may be chosen for it. */
const onlyContract = sql`(select case when min(line.contract_id) = max(line.contract_id) then min(line.contract_id) end
  from payment_attempt_invoices line where line.attempt_id = ${paymentAttempts.id})`

/** Codes of the contracts whose money is not used and not yet to be given back, and about which the payer may ask for it. */
const askedAbout = sql<string[]>`(select coalesce(json_agg(distinct ${contracts.code}), '[]')
  from payments over join ${contracts} on ${contracts.id} = over.contract_id
    join ${accounts} on ${accounts.id} = ${paymentAttempts.accountId} join ${contractAccess} on ${ofPayer}
  where over.attempt_id = ${paymentAttempts.id} and over.reversed_on is null and over.allocated + over.refunded < over.amount
    and ${seesInvoices})`

/** The number of the receipt that shows a payment. */
const receiptNumber = sql<string>`coalesce(${payments.receiptNumber}, ${payments.reference})`

/** What the bank captured of an attempt: of one transaction a payment a contract. */
type PaymentRow = {
  number: string
  contractCode: string
  amount: number
  paidOn: IsoDate
  paidAt: string
  reversedOn: IsoDate | null
  givenBack: number
  surplus: number
  isPaidTwice: boolean
  pays: ReceiptLine[]
}

const paymentRows = sql<
  PaymentRow[]
>`(select coalesce(json_agg(json_build_object('number', ${receiptNumber}, 'contractCode', of.code,
    'amount', ${payments.amount}, 'paidOn', ${payments.paidOn},
    'paidAt', coalesce(${payments.transactionAt}, ${payments.receivedAt}), 'reversedOn', ${payments.reversedOn},
    'givenBack', ${givenBack()}, 'surplus', ${notUsed}, 'isPaidTwice', ${isPaidTwice}, 'pays', ${allocatedLines}) order by ${payments.id}), '[]')
  from ${payments} join contracts of on of.id = ${payments.contractId} where ${payments.attemptId} = ${paymentAttempts.id})`

/** The payments of one transaction as one. */
function captureOf(rows: [PaymentRow, ...PaymentRow[]]): Attempt['captures'][number] {
  const [{ number, paidOn, paidAt }] = rows
  return {
    number,
    paidOn,
    paidAt,
    amount: sumOf(rows, 'amount'),
    givenBack: sumOf(rows, 'givenBack'),
    surplus: sumOf(rows, 'surplus'),
    isPaidTwice: rows.some(row => row.isPaidTwice),
    pays: rows.flatMap(row => row.pays),
    ...takenBackOf(rows),
  }
}

/** One of the payer's own attempts to pay; null for any other. */
export async function getAttempt(payer: Payer, id: string): Promise<Attempt | null> {
  const [row] = await database()
    .select({
      id: paymentAttempts.id,
      number: paymentAttempts.number,
      state: paymentAttempts.state,
      amount: paymentAttempts.amount,
      currency: paymentAttempts.currency,
      isPart: paymentAttempts.isPart,
      billerCode: billers.code,
      billerName: billers.name,
      country: billers.country,
      contactPhone: billers.contactPhone,
      contactEmail: billers.contactEmail,
      contracts: attemptContracts,
      mailedTo: sql<
        string | null
      >`case when ${comesByEmail('receipt', onlyContract)} then ${accounts.email} end`,
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
      payments: paymentRows,
      askedAbout,
      stillDue,
    })
    .from(paymentAttempts)
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .leftJoin(accounts, eq(accounts.id, paymentAttempts.accountId))
    .where(and(eq(paymentAttempts.id, id), isPayers(payer)))
  if (!row) return null
  const { payments: rows, ...attempt } = row
  const captures = groupBy(rows, ({ number }) => number).map(captureOf)
  return { ...attempt, captures }
}

/**
 * The receipt of one transaction of the payer's own, with a payment for each contract: that of this number, by default the first of the
 * attempt `id`, or of all; null where there is none.
 */
export async function getReceipt(
  payer: Payer,
  id: string | undefined,
  number?: string,
  db: Executor = database(),
): Promise<Receipt | null> {
  const rows = await db
    .select({
      number: receiptNumber,
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
      holderName,
      lines: allocatedLines,
      startedOn: paymentAttempts.startedOn,
      isPart: paymentAttempts.isPart,
      stillDue,
      amount: payments.amount,
      givenBack: givenBack(),
      surplus: notUsed,
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
        number === undefined ? undefined : eq(receiptNumber, number),
      ),
    )
    .orderBy(asc(payments.id))
  const [first] = groupBy(rows, row => row.number)
  return first ? receiptOf(first) : null
}

type ReceiptRow = Omit<Receipt, 'contracts' | 'takenBack'> & {
  contractCode: string
  isByLink: boolean
  isSent: boolean
  level: Receipt['contracts'][number]['level']
  holderName: string | null
  lines: ReceiptLine[]
}

function receiptOf(rows: [ReceiptRow, ...ReceiptRow[]]): Receipt {
  const [{ number, paidAt, paidOn, biller, startedOn, isPart, stillDue }] = rows
  return {
    ...{ number, paidAt, paidOn, biller, startedOn, isPart, stillDue },
    amount: sumOf(rows, 'amount'),
    givenBack: sumOf(rows, 'givenBack'),
    surplus: sumOf(rows, 'surplus'),
    contracts: rows.map(({ contractCode, isByLink, isSent, level, holderName, ...payment }) => {
      const { lines, amount, givenBack, surplus, reversedOn } = payment
      const contract = isByLink
        ? { code: isSent ? null : contractCode, level: 'amounts' as const, holderName: null }
        : { code: contractCode, level, holderName: (level === 'holder' && holderName) || MASK }
      return { ...contract, lines, amount, givenBack, surplus, reversedOn }
    }),
    ...takenBackOf(rows),
  }
}

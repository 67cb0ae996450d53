// Reads links to pay by: for whoever has one, and for whoever sent it.
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { openAttemptStates } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { payLinkInvoices, payLinks } from '../../db/schema/pay-links.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { isOverdue } from '../billing/reminder-rules.ts'
import { hasAccess } from '../contracts/access.ts'
import { givenBack } from '../ledger/given-back.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue, interestPerDay } from '../ledger/rules.ts'
import { database } from '../platform/database.ts'
import { dayIn, type IsoDate } from '../platform/dates.ts'
import { keyedHashes } from '../platform/seal.ts'
import { getReceipt } from './paid-queries.ts'
import { balanceJson, type StoredBalance } from './queries.ts'
import type { LinkEnd, OpenedLink, Receipt, SentLink } from './schema.ts'

const PURPOSE = 'pay links'

/** The link of a token, whatever became of it. For queries over pay_links. */
export const hasToken = (token: string): SQL => inArray(payLinks.tokenHash, keyedHashes(token, PURPOSE))

/** The joined link's sender has its contract; a guest's own link has none. For queries over pay_links ⟕ contract_access. */
export const senderHasAccess = sql<boolean>`(${payLinks.accountId} is null
  or ${contractAccess.accountId} is not null and ${hasAccess})`

/** The access of the joined link's sender. */
export const ofSender = and(
  eq(contractAccess.accountId, payLinks.accountId),
  eq(contractAccess.contractId, payLinks.contractId),
)

/** Why nothing can be paid by a link at `now`; null: it can. */
export function endOf(
  link: { revokedAt: Date | null; expiresAt: Date; senderHasAccess: boolean },
  now: Date,
): LinkEnd | null {
  if (link.revokedAt || !link.senderHasAccess) return 'withdrawn'
  return link.expiresAt <= now ? 'expired' : null
}

const openStates = sql.raw(openAttemptStates.map(state => `'${state}'`).join(', '))

type InvoiceRow = StoredBalance & { id: number; period: IsoDate; cancelled: boolean; unpaid: number }

/** The link's invoices that are still its contract's, by due date. */
const linkInvoices = sql<
  InvoiceRow[]
>`(select coalesce(json_agg(json_build_object('id', ${invoices.id}, 'period', ${invoices.period},
    'cancelled', ${invoices.cancelledOn} is not null, 'unpaid', ${invoices.unpaid}, ${balanceJson()})
    order by ${invoices.dueOn}, ${invoices.number}), '[]')
  from ${payLinkInvoices} join ${invoices} on ${invoices.id} = ${payLinkInvoices.invoiceId}
  where ${payLinkInvoices.payLinkId} = ${payLinks.id} and ${invoices.contractId} = ${payLinks.contractId})`

/** Whether anybody else has an attempt at one of the link's invoices whose end is not known. */
export const paidByOthers = sql<boolean>`exists (
  select from payment_attempts other join payment_attempt_invoices chosen on chosen.attempt_id = other.id
  where chosen.contract_id = ${payLinks.contractId} and other.state in (${openStates})
    and other.pay_link_id is distinct from ${payLinks.id}
    and chosen.invoice_id in (select mine.invoice_id from pay_link_invoices mine where mine.pay_link_id = ${payLinks.id}))`

/** A standing payment first, then what is under way, then the newest try. */
const shownAttempt = sql<
  string | null
>`(select tried.id from payment_attempts tried where tried.pay_link_id = ${payLinks.id}
  order by exists (select from payments p where p.attempt_id = tried.id and p.reversed_on is null) desc,
    tried.state in (${openStates}) desc, tried.created_at desc, tried.id limit 1)`

const receipts = sql<string[]>`(select coalesce(json_agg(${payments.reference} order by ${payments.id}), '[]')
  from ${payments} join ${paymentAttempts} on ${paymentAttempts.id} = ${payments.attemptId}
  where ${paymentAttempts.payLinkId} = ${payLinks.id})`

/** The link of that token with what can be paid by it now; null: there is none, or it was forgotten. Changes nothing. */
export async function openPayLink(token: string, now: Date): Promise<OpenedLink | null> {
  const [row] = await database()
    .select({
      id: payLinks.id,
      accountId: payLinks.accountId,
      revokedAt: payLinks.revokedAt,
      expiresAt: payLinks.expiresAt,
      senderHasAccess,
      biller: {
        code: billers.code,
        name: billers.name,
        country: billers.country,
        phone: billers.contactPhone,
        email: billers.contactEmail,
        timeZone: billers.timeZone,
      },
      currency: billers.currency,
      remindFrom: billers.remindFrom,
      terms: joinedTerms,
      invoices: linkInvoices,
      beingPaid: paidByOthers,
      attemptId: shownAttempt,
      receipts,
    })
    .from(payLinks)
    .innerJoin(contracts, eq(contracts.id, payLinks.contractId))
    .innerJoin(billers, eq(billers.id, payLinks.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .leftJoin(contractAccess, ofSender)
    .where(hasToken(token))
  if (!row) return null
  const { accountId, revokedAt, expiresAt, senderHasAccess: hasLink, remindFrom, terms, ...link } = row
  const { timeZone } = link.biller
  const today = dayIn(timeZone, now)
  const rows = link.invoices.map(({ interestMillionths, ...invoice }) => {
    const balance = { ...invoice, interestMillionths: BigInt(interestMillionths) }
    const perDay = interestPerDay(invoice, balance, terms, today)
    return { ...invoice, due: amountDue(invoice, balance, terms, today), perDay }
  })
  const isPayable = ({ unpaid, cancelled }: (typeof rows)[number]) => unpaid > 0 && !cancelled
  const payable = rows.filter(isPayable)
  return {
    ...link,
    isSent: accountId !== null,
    end: endOf({ revokedAt, expiresAt, senderHasAccess: hasLink }, now),
    lastDay: dayIn(timeZone, expiresAt),
    today,
    invoices: payable.map(({ id, period, dueOn, due }) => {
      const overdue = isOverdue(dueOn, due.total, { remindFrom }, today)
      return { id, period, dueOn, overdue, ...due }
    }),
    gone: rows
      .filter(one => !isPayable(one))
      .map(({ period, cancelled }) => ({ period, isCancelled: cancelled })),
    perDay: payable.reduce((sum, { perDay }) => sum + perDay, 0),
  }
}

/** The receipt of a payment by the link of that token, the first or the one of that number; null where there is none. */
export async function getLinkReceipt(token: string, number?: string): Promise<Receipt | null> {
  const [link] = await database().select({ id: payLinks.id }).from(payLinks).where(hasToken(token))
  return link ? getReceipt({ payLinkId: link.id }, undefined, number) : null
}

/** The link that an attempt is by; null where it is an account's, or there is none. */
export async function findLinkOf(attemptId: string): Promise<string | null> {
  const [attempt] = await database()
    .select({ payLinkId: paymentAttempts.payLinkId })
    .from(paymentAttempts)
    .where(eq(paymentAttempts.id, attemptId))
  return attempt?.payLinkId ?? null
}

/** Which of these tokens is the link's; undefined: none. */
export async function findToken(payLinkId: string, tokens: readonly string[]): Promise<string | undefined> {
  const [link] = await database()
    .select({ tokenHash: payLinks.tokenHash })
    .from(payLinks)
    .where(eq(payLinks.id, payLinkId))
  return tokens.find(token => link && keyedHashes(token, PURPOSE).includes(link.tokenHash))
}

/** So many of the newest. */
const MOST_SHOWN = 50

const periods = sql<
  IsoDate[]
>`(select coalesce(json_agg(distinct ${invoices.period} order by ${invoices.period}), '[]')
  from ${payLinkInvoices} join ${invoices} on ${invoices.id} = ${payLinkInvoices.invoiceId}
  where ${payLinkInvoices.payLinkId} = ${payLinks.id})`

const taken = sql<{ paid: number; surplus: number; isOpen: boolean }>`(select json_build_object(
    'paid', coalesce(sum(p.amount) filter (where p.reversed_on is null), 0),
    'surplus', coalesce(sum(p.amount - p.allocated - ${givenBack(sql`p.id`)}) filter (where p.reversed_on is null), 0),
    'isOpen', coalesce(bool_or(tried.state in (${openStates})), false))
  from payment_attempts tried left join payments p on p.attempt_id = tried.id where tried.pay_link_id = ${payLinks.id})`

/** The customer's own links, the newest first, and what became of each. */
export async function listSentLinks(customer: { id: string }, now: Date): Promise<SentLink[]> {
  const rows = await database()
    .select({
      id: payLinks.id,
      revokedAt: payLinks.revokedAt,
      expiresAt: payLinks.expiresAt,
      createdAt: payLinks.createdAt,
      senderHasAccess,
      billerName: billers.name,
      contractCode: contracts.code,
      currency: billers.currency,
      timeZone: billers.timeZone,
      periods,
      taken,
    })
    .from(payLinks)
    .innerJoin(contracts, eq(contracts.id, payLinks.contractId))
    .innerJoin(billers, eq(billers.id, payLinks.billerId))
    .leftJoin(contractAccess, ofSender)
    .where(eq(payLinks.accountId, customer.id))
    .orderBy(desc(payLinks.createdAt), payLinks.id)
    .limit(MOST_SHOWN)
  return rows.map(({ revokedAt, senderHasAccess, taken: { paid, surplus, isOpen }, ...link }) => {
    const end = endOf({ revokedAt, senderHasAccess, expiresAt: link.expiresAt }, now)
    const state = paid > 0 ? 'paid' : isOpen ? 'beingPaid' : (end ?? 'open')
    return { ...link, paid, surplus, state, canBeWithdrawn: end === null && paid === 0 }
  })
}

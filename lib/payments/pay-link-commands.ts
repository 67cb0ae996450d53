// Makes and withdraws links to pay by: a customer's to send, a guest's own.
import { randomBytes } from 'node:crypto'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payLinkInvoices, payLinks } from '../../db/schema/pay-links.ts'
import { type BillerCode, billerCodes } from '../billers/contract-codes.ts'
import { hasCodes, hasContract, isAccess, isOwnInvoice, selectAccess } from '../contracts/access.ts'
import { okOnce } from '../forms/answers.ts'
import type { Locale } from '../i18n/locale.ts'
import { answering } from '../platform/answering.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import { countTries, countTry, type Wait } from '../platform/rate-limits.ts'
import { fail, type Result } from '../platform/result.ts'
import { keyedHash, resealEach } from '../platform/seal.ts'
import { isPaymentOffered } from './queries.ts'
import { RECEIPT_TO, sealReceiptTo } from './receipt-to.ts'

const TOKEN_BYTES = 16
const DAY_MS = 24 * 3_600_000

type NewLink = {
  accountId: string | null
  contract: { id: number; billerId: number }
  invoiceIds: number[]
  language: Locale
  email?: string
}

/** The token of a new link: it stands in its address, and sealed beside the e-mail address where one is given. */
async function insertLink(
  tx: Transaction,
  { accountId, contract, invoiceIds, language, email }: NewLink,
  now: Date,
): Promise<{ id: string; token: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const [link] = await tx
    .insert(payLinks)
    .values({
      tokenHash: keyedHash(token, 'pay links'),
      accountId,
      billerId: contract.billerId,
      contractId: contract.id,
      language,
      sealedEmail: email === undefined ? null : sealReceiptTo({ email, token }),
      createdAt: now,
      expiresAt: new Date(now.getTime() + env().PAY_LINK_DAYS * DAY_MS),
    })
    .returning({ id: payLinks.id })
  const { id } = link!
  await tx.insert(payLinkInvoices).values(invoiceIds.map(invoiceId => ({ payLinkId: id, invoiceId })))
  return { id, token }
}

const isUnpaid = and(sql`${invoices.unpaid} > 0`, isNull(invoices.cancelledOn))

/** A link to these unpaid invoices of one of the customer's contracts; `notFound`: one of them is not there. */
export async function makePayLink(
  customer: { id: string; language: Locale },
  contract: { biller: string; code: string },
  invoiceIds: number[],
  now: Date,
): Promise<Result<{ id: string; token: string }, 'notFound' | 'alreadyPaid' | 'unavailable'>> {
  const biller = billerCodes.find(code => code === contract.biller)
  if (!biller) return fail('notFound')
  if (!(await isPaymentOffered(biller))) return fail('unavailable')
  return database().transaction(async tx => {
    const [found] = await tx
      .select({ id: contracts.id, billerId: contracts.billerId })
      .from(contractAccess)
      .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
      .innerJoin(contracts, eq(contracts.id, contractAccess.contractId))
      .innerJoin(billers, eq(billers.id, contracts.billerId))
      .where(and(hasContract(customer.id, contract.biller, contract.code), isNull(accounts.closedAt)))
      // Against being closed, which withdraws its links.
      .for('key share', { of: accounts })
    if (!found) return fail('notFound')
    const chosen = [...new Set(invoiceIds)]
    const rows = await selectAccess(tx, { id: invoices.id, isUnpaid: sql<boolean>`${isUnpaid}` })
      .innerJoin(invoices, eq(invoices.contractId, contracts.id))
      .where(and(isAccess(customer.id, found.id), inArray(invoices.id, chosen), isOwnInvoice))
    if (rows.length < chosen.length) return fail('notFound')
    if (rows.some(row => !row.isUnpaid)) return fail('alreadyPaid')
    const { language } = customer
    const link = await insertLink(
      tx,
      { accountId: customer.id, contract: found, invoiceIds: chosen, language },
      now,
    )
    await recordEvent(tx, {
      accountId: customer.id,
      action: 'pay-link.made',
      subject: `contract:${found.id}`,
      details: { link: link.id, invoices: chosen.length },
      at: now,
    })
    return okOnce(tx, link)
  })
}

/** Ends one of the customer's own links at once; what is under way at the bank goes on. */
export async function withdrawPayLink(
  customer: { id: string },
  id: string,
  now: Date,
): Promise<Result<undefined, 'notFound'>> {
  return database().transaction(async tx => {
    const [link] = await tx
      .update(payLinks)
      .set({ revokedAt: sql`coalesce(${payLinks.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(and(eq(payLinks.id, id), eq(payLinks.accountId, customer.id)))
      .returning({ contractId: payLinks.contractId })
    if (!link) return fail('notFound')
    await recordEvent(tx, {
      accountId: customer.id,
      action: 'pay-link.withdrawn',
      subject: `contract:${link.contractId}`,
      details: { link: id },
      at: now,
    })
    return okOnce(tx, undefined)
  })
}

/** Of an account that is being closed. */
export async function withdrawLinksOf(tx: Transaction, accountId: string, now: Date): Promise<void> {
  await tx
    .update(payLinks)
    .set({ revokedAt: now })
    .where(and(eq(payLinks.accountId, accountId), isNull(payLinks.revokedAt)))
}

/** What stands on a bill, and where its payer wants the receipt sent. */
type Bill = { biller: BillerCode; contractCode: string; invoiceNumber: string; email?: string }

/**
 * A link of the guest's own to the unpaid invoice of that contract and number (or payment reference). `nothingToPay` is the one answer
 * for what is unknown, wrong, paid or cancelled, found by one statement. Numbers can be guessed: tries are counted for the address,
 * for it and the contract, and for the contract whoever asks; those that find something too.
 */
export async function findToPay(
  { biller, contractCode, invoiceNumber, email }: Bill,
  language: Locale,
  now: Date,
): Promise<Result<{ token: string }, 'nothingToPay' | 'unavailable'> | Wait> {
  if (!(await isPaymentOffered(biller))) return fail('unavailable')
  const address = answering.getStore()?.address ?? null
  const about = `${biller} ${contractCode}`
  const { seconds } = await countTries(
    [limits.billsOfAddressAndContract(), { address, about }],
    [limits.billsOfAddress(), { address }],
    [limits.billsOfContract(), about],
  )
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const link = await linkToBill({ biller, contractCode, invoiceNumber, email }, language, now)
  if (!link) await countAsProof(biller, contractCode)
  return link ?? fail('nothingToPay')
}

/** A guest's own link to the bill, where it is unpaid. */
function linkToBill({ biller, contractCode, invoiceNumber, email }: Bill, language: Locale, now: Date) {
  return database().transaction(async tx => {
    const number = invoiceNumber.toUpperCase()
    const [bill] = await tx
      .select({ id: invoices.id, contractId: contracts.id, billerId: contracts.billerId })
      .from(contracts)
      .innerJoin(billers, eq(billers.id, contracts.billerId))
      .innerJoin(invoices, eq(invoices.contractId, contracts.id))
      .where(
        and(
          hasCodes(biller, contractCode),
          sql`(upper(${invoices.number}) = ${number} or upper(${invoices.paymentReference}) = ${number})`,
          isUnpaid,
        ),
      )
      .orderBy(invoices.dueOn, invoices.id)
      .limit(1)
    if (!bill) return undefined
    const contract = { id: bill.contractId, billerId: bill.billerId }
    const link = await insertLink(
      tx,
      { accountId: null, contract, invoiceIds: [bill.id], language, email },
      now,
    )
    return okOnce(tx, { token: link.token })
  })
}

/**
 * Where an invoice's number is a proof, one that finds nothing may be a guess at it, and counts as a wrong proof of the contract. Of a
 * contract that there is not as much is done; whoever asks is told nothing of it.
 */
async function countAsProof(biller: BillerCode, contractCode: string): Promise<void> {
  const [found] = await database()
    .select({ paperProof: billers.paperProof, contractId: contracts.id })
    .from(billers)
    .leftJoin(contracts, and(eq(contracts.billerId, billers.id), eq(contracts.code, contractCode)))
    .where(eq(billers.code, biller))
  if (found?.paperProof !== 'number') return
  await countTry(limits.proofsOfContract(), String(found.contractId ?? `${biller} ${contractCode}`))
}

/** Seals every e-mail address under AUTH_SECRET that is not yet (npm run reseal). */
export async function resealLinkEmails(): Promise<{ sealed: number; unreadable: number }> {
  const rows = await database()
    .select({ id: payLinks.id, sealed: sql<string>`${payLinks.sealedEmail}` })
    .from(payLinks)
    .where(sql`${payLinks.sealedEmail} is not null`)
  return resealEach(rows, RECEIPT_TO, (row, sealedEmail) =>
    database().update(payLinks).set({ sealedEmail }).where(eq(payLinks.id, row.id)),
  )
}

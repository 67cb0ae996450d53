// Begins attempts by links: of whoever has one, whose sender or nobody has an account.
import { eq, inArray, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { openAttemptStates } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payLinkInvoices, payLinks } from '../../db/schema/pay-links.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import type { Locale } from '../i18n/locale.ts'
import { lockContract } from '../ledger/commands.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { stoppedUntil } from '../maintenance/queries.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import type { Wait } from '../platform/rate-limits.ts'
import { fail, ok } from '../platform/result.ts'
import { accountInUse } from './accounts.ts'
import type { GatewayAccount } from './gateways/gateway.ts'
import { withinLockWait } from './lock-wait.ts'
import {
  type Begun,
  findBegun,
  insertAttempt,
  linesDue,
  secondsForGuests,
  secondsToWait,
} from './new-attempts.ts'
import { endOf, hasToken, ofSender, paidByOthers, senderHasAccess } from './pay-links.ts'
import { sealReceiptTo } from './receipt-to.ts'

/** `shown`: the total of each invoice on the page, in minor units. `toldBeingPaid`: that somebody else is paying. */
type LinkForm = {
  shown: Map<number, number>
  toldBeingPaid: boolean
  email: string | undefined
  language: Locale
  idempotencyKey: string
}

/**
 * Begins an attempt to pay all that a link can pay now, at the amounts that were shown. It holds no invoice: whoever else pays them is
 * told and not kept from it. Of one link one attempt at a time. The same form sent twice is the same attempt. `linkEnded`: it was
 * withdrawn or has expired. `wait`: guests began to pay of the contract too often of late and did not pay.
 */
export async function beginByLink(
  token: string,
  form: LinkForm,
  now: Date,
): Promise<Begun<'linkEnded'> | Wait> {
  const biller = await billerOf(token)
  if (!biller) return fail('notFound')
  const account = await accountInUse(biller.id, biller.currency)
  if (!account) return fail('unavailable')
  const result = await withinLockWait(database(), tx => begin(tx, token, form, account, now))
  return result === 'busy' ? fail('busy') : result
}

async function begin(
  tx: Transaction,
  token: string,
  form: LinkForm,
  account: GatewayAccount,
  now: Date,
): Promise<Begun<'linkEnded'> | Wait> {
  // Contract before link: whoever holds the contract, as a feed or a bank's answer does, waits for no link.
  await lockContract(tx, tx.select({ id: payLinks.contractId }).from(payLinks).where(hasToken(token)))
  const link = await lockLink(tx, token)
  if (!link) return fail('notFound')
  const payer = { payLinkId: link.id }
  const known = await findBegun(tx, payer, form.idempotencyKey)
  if (known) return ok(known)
  if (endOf(link, now)) return fail('linkEnded')
  const until = await stoppedUntil(tx, now)
  if (until) return { ok: false, code: 'maintenance', until }
  const earlier = await earlierAttempt(tx, link.id)
  if (earlier) return fail(earlier)
  const ids = tx
    .select({ id: payLinkInvoices.invoiceId })
    .from(payLinkInvoices)
    .where(eq(payLinkInvoices.payLinkId, link.id))
  const chosen = (await ids).map(({ id }) => id)
  const { contract } = link
  const today = dayIn(contract.timeZone, now)
  const due = await linesDue(tx, [contract.id], contract.interestTerms, chosen, today)
  const lines = due.filter(({ total }) => total > 0)
  if (lines.length === 0) return fail('alreadyPaid')
  const isAsShown =
    lines.length === form.shown.size &&
    lines.every(({ invoiceId, total }) => form.shown.get(invoiceId) === total)
  if (!isAsShown) return fail('amountChanged')
  if (link.paidByOthers && !form.toldBeingPaid) return fail('beingPaid')
  const seconds = await secondsToWait(tx, payer, now)
  if (seconds > 0) return { ok: false, code: 'tooOften', seconds }
  const guestsWait = link.isSent ? 0 : await secondsForGuests(tx, contract.id, now)
  if (guestsWait > 0) return { ok: false, code: 'wait', seconds: guestsWait }
  await tx
    .update(payLinks)
    .set({
      language: form.language,
      // A guest's own was told where to when it was made; one that was sent may have had another payer before.
      ...((form.email !== undefined || link.isSent) && {
        sealedEmail: form.email === undefined ? null : sealReceiptTo({ email: form.email, token }),
      }),
    })
    .where(eq(payLinks.id, link.id))
  const { idempotencyKey } = form
  return ok(await insertAttempt(tx, payer, contract, lines, account, { idempotencyKey }, now))
}

/** Which biller a link pays. */
async function billerOf(token: string) {
  const [row] = await database()
    .select({ id: billers.id, currency: billers.currency })
    .from(payLinks)
    .innerJoin(billers, eq(billers.id, payLinks.billerId))
    .where(hasToken(token))
  return row
}

/** Locked against being withdrawn meanwhile. */
async function lockLink(tx: Transaction, token: string) {
  const [row] = await tx
    .select({
      id: payLinks.id,
      isSent: sql<boolean>`${payLinks.accountId} is not null`,
      revokedAt: payLinks.revokedAt,
      expiresAt: payLinks.expiresAt,
      senderHasAccess,
      paidByOthers,
      contract: {
        id: contracts.id,
        billerId: contracts.billerId,
        currency: billers.currency,
        timeZone: billers.timeZone,
        interestTerms: joinedTerms,
      },
    })
    .from(payLinks)
    .innerJoin(contracts, eq(contracts.id, payLinks.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .leftJoin(contractAccess, ofSender)
    .where(hasToken(token))
    .for('no key update', { of: payLinks })
  return row
}

/** Of a payment by the link whose end is not known, or that the bank has taken. */
async function earlierAttempt(
  tx: Transaction,
  payLinkId: string,
): Promise<'underWay' | 'alreadyPaid' | undefined> {
  const standing = sql<boolean>`exists (select from payments p
    where p.attempt_id = payment_attempts.id and p.reversed_on is null)`
  const rows = await tx
    .select({ isOpen: inArray(paymentAttempts.state, openAttemptStates).mapWith(Boolean), standing })
    .from(paymentAttempts)
    .where(eq(paymentAttempts.payLinkId, payLinkId))
  if (rows.some(row => row.isOpen)) return 'underWay'
  return rows.some(row => row.standing) ? 'alreadyPaid' : undefined
}

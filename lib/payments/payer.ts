// Who pays: the customer of an account, or whoever has a link.
import { eq, type SQL, sql } from 'drizzle-orm'
import { openAttemptStates } from '../../db/enums.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'

/** `id`: of the account. */
export type Payer = { id: string } | { payLinkId: string }

/** On the way to the bank, in this language. */
export type PayerAtBank = Payer & { language: string }

/** The joined attempt is the payer's own. */
export const isPayers = (payer: Payer): SQL =>
  'id' in payer ? eq(paymentAttempts.accountId, payer.id) : eq(paymentAttempts.payLinkId, payer.payLinkId)

/** The columns that say so. */
export const payerColumns = (payer: Payer) =>
  'id' in payer ? { accountId: payer.id } : { payLinkId: payer.payLinkId }

/** For the audit log: of whoever has a link it knows nobody. */
export const accountOf = (payer: Payer): string | undefined => ('id' in payer ? payer.id : undefined)

const open = sql.raw(openAttemptStates.map(state => `'${state}'`).join(', '))

/**
 * Ids of the invoices of the contract `contractId` (SQL, or `any (…)`) that somebody is paying by a link, as JSON: they are not held, and who
 * comes second is told.
 */
export const paidByLinks = (contractId: SQL) => sql<
  number[]
>`(select coalesce(json_agg(distinct chosen.invoice_id), '[]')
  from payment_attempt_invoices chosen join payment_attempts linked on linked.id = chosen.attempt_id
  where chosen.contract_id = ${contractId} and linked.pay_link_id is not null and linked.state in (${open}))`

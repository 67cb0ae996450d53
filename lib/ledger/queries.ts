// What of the ledger other statements read: the balance of an invoice, and a biller's terms of late interest.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { invoices } from '../../db/schema/billing.ts'
import type { InterestTerm } from './interest-rules.ts'

/** A time as lib/ledger/interest-rules.ts compares it: milliseconds since 1970. */
export const epochMs = (time: SQLWrapper): SQL<number> => sql`(extract(epoch from ${time}) * 1000)::float8`

/**
 * All terms of the biller with that id, for a lateral join. Those of all billers are read once a statement: they are few, and
 * PostgreSQL would read the biller's once an invoice.
 */
export const interestOf = (billerId: SQLWrapper): SQL =>
  sql`(with known as materialized (
      select t.biller_id, json_agg(json_build_object('fromOn', t.from_on, 'untilOn', t.until_on, 'perDayPpm', t.per_day_ppm,
        'capPercent', t.cap_percent, 'recordedAt', ${epochMs(sql`t.recorded_at`)}) order by t.id) as terms
      from interest_terms t group by t.biller_id)
    select coalesce((select known.terms from known where known.biller_id = ${billerId}), '[]') as terms) interest`

/** Its column. */
export const joinedTerms = sql<InterestTerm[]>`interest.terms`

/** What amountDue needs of the joined invoice, beside the terms. */
export const balanceColumns = {
  dueOn: invoices.dueOn,
  principal: invoices.principal,
  tvTax: invoices.tvTax,
  principalPaid: invoices.principalPaid,
  tvTaxPaid: invoices.tvTaxPaid,
  interestPaid: invoices.interestPaid,
  interestMillionths: invoices.interestMillionths,
  interestCountedTo: invoices.interestCountedTo,
}

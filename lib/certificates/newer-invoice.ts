// Whether a certificate has expired, as SQL: for queries over certificates.
import { sql } from 'drizzle-orm'
import { certificates } from '../../db/schema/certificates.ts'

/**
 * The covered contracts, or one that the business has got since, have an invoice that the certificate does not know. Looked for by
 * contract: newer ones than an old certificate's are most of the table.
 */
export const hasNewerInvoice = sql<boolean>`exists (
  select from (
    select unnest(${certificates.contractIds}) as id
    union
    select k.id from contracts k where ${certificates.kind} <> 'household' and k.biller_id = ${certificates.billerId}
      and k.business_number = split_part(${certificates.subject}, ':', 2)) as covered
  where (select bool_or(i.id > ${certificates.lastInvoiceId}) from invoices i where i.contract_id = covered.id))`

-- outside a transaction
-- What lists of unpaid invoices read lies in the index, as each invoice is a page of its own. Takes the place of invoices_unpaid.
-- A column that is added to such a list and not here costs it a page an invoice again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "invoices_unpaid_of_contract" ON "invoices" USING btree ("contract_id","due_on","number")
  INCLUDE ("id","period","period_from","issued_on","units","principal","tv_tax","principal_paid","tv_tax_paid","interest_paid",
    "interest_millionths","interest_counted_to","corrected_at")
  WHERE unpaid > 0 and cancelled_on is null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "invoices_unpaid";
--> statement-breakpoint
-- What is being paid of an account's contracts.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempt_invoices_live" ON "payment_attempt_invoices" USING btree ("contract_id") WHERE live;

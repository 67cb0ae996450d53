-- outside a transaction
-- What a page of notices tells of is read by account and by contract, where it lies together: by notice, by invoice and by payment each
-- row is a page of its own.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "notice_items_of_account" ON "notice_items" USING btree ("account_id","notice_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_allocations_of_contract" ON "payment_allocations" USING btree ("contract_id","invoice_id")
  INCLUDE ("payment_id");
--> statement-breakpoint
-- Takes the place of payments_contract.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payments_of_contract" ON "payments" USING btree ("contract_id","paid_on") INCLUDE ("id");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "payments_contract";

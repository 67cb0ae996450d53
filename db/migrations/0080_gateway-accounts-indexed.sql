-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payments_left_over" ON "payments" USING btree ("biller_id","received_at") WHERE attempt_id is not null and reversed_on is null and allocated + refunded < amount;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempt_invoices_contract" ON "payment_attempt_invoices" USING btree ("contract_id","attempt_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempts_account_created" ON "payment_attempts" USING btree ("account_id","created_at");
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempts_bank_order" ON "payment_attempts" USING btree ("gateway_account_id","bank_order_id") WHERE bank_order_id is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "payments_attempt_transaction_new" ON "payments" USING btree ("attempt_id","transaction_id","contract_id");
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "payment_events_dedup_new" ON "payment_events" USING btree ("gateway","gateway_account_id","dedup_key") NULLS NOT DISTINCT;

-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "messages_failed" ON "messages" USING btree ("channel","created_at") WHERE state = 'failed';
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_events_account" ON "payment_events" USING btree ("gateway_account_id","received_at") WHERE authentic;

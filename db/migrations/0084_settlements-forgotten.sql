-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_exceptions_settlement_row" ON "payment_exceptions" USING btree ("settlement_row_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "settlement_files_loaded" ON "settlement_files" USING btree ("loaded_at");

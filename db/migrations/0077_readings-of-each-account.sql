-- outside a transaction
ALTER TABLE "customer_readings" ADD COLUMN IF NOT EXISTS "by_holder" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "customer_readings_day_of_account" ON "customer_readings" USING btree ("contract_id","read_on","account_id") WHERE withdrawn_at is null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "customer_readings_day";

-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payments_ours_received" ON "payments" USING btree ("biller_id","received_at") WHERE attempt_id is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payments_ours_reversed" ON "payments" USING btree ("biller_id","reversed_on") WHERE attempt_id is not null and reversed_on is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_failed ON graphile_worker._private_jobs (task_id, created_at) WHERE attempts >= max_attempts AND locked_at IS NULL;

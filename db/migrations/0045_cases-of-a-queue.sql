-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_open" ON "cases" USING btree ("queue","biller_id",coalesce(due_at, created_at),"id") WHERE state in ('pending', 'taken', 'waiting');
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_decided" ON "cases" USING btree ("queue","biller_id","decided_at","id") WHERE state in ('accepted', 'rejected', 'withdrawn');

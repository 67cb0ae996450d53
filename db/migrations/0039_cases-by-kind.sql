-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_open_by_kind" ON "cases" USING btree ("queue","biller_id","kind","state","created_at","id") WHERE state in ('pending', 'taken', 'waiting');--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_decided_by_kind" ON "cases" USING btree ("queue","biller_id","kind","state","decided_at","id") WHERE state in ('accepted', 'rejected', 'withdrawn');--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "cases_open";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "cases_decided";

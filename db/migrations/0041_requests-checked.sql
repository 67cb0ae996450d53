-- outside a transaction
ALTER TABLE "documents" VALIDATE CONSTRAINT "documents_draft_id_case_drafts_id_fk";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_open_by_due" ON "cases" USING btree ("queue","biller_id","kind","state",coalesce(due_at, created_at),"id") WHERE state in ('pending', 'taken', 'waiting');
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_contract" ON "cases" USING btree ("contract_id","created_at") WHERE contract_id is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "cases_number" ON "cases" USING btree ("biller_id","number") WHERE number is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "documents_draft" ON "documents" USING btree ("draft_id") WHERE draft_id is not null;
--> statement-breakpoint
ALTER TABLE "case_events" VALIDATE CONSTRAINT "case_events_moves";
--> statement-breakpoint
ALTER TABLE "cases" VALIDATE CONSTRAINT "cases_limit";
--> statement-breakpoint
ALTER TABLE "cases" VALIDATE CONSTRAINT "cases_limit_unit";

-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "accounts_statement_day" ON "accounts" USING btree ("statement_day") WHERE statement_day is not null;--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "messages_notice" ON "messages" USING btree ("notice_id","channel") WHERE notice_id is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "messages_notices_due" ON "messages" USING btree ("channel","send_after") WHERE state = 'queued' and notice_id is not null;

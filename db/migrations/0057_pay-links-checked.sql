-- outside a transaction
ALTER TABLE "payment_attempts" VALIDATE CONSTRAINT "payment_attempts_pay_link_id_pay_links_id_fk";--> statement-breakpoint
ALTER TABLE "payment_attempts" VALIDATE CONSTRAINT "payment_attempts_payer";--> statement-breakpoint
ALTER TABLE "payment_attempts" VALIDATE CONSTRAINT "payment_attempts_link_holds_none";--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempts_link" ON "payment_attempts" USING btree ("pay_link_id","idempotency_key") WHERE pay_link_id is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempts_open_link" ON "payment_attempts" USING btree ("contract_id") WHERE pay_link_id is not null and state in ('created', 'pending', 'authorised', 'in_doubt');

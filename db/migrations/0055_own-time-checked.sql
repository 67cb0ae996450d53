-- outside a transaction
ALTER TABLE "contract_access" VALIDATE CONSTRAINT "contract_access_handed_over";--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contract_access_ends" ON "contract_access" USING btree ("ends_at") WHERE ends_at is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contract_access_handover" ON "contract_access" USING btree ("handover_at") WHERE handover_on is not null;

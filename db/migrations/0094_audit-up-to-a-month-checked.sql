-- outside a transaction
ALTER TABLE "audit_events" VALIDATE CONSTRAINT "audit_events_before";--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "audit_events_before_pkey" ON "audit_events" USING btree ("id","at");

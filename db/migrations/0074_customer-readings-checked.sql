-- outside a transaction
ALTER TABLE "documents" VALIDATE CONSTRAINT "documents_reading_id_customer_readings_id_fk";--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "documents_reading" ON "documents" USING btree ("reading_id") WHERE reading_id is not null;

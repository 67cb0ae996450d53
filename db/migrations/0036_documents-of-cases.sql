-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "documents_case" ON "documents" USING btree ("case_id");
--> statement-breakpoint
ALTER TABLE documents VALIDATE CONSTRAINT documents_case_id_cases_id_fk;

ALTER TABLE "documents" ADD COLUMN "scan" text;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "removed_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "documents_account" ON "documents" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "documents_unscanned" ON "documents" USING btree ("created_at") WHERE "documents"."scan" is null and "documents"."removed_at" is null;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_scan" CHECK ("documents"."scan" in ('clean', 'infected'));--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_infected" CHECK ("documents"."scan" is distinct from 'infected' or "documents"."removed_at" is not null);
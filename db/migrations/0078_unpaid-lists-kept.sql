-- unused since 0076_unpaid-lists (the code locks the account, and no statement names the constraint)
ALTER TABLE "unpaid_lists" DROP CONSTRAINT "unpaid_lists_one";--> statement-breakpoint
ALTER TABLE "unpaid_lists" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "unpaid_lists" ADD COLUMN "listed_hash" text;--> statement-breakpoint
CREATE INDEX "unpaid_lists_account" ON "unpaid_lists" USING btree ("account_id","requested_at");
ALTER TABLE "messages" ADD COLUMN "case_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "case_move" text;
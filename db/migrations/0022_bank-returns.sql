ALTER TABLE "payment_attempts" ADD COLUMN "untried_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "returned_at" timestamp with time zone;
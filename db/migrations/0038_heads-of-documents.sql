ALTER TABLE "billers" ADD COLUMN "legal_name" text;--> statement-breakpoint
ALTER TABLE "billers" ADD COLUMN "business_number" text;--> statement-breakpoint
ALTER TABLE "billers" ADD COLUMN "address" text;
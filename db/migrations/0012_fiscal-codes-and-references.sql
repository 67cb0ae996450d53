ALTER TABLE "invoices" ADD COLUMN "nivf" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "nslf" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "fiscal_qr" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "payment_reference" text;--> statement-breakpoint
ALTER TABLE "contracts" ADD COLUMN "customer_category" text;
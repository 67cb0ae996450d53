ALTER TABLE "billers" ADD COLUMN "remind_from" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "sent_to_bank_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "transaction_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sandbox_bank_orders" ADD COLUMN "decided_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sandbox_bank_orders" ADD COLUMN "page_opened_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "billers" ADD CONSTRAINT "billers_remind_from" CHECK ("billers"."remind_from" >= 0);--> statement-breakpoint
-- What a payment may leave over without anybody being reminded: 50 lek, 50 cents. Ours to choose, and each biller's to change.
UPDATE "billers" SET "remind_from" = CASE "currency" WHEN 'ALL' THEN 5000 ELSE 50 END;--> statement-breakpoint
-- Of older attempts nobody knows whether the customer was led to the bank: as if so.
UPDATE "payment_attempts" SET "sent_to_bank_at" = "created_at";

ALTER TABLE "businesses" ADD COLUMN "idempotency_key" text;--> statement-breakpoint
ALTER TABLE "disputes" ADD COLUMN "idempotency_key" text;--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_account_idempotency_key" UNIQUE("account_id","idempotency_key");--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_idempotency_key" UNIQUE("idempotency_key");
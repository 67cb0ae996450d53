-- A late answer may reopen an attempt whose invoices are in another one by then: it is `released`, and not live.
-- The generated column can only be replaced, with everything that hangs on it.
ALTER TABLE "payment_attempts" ADD COLUMN "released" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" DROP CONSTRAINT "payment_attempt_invoices_attempt_id_live_payment_attempts_id_live_fk";--> statement-breakpoint
ALTER TABLE "payment_attempts" DROP COLUMN "live";--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "live" boolean GENERATED ALWAYS AS (state in ('created', 'pending', 'authorised', 'in_doubt') and not released) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_live" UNIQUE("id","live");--> statement-breakpoint
CREATE INDEX "payment_attempts_open" ON "payment_attempts" USING btree ("created_at") WHERE live;--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" ADD CONSTRAINT "payment_attempt_invoices_attempt_id_live_payment_attempts_id_live_fk" FOREIGN KEY ("attempt_id","live") REFERENCES "public"."payment_attempts"("id","live") ON DELETE no action ON UPDATE cascade;

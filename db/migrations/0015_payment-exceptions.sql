CREATE TABLE "payment_exceptions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payment_exceptions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"gateway" text NOT NULL,
	"order_number" text NOT NULL,
	"transaction_id" text NOT NULL,
	"attempt_id" uuid,
	"event_id" bigint NOT NULL,
	"payment_id" bigint,
	"opened_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "payment_exceptions_told" UNIQUE("gateway","order_number","transaction_id","kind"),
	CONSTRAINT "payment_exceptions_kind" CHECK ("payment_exceptions"."kind" in ('unknown_order', 'wrong_merchant', 'wrong_currency', 'wrong_amount', 'no_transaction', 'second_capture', 'after_void')),
	CONSTRAINT "payment_exceptions_attempt_known" CHECK (("payment_exceptions"."attempt_id" is null) = ("payment_exceptions"."kind" = 'unknown_order') and ("payment_exceptions"."payment_id" is null or "payment_exceptions"."attempt_id" is not null))
);
--> statement-breakpoint
DROP INDEX "payment_attempts_open";--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_attempt_id_payment_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."payment_attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_event_id_payment_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."payment_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payment_exceptions_attempt" ON "payment_exceptions" USING btree ("attempt_id");--> statement-breakpoint
CREATE INDEX "payment_exceptions_open" ON "payment_exceptions" USING btree ("opened_at") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "payment_attempts_closed" ON "payment_attempts" USING btree ("state_changed_at") WHERE state in ('declined', 'cancelled', 'expired');--> statement-breakpoint
CREATE INDEX "payment_events_unapplied" ON "payment_events" USING btree ("attempt_id") WHERE authentic and applied_at is null;--> statement-breakpoint
CREATE INDEX "payment_attempts_open" ON "payment_attempts" USING btree ("created_at") WHERE state in ('created', 'pending', 'authorised', 'in_doubt');
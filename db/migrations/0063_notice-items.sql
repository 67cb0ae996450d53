ALTER TABLE "messages" DROP CONSTRAINT "messages_state";--> statement-breakpoint
ALTER TABLE "notice_items" ADD COLUMN "contract_id" bigint;--> statement-breakpoint
ALTER TABLE "notice_items" ADD COLUMN "payment_id" bigint;--> statement-breakpoint
ALTER TABLE "notice_items" ADD COLUMN "disconnection_id" bigint;--> statement-breakpoint
ALTER TABLE "notice_items" ADD COLUMN "outage_id" bigint;--> statement-breakpoint
ALTER TABLE "notice_items" ADD CONSTRAINT "notice_items_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "notice_items" ADD CONSTRAINT "notice_items_disconnection_id_disconnections_id_fk" FOREIGN KEY ("disconnection_id") REFERENCES "public"."disconnections"("id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "notice_items" ADD CONSTRAINT "notice_items_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_state" CHECK ("messages"."state" in ('queued', 'sent', 'delivered', 'failed', 'dropped')) NOT VALID;

-- outside a transaction
ALTER TABLE "messages" VALIDATE CONSTRAINT "messages_state";--> statement-breakpoint
ALTER TABLE "notice_items" VALIDATE CONSTRAINT "notice_items_payment_id_payments_id_fk";--> statement-breakpoint
ALTER TABLE "notice_items" VALIDATE CONSTRAINT "notice_items_disconnection_id_disconnections_id_fk";--> statement-breakpoint
ALTER TABLE "notice_items" VALIDATE CONSTRAINT "notice_items_outage_id_outages_id_fk";

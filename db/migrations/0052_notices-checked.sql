-- outside a transaction
ALTER TABLE "messages" VALIDATE CONSTRAINT "messages_notice_id_notices_id_fk";--> statement-breakpoint
ALTER TABLE "accounts" VALIDATE CONSTRAINT "accounts_statement_day";--> statement-breakpoint
ALTER TABLE "messages" VALIDATE CONSTRAINT "messages_sealed";

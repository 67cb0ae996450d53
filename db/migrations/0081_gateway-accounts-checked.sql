ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_settlement_row_id_settlement_rows_id_fk";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_resolved_by_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" VALIDATE CONSTRAINT "payment_attempt_invoices_contract_id_contracts_id_fk";
--> statement-breakpoint
ALTER TABLE "payment_attempts" VALIDATE CONSTRAINT "payment_attempts_gateway_account_id_gateway_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "payment_events" VALIDATE CONSTRAINT "payment_events_gateway_account_id_gateway_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "payments" VALIDATE CONSTRAINT "payments_refunded";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_note";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_kind";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_told_by";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_attempt_known";
--> statement-breakpoint
ALTER TABLE "payment_attempts" VALIDATE CONSTRAINT "payment_attempts_holds";
--> statement-breakpoint
ALTER TABLE "payment_events" VALIDATE CONSTRAINT "payment_events_hint";
--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" VALIDATE CONSTRAINT "payment_attempt_invoices_contract_known";
--> statement-breakpoint
ALTER TABLE "payments" DROP CONSTRAINT "payments_attempt_transaction";
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_attempt_transaction" UNIQUE USING INDEX "payments_attempt_transaction_new";
--> statement-breakpoint
ALTER TABLE "payment_events" DROP CONSTRAINT "payment_events_dedup";
--> statement-breakpoint
ALTER TABLE "payment_events" ADD CONSTRAINT "payment_events_dedup" UNIQUE USING INDEX "payment_events_dedup_new";

-- An allocation's payment and invoice are of one contract: both keys name it.
ALTER TABLE "payment_allocations" ADD COLUMN "contract_id" bigint;--> statement-breakpoint
ALTER TABLE "payment_allocations" DISABLE TRIGGER "payment_allocations_no_update";--> statement-breakpoint
UPDATE "payment_allocations" a SET "contract_id" = p."contract_id" FROM "payments" p WHERE p."id" = a."payment_id";--> statement-breakpoint
ALTER TABLE "payment_allocations" ENABLE TRIGGER "payment_allocations_no_update";--> statement-breakpoint
ALTER TABLE "payment_allocations" ALTER COLUMN "contract_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_allocations" DROP CONSTRAINT "payment_allocations_payment_id_payments_id_fk";--> statement-breakpoint
ALTER TABLE "payment_allocations" DROP CONSTRAINT "payment_allocations_invoice_id_invoices_id_fk";--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_id_contract" UNIQUE("id","contract_id");--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_id_contract" UNIQUE("id","contract_id");--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_payment" FOREIGN KEY ("payment_id","contract_id") REFERENCES "public"."payments"("id","contract_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_invoice" FOREIGN KEY ("invoice_id","contract_id") REFERENCES "public"."invoices"("id","contract_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payments_unnamed" ON "payments" USING btree ("contract_id") WHERE invoice_number is null;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_ours_name_none" CHECK ("payments"."attempt_id" is null or "payments"."invoice_number" is null);

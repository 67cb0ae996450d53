CREATE TABLE "pay_link_invoices" (
	"pay_link_id" uuid NOT NULL,
	"invoice_id" bigint NOT NULL,
	CONSTRAINT "pay_link_invoices_pay_link_id_invoice_id_pk" PRIMARY KEY("pay_link_id","invoice_id")
);--> statement-breakpoint
CREATE TABLE "pay_links" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" text NOT NULL,
	"account_id" uuid,
	"biller_id" smallint NOT NULL,
	"contract_id" bigint NOT NULL,
	"language" text NOT NULL,
	"sealed_email" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "pay_links_tokenHash_unique" UNIQUE("token_hash"),
	CONSTRAINT "pay_links_language" CHECK ("pay_links"."language" in ('sq', 'en', 'sr'))
);--> statement-breakpoint
ALTER TABLE "payment_attempts" ALTER COLUMN "account_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "pay_link_id" uuid;--> statement-breakpoint
ALTER TABLE "pay_link_invoices" ADD CONSTRAINT "pay_link_invoices_pay_link_id_pay_links_id_fk" FOREIGN KEY ("pay_link_id") REFERENCES "public"."pay_links"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pay_link_invoices" ADD CONSTRAINT "pay_link_invoices_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pay_links" ADD CONSTRAINT "pay_links_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pay_links" ADD CONSTRAINT "pay_links_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pay_links_account" ON "pay_links" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "pay_links_created" ON "pay_links" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_pay_link_id_pay_links_id_fk" FOREIGN KEY ("pay_link_id") REFERENCES "public"."pay_links"("id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_payer" CHECK (num_nonnulls("payment_attempts"."account_id", "payment_attempts"."pay_link_id") = 1) NOT VALID;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_link_holds_none" CHECK ("payment_attempts"."pay_link_id" is null or "payment_attempts"."released") NOT VALID;--> statement-breakpoint
CREATE INDEX "pay_link_invoices_invoice" ON "pay_link_invoices" USING btree ("invoice_id");

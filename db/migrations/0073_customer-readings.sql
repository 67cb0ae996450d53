CREATE TABLE "customer_readings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "customer_readings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" uuid,
	"biller_id" smallint NOT NULL,
	"contract_id" bigint NOT NULL,
	"read_on" date NOT NULL,
	"meter_number" text,
	"high" numeric(14, 3) NOT NULL,
	"low" numeric(14, 3),
	"is_unusual" boolean NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"handed_over_at" timestamp with time zone,
	CONSTRAINT "customer_readings_values" CHECK ("customer_readings"."high" >= 0 and "customer_readings"."low" >= 0),
	CONSTRAINT "customer_readings_withdrawn" CHECK ("customer_readings"."withdrawn_at" is null or "customer_readings"."handed_over_at" is null)
);
--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "reading_id" bigint;--> statement-breakpoint
ALTER TABLE "customer_readings" ADD CONSTRAINT "customer_readings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_readings" ADD CONSTRAINT "customer_readings_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "customer_readings_day" ON "customer_readings" USING btree ("contract_id","read_on") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "customer_readings_of_biller" ON "customer_readings" USING btree ("biller_id","read_on","id");--> statement-breakpoint
CREATE INDEX "customer_readings_account" ON "customer_readings" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "customer_readings_sent" ON "customer_readings" USING btree ("sent_at");--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_reading_id_customer_readings_id_fk" FOREIGN KEY ("reading_id") REFERENCES "public"."customer_readings"("id") ON DELETE set null ON UPDATE no action NOT VALID;

CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"personal_number" text NOT NULL,
	"username" text NOT NULL,
	"email" text NOT NULL,
	"phone" text NOT NULL,
	"first_name" text NOT NULL,
	"last_name" text NOT NULL,
	"name_folded" text NOT NULL,
	"password_hash" text NOT NULL,
	"language" text DEFAULT 'sq' NOT NULL,
	"terms_version" date NOT NULL,
	"terms_accepted_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_personalNumber_unique" UNIQUE("personal_number"),
	CONSTRAINT "accounts_username_unique" UNIQUE("username"),
	CONSTRAINT "accounts_email_unique" UNIQUE("email"),
	CONSTRAINT "accounts_phone_unique" UNIQUE("phone"),
	CONSTRAINT "accounts_username_form" CHECK ("accounts"."username" ~ '^[a-z][a-z0-9._-]{2,29}$'),
	CONSTRAINT "accounts_email_lower" CHECK ("accounts"."email" = lower("accounts"."email")),
	CONSTRAINT "accounts_phone_e164" CHECK ("accounts"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "accounts_language" CHECK ("accounts"."language" in ('sq', 'en', 'sr'))
);
--> statement-breakpoint
CREATE TABLE "contract_access" (
	"account_id" uuid NOT NULL,
	"contract_id" bigint NOT NULL,
	"level" text DEFAULT 'amounts' NOT NULL,
	"holder_decision" text,
	"alias" text,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contract_access_account_id_contract_id_pk" PRIMARY KEY("account_id","contract_id"),
	CONSTRAINT "contract_access_level" CHECK ("contract_access"."level" in ('amounts', 'masked')),
	CONSTRAINT "contract_access_decision" CHECK ("contract_access"."holder_decision" in ('approved', 'limited', 'refused')),
	CONSTRAINT "contract_access_alias" CHECK (length("contract_access"."alias") between 1 and 60)
);
--> statement-breakpoint
CREATE TABLE "registrations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"contract_id" bigint NOT NULL,
	"personal_number" text NOT NULL,
	"username" text NOT NULL,
	"email" text NOT NULL,
	"phone" text NOT NULL,
	"first_name" text NOT NULL,
	"last_name" text NOT NULL,
	"password_hash" text NOT NULL,
	"language" text NOT NULL,
	"terms_version" date NOT NULL,
	"code_hash" text,
	"code_expires_at" timestamp with time zone,
	"code_tries" integer DEFAULT 0 NOT NULL,
	"code_sent_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "registrations_code_tries" CHECK ("registrations"."code_tries" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"user_agent" text,
	"address" "inet"
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"account_id" uuid,
	"action" text NOT NULL,
	"subject" text,
	"address" "inet",
	"details" jsonb
);
--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"invoice_id" bigint NOT NULL,
	"position" smallint NOT NULL,
	"code" text NOT NULL,
	"quantity" numeric(14, 3) NOT NULL,
	"unit_price" numeric(14, 4) NOT NULL,
	"amount" bigint NOT NULL,
	"vat_percent" numeric(5, 2) NOT NULL,
	CONSTRAINT "invoice_lines_invoice_id_position_pk" PRIMARY KEY("invoice_id","position"),
	CONSTRAINT "invoice_lines_vat" CHECK ("invoice_lines"."vat_percent" between 0 and 100)
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "invoices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"contract_id" bigint NOT NULL,
	"number" text NOT NULL,
	"period" date NOT NULL,
	"period_from" date,
	"period_to" date,
	"issued_on" date NOT NULL,
	"due_on" date NOT NULL,
	"previous_reading" numeric(14, 3),
	"current_reading" numeric(14, 3),
	"reading_kind" text,
	"units" numeric(14, 3),
	"principal" bigint NOT NULL,
	"tv_tax" bigint NOT NULL,
	"total" bigint NOT NULL,
	"cancelled_on" date,
	"principal_paid" bigint DEFAULT 0 NOT NULL,
	"tv_tax_paid" bigint DEFAULT 0 NOT NULL,
	"interest_paid" bigint DEFAULT 0 NOT NULL,
	"principal_days_late" bigint DEFAULT 0 NOT NULL,
	"interest_counted_to" date,
	"unpaid" bigint GENERATED ALWAYS AS (principal - principal_paid + tv_tax - tv_tax_paid) STORED NOT NULL,
	CONSTRAINT "invoices_biller_number" UNIQUE("biller_id","number"),
	CONSTRAINT "invoices_period" CHECK (extract(day from "invoices"."period") = 1),
	CONSTRAINT "invoices_amounts" CHECK ("invoices"."principal" >= 0 and "invoices"."tv_tax" >= 0 and "invoices"."total" = "invoices"."principal" + "invoices"."tv_tax"),
	CONSTRAINT "invoices_principal_paid" CHECK ("invoices"."principal_paid" between 0 and "invoices"."principal"),
	CONSTRAINT "invoices_tv_tax_paid" CHECK ("invoices"."tv_tax_paid" between 0 and "invoices"."tv_tax"),
	CONSTRAINT "invoices_interest" CHECK ("invoices"."interest_paid" >= 0 and "invoices"."principal_days_late" >= 0),
	CONSTRAINT "invoices_reading_kind" CHECK ("invoices"."reading_kind" in ('read', 'estimated', 'remote'))
);
--> statement-breakpoint
CREATE TABLE "billers" (
	"id" smallint PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"currency" text NOT NULL,
	"time_zone" text NOT NULL,
	"unit" text NOT NULL,
	"interest_per_day_ppm" integer NOT NULL,
	"interest_cap_percent" integer NOT NULL,
	"contact_phone" text,
	"contact_email" text,
	"source" text NOT NULL,
	CONSTRAINT "billers_code_unique" UNIQUE("code"),
	CONSTRAINT "billers_country" CHECK ("billers"."country" in ('AL', 'XK')),
	CONSTRAINT "billers_currency" CHECK ("billers"."currency" in ('ALL', 'EUR')),
	CONSTRAINT "billers_unit" CHECK ("billers"."unit" in ('kWh', 'm3', 'none')),
	CONSTRAINT "billers_interest" CHECK ("billers"."interest_per_day_ppm" >= 0 and "billers"."interest_cap_percent" >= 0)
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contracts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"code" text NOT NULL,
	"holder_first_name" text,
	"holder_last_name" text,
	"holder_father_name" text,
	"holder_personal_number" text,
	"holder_name_folded" text,
	"business_name" text,
	"business_number" text,
	"category" text NOT NULL,
	"region" text,
	"branch" text,
	"zone" text,
	"address" text,
	"phone" text,
	"connected_on" date,
	"phases" smallint,
	"power_connected_kw" numeric(10, 2),
	"power_contracted_kw" numeric(10, 2),
	"tariff_group" text,
	"meter_number" text,
	"meter_remote" boolean,
	"closed_on" date,
	CONSTRAINT "contracts_biller_code" UNIQUE("biller_id","code"),
	CONSTRAINT "contracts_biller_id" UNIQUE("biller_id","id"),
	CONSTRAINT "contracts_category" CHECK ("contracts"."category" in ('household', 'business', 'public'))
);
--> statement-breakpoint
CREATE TABLE "readings" (
	"biller_id" smallint NOT NULL,
	"meter_number" text NOT NULL,
	"register" text NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"contract_id" bigint NOT NULL,
	"value" numeric(14, 3) NOT NULL,
	CONSTRAINT "readings_biller_id_meter_number_register_read_at_pk" PRIMARY KEY("biller_id","meter_number","register","read_at"),
	CONSTRAINT "readings_register" CHECK ("readings"."register" in ('A1', 'A2', 'R1', 'R2')),
	CONSTRAINT "readings_value" CHECK ("readings"."value" >= 0)
);
--> statement-breakpoint
CREATE TABLE "feed_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "feed_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"report" jsonb NOT NULL,
	CONSTRAINT "feed_runs_status" CHECK ("feed_runs"."status" in ('loaded', 'loaded_with_refusals'))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid,
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"language" text NOT NULL,
	"sealed" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "messages_channel" CHECK ("messages"."channel" in ('email', 'sms')),
	CONSTRAINT "messages_state" CHECK ("messages"."state" in ('queued', 'sent', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "payment_allocations" (
	"payment_id" bigint NOT NULL,
	"invoice_id" bigint NOT NULL,
	"interest" bigint NOT NULL,
	"principal" bigint NOT NULL,
	"tv_tax" bigint NOT NULL,
	CONSTRAINT "payment_allocations_payment_id_invoice_id_pk" PRIMARY KEY("payment_id","invoice_id"),
	CONSTRAINT "payment_allocations_amounts" CHECK (least("payment_allocations"."interest", "payment_allocations"."principal", "payment_allocations"."tv_tax") >= 0 and "payment_allocations"."interest" + "payment_allocations"."principal" + "payment_allocations"."tv_tax" > 0)
);
--> statement-breakpoint
CREATE TABLE "payment_attempt_invoices" (
	"attempt_id" uuid NOT NULL,
	"invoice_id" bigint NOT NULL,
	"live" boolean NOT NULL,
	"interest" bigint NOT NULL,
	"principal" bigint NOT NULL,
	"tv_tax" bigint NOT NULL,
	CONSTRAINT "payment_attempt_invoices_attempt_id_invoice_id_pk" PRIMARY KEY("attempt_id","invoice_id"),
	CONSTRAINT "payment_attempt_invoices_amounts" CHECK (least("payment_attempt_invoices"."interest", "payment_attempt_invoices"."principal", "payment_attempt_invoices"."tv_tax") >= 0)
);
--> statement-breakpoint
CREATE TABLE "payment_attempts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"number" text NOT NULL,
	"account_id" uuid NOT NULL,
	"biller_id" smallint NOT NULL,
	"contract_id" bigint NOT NULL,
	"gateway" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"state" text DEFAULT 'created' NOT NULL,
	"live" boolean GENERATED ALWAYS AS (state in ('created', 'pending', 'authorised', 'in_doubt')) STORED NOT NULL,
	"started_on" date NOT NULL,
	"idempotency_key" uuid NOT NULL,
	"decline_code" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state_changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payment_attempts_number_unique" UNIQUE("number"),
	CONSTRAINT "payment_attempts_idempotency" UNIQUE("account_id","idempotency_key"),
	CONSTRAINT "payment_attempts_live" UNIQUE("id","live"),
	CONSTRAINT "payment_attempts_amount" CHECK ("payment_attempts"."amount" > 0),
	CONSTRAINT "payment_attempts_state" CHECK ("payment_attempts"."state" in ('created', 'pending', 'authorised', 'captured', 'declined', 'cancelled', 'expired', 'in_doubt', 'voided'))
);
--> statement-breakpoint
CREATE TABLE "payment_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payment_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"gateway" text NOT NULL,
	"dedup_key" text NOT NULL,
	"attempt_id" uuid,
	"channel" text NOT NULL,
	"authentic" boolean NOT NULL,
	"outcome" text NOT NULL,
	"payload" jsonb NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"applied_at" timestamp with time zone,
	CONSTRAINT "payment_events_dedup" UNIQUE("gateway","dedup_key"),
	CONSTRAINT "payment_events_channel" CHECK ("payment_events"."channel" in ('return', 'callback', 'query'))
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"contract_id" bigint NOT NULL,
	"reference" text NOT NULL,
	"paid_on" date NOT NULL,
	"amount" bigint NOT NULL,
	"method" text NOT NULL,
	"source" text NOT NULL,
	"invoice_number" text,
	"reversed_on" date,
	"attempt_id" uuid,
	"transaction_id" text,
	"confirmed_at" timestamp with time zone,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"allocated" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "payments_biller_reference" UNIQUE("biller_id","reference"),
	CONSTRAINT "payments_attempt_transaction" UNIQUE("attempt_id","transaction_id"),
	CONSTRAINT "payments_amount" CHECK ("payments"."amount" > 0),
	CONSTRAINT "payments_allocated" CHECK ("payments"."allocated" between 0 and "payments"."amount"),
	CONSTRAINT "payments_reversed_pays_nothing" CHECK ("payments"."reversed_on" is null or "payments"."allocated" = 0),
	CONSTRAINT "payments_method" CHECK ("payments"."method" in ('CASH', 'CARD', 'TRANSFER')),
	CONSTRAINT "payments_transaction" CHECK (("payments"."attempt_id" is null) = ("payments"."transaction_id" is null))
);
--> statement-breakpoint
CREATE TABLE "sandbox_bank_orders" (
	"order_number" text PRIMARY KEY NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"language" text NOT NULL,
	"return_url" text NOT NULL,
	"callback_url" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"transaction_id" text,
	"decline_code" text,
	"answers_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sandbox_bank_orders_status" CHECK ("sandbox_bank_orders"."status" in ('open', 'captured', 'declined', 'cancelled', 'silent'))
);
--> statement-breakpoint
ALTER TABLE "contract_access" ADD CONSTRAINT "contract_access_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_access" ADD CONSTRAINT "contract_access_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registrations" ADD CONSTRAINT "registrations_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "readings" ADD CONSTRAINT "readings_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" ADD CONSTRAINT "payment_attempt_invoices_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" ADD CONSTRAINT "payment_attempt_invoices_attempt_id_live_payment_attempts_id_live_fk" FOREIGN KEY ("attempt_id","live") REFERENCES "public"."payment_attempts"("id","live") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_events" ADD CONSTRAINT "payment_events_attempt_id_payment_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."payment_attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_attempt_id_payment_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."payment_attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contract_access_contract" ON "contract_access" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "registrations_created_at" ON "registrations" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "audit_events_account" ON "audit_events" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "audit_events_subject" ON "audit_events" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "invoices_contract_period" ON "invoices" USING btree ("contract_id","period" DESC NULLS LAST,"number" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "invoices_unpaid" ON "invoices" USING btree ("contract_id","due_on","number") WHERE unpaid > 0 and cancelled_on is null;--> statement-breakpoint
CREATE INDEX "contracts_holder" ON "contracts" USING btree ("holder_personal_number");--> statement-breakpoint
CREATE INDEX "readings_contract" ON "readings" USING btree ("contract_id","register","read_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "feed_runs_biller" ON "feed_runs" USING btree ("biller_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "messages_created_at" ON "messages" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "payment_allocations_invoice" ON "payment_allocations" USING btree ("invoice_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_attempt_invoices_one_live" ON "payment_attempt_invoices" USING btree ("invoice_id") WHERE live;--> statement-breakpoint
CREATE INDEX "payment_attempts_contract" ON "payment_attempts" USING btree ("contract_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "payment_attempts_open" ON "payment_attempts" USING btree ("created_at") WHERE live;--> statement-breakpoint
CREATE INDEX "payment_events_attempt" ON "payment_events" USING btree ("attempt_id");--> statement-breakpoint
CREATE INDEX "payments_contract" ON "payments" USING btree ("contract_id","paid_on");--> statement-breakpoint
CREATE INDEX "payments_invoice_number" ON "payments" USING btree ("biller_id","invoice_number");
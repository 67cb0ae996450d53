CREATE TABLE "notice_choices" (
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"contract_id" bigint,
	"email" boolean NOT NULL,
	"sms" boolean NOT NULL,
	"chosen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "notice_choices_one" UNIQUE NULLS NOT DISTINCT("account_id","kind","contract_id")
);--> statement-breakpoint
CREATE TABLE "notice_items" (
	"account_id" uuid NOT NULL,
	"event" text NOT NULL,
	"notice_id" uuid NOT NULL,
	"invoice_id" bigint,
	CONSTRAINT "notice_items_account_id_event_pk" PRIMARY KEY("account_id","event")
);--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"contract_id" bigint,
	"key" text NOT NULL,
	"feed_run_id" bigint,
	"values" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"handed_over_at" timestamp with time zone,
	"read_at" timestamp with time zone,
	"archived_at" timestamp with time zone,
	CONSTRAINT "notices_key" UNIQUE("account_id","key")
);--> statement-breakpoint
CREATE TABLE "disconnections" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "disconnections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"contract_id" bigint NOT NULL,
	"reference" text NOT NULL,
	"announced_on" date NOT NULL,
	"not_before" date NOT NULL,
	"reason" text NOT NULL,
	"amount" bigint,
	"done_at" timestamp with time zone,
	"reconnected_at" timestamp with time zone,
	"cancelled_on" date,
	CONSTRAINT "disconnections_biller_reference" UNIQUE("biller_id","reference"),
	CONSTRAINT "disconnections_reason" CHECK ("disconnections"."reason" in ('debt', 'safety', 'request')),
	CONSTRAINT "disconnections_amount" CHECK ("disconnections"."amount" >= 0),
	CONSTRAINT "disconnections_days" CHECK ("disconnections"."not_before" >= "disconnections"."announced_on")
);--> statement-breakpoint
CREATE TABLE "outages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"reference" text NOT NULL,
	"kind" text NOT NULL,
	"region" text,
	"branch" text,
	"zone" text,
	"place" text,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"text_sq" text,
	"text_en" text,
	"text_sr" text,
	"cancelled_on" date,
	CONSTRAINT "outages_biller_reference" UNIQUE("biller_id","reference"),
	CONSTRAINT "outages_kind" CHECK ("outages"."kind" in ('planned', 'fault')),
	CONSTRAINT "outages_times" CHECK ("outages"."ends_at" >= "outages"."starts_at")
);--> statement-breakpoint
ALTER TABLE "messages" DROP CONSTRAINT "messages_sealed";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "email_undeliverable_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "phone_undeliverable_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "statement_day" smallint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "notice_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "send_after" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notice_choices" ADD CONSTRAINT "notice_choices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_choices" ADD CONSTRAINT "notice_choices_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_items" ADD CONSTRAINT "notice_items_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_items" ADD CONSTRAINT "notice_items_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_items" ADD CONSTRAINT "notice_items_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_feed_run_id_feed_runs_id_fk" FOREIGN KEY ("feed_run_id") REFERENCES "public"."feed_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disconnections" ADD CONSTRAINT "disconnections_biller_id_contract_id_contracts_biller_id_id_fk" FOREIGN KEY ("biller_id","contract_id") REFERENCES "public"."contracts"("biller_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notice_items_notice" ON "notice_items" USING btree ("notice_id");--> statement-breakpoint
CREATE INDEX "notices_newest" ON "notices" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "notices_unread" ON "notices" USING btree ("account_id") WHERE read_at is null and archived_at is null;--> statement-breakpoint
CREATE INDEX "notices_to_hand_over" ON "notices" USING btree ("created_at") WHERE handed_over_at is null;--> statement-breakpoint
CREATE INDEX "notices_created" ON "notices" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "disconnections_contract" ON "disconnections" USING btree ("contract_id","announced_on");--> statement-breakpoint
CREATE INDEX "outages_start" ON "outages" USING btree ("biller_id","starts_at");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE cascade ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_statement_day" CHECK ("accounts"."statement_day" between 1 and 28) NOT VALID;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_sealed" CHECK ("messages"."state" <> 'queued' or "messages"."sealed" is not null or "messages"."notice_id" is not null) NOT VALID;

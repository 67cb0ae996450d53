CREATE TABLE "case_drafts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"contract_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"typed" jsonb NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_drafts_one" UNIQUE("account_id","contract_id","kind")
);
--> statement-breakpoint
CREATE TABLE "case_numbers" (
	"biller_id" smallint NOT NULL,
	"kind" text NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "case_numbers_biller_id_kind_pk" PRIMARY KEY("biller_id","kind")
);
--> statement-breakpoint
CREATE TABLE "case_viewers" (
	"case_id" uuid NOT NULL,
	"staff_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_viewers_case_id_staff_id_pk" PRIMARY KEY("case_id","staff_id")
);
--> statement-breakpoint
CREATE TABLE "days_off" (
	"country" text NOT NULL,
	"on" date NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"is_provisional" boolean DEFAULT false NOT NULL,
	"confirmed_by" uuid,
	"confirmed_at" timestamp with time zone,
	CONSTRAINT "days_off_country_on_pk" PRIMARY KEY("country","on"),
	CONSTRAINT "days_off_country" CHECK ("days_off"."country" in ('AL', 'XK'))
);
--> statement-breakpoint
ALTER TABLE "case_events" DROP CONSTRAINT "case_events_moves";
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "first_decided_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "state_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "number" text;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "form_version" smallint DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "limit_count" smallint;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "limit_unit" text;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "limit_from" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "due_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "case_event" smallint;
--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "draft_id" uuid;
--> statement-breakpoint
ALTER TABLE "case_drafts" ADD CONSTRAINT "case_drafts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "case_drafts" ADD CONSTRAINT "case_drafts_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "case_numbers" ADD CONSTRAINT "case_numbers_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "case_viewers" ADD CONSTRAINT "case_viewers_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "case_viewers" ADD CONSTRAINT "case_viewers_staff_id_accounts_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "days_off" ADD CONSTRAINT "days_off_confirmed_by_accounts_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "case_drafts_contract" ON "case_drafts" USING btree ("contract_id");
--> statement-breakpoint
CREATE INDEX "case_drafts_saved" ON "case_drafts" USING btree ("saved_at");
--> statement-breakpoint
CREATE INDEX "case_viewers_staff" ON "case_viewers" USING btree ("staff_id");
--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_draft_id_case_drafts_id_fk" FOREIGN KEY ("draft_id") REFERENCES "public"."case_drafts"("id") ON DELETE set null ON UPDATE no action NOT VALID;
--> statement-breakpoint
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_moves" CHECK (case when number = 1 then was is null and move = 'file' and state = 'pending'
        else was is not null and (was, move, state) in (('pending', 'take', 'taken'), ('taken', 'release', 'pending'), ('taken', 'handOver', 'taken'), ('waiting', 'handOver', 'waiting'), ('pending', 'ask', 'waiting'), ('taken', 'ask', 'waiting'), ('waiting', 'answer', 'pending'), ('pending', 'accept', 'accepted'), ('taken', 'accept', 'accepted'), ('waiting', 'accept', 'accepted'), ('pending', 'reject', 'rejected'), ('taken', 'reject', 'rejected'), ('waiting', 'reject', 'rejected'), ('accepted', 'reopen', 'pending'), ('rejected', 'reopen', 'pending'), ('pending', 'withdraw', 'withdrawn'), ('taken', 'withdraw', 'withdrawn'), ('waiting', 'withdraw', 'withdrawn'), ('accepted', 'withdraw', 'withdrawn'), ('rejected', 'withdraw', 'withdrawn'), ('pending', 'reply', 'pending'), ('taken', 'reply', 'taken'), ('waiting', 'reply', 'waiting'), ('accepted', 'reply', 'accepted'), ('rejected', 'reply', 'rejected'), ('pending', 'note', 'pending'), ('taken', 'note', 'taken'), ('waiting', 'note', 'waiting'), ('accepted', 'note', 'accepted'), ('rejected', 'note', 'rejected'), ('pending', 'write', 'pending'), ('taken', 'write', 'taken'), ('accepted', 'write', 'accepted'), ('rejected', 'write', 'rejected'), ('pending', 'amend', 'pending')) end) NOT VALID;
--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_limit" CHECK (num_nulls("cases"."limit_count", "cases"."limit_unit", "cases"."due_at") in (0, 3)) NOT VALID;
--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_limit_unit" CHECK ("cases"."limit_unit" in ('calendarDays', 'workingDays', 'hours')) NOT VALID;

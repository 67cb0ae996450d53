-- outside a transaction
CREATE TABLE IF NOT EXISTS "call_notes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"contract_id" bigint NOT NULL,
	"staff_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"note" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "call_notes_channel" CHECK ("call_notes"."channel" in ('phone', 'counter', 'letter', 'email')),
	CONSTRAINT "call_notes_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id"),
	CONSTRAINT "call_notes_staff_id_accounts_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."accounts"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "staff_looks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"staff_id" uuid NOT NULL,
	"biller_id" smallint NOT NULL,
	"contract_id" bigint,
	"account_id" uuid,
	"reason" text NOT NULL,
	"words" text,
	"case_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"unmasked_at" timestamp with time zone,
	CONSTRAINT "staff_looks_of" CHECK (num_nonnulls("staff_looks"."contract_id", "staff_looks"."account_id") = 1),
	CONSTRAINT "staff_looks_reason" CHECK ("staff_looks"."reason" in ('phone', 'counter', 'letter', 'case', 'other')),
	CONSTRAINT "staff_looks_words" CHECK (("staff_looks"."reason" = 'other') = ("staff_looks"."words" is not null)),
	CONSTRAINT "staff_looks_staff_id_accounts_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."accounts"("id"),
	CONSTRAINT "staff_looks_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id"),
	CONSTRAINT "staff_looks_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id"),
	CONSTRAINT "staff_looks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade,
	CONSTRAINT "staff_looks_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE set null
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN IF NOT EXISTS "contract_id" bigint;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "call_notes_contract" ON "call_notes" USING btree ("contract_id","at","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "call_notes_age" ON "call_notes" USING btree ("at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "staff_looks_contract" ON "staff_looks" USING btree ("contract_id","staff_id","at") WHERE contract_id is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "staff_looks_account" ON "staff_looks" USING btree ("account_id","staff_id","at") WHERE account_id is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "staff_looks_case" ON "staff_looks" USING btree ("case_id") WHERE case_id is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "staff_looks_age" ON "staff_looks" USING btree ("at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contracts_phone" ON "contracts" USING btree ("phone") WHERE phone is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "messages_contract" ON "messages" USING btree ("contract_id","created_at","id") WHERE contract_id is not null;

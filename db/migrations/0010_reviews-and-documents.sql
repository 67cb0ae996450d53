CREATE TABLE "documents" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"storage_key" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"bytes" integer NOT NULL,
	"account_id" uuid,
	"dispute_id" uuid,
	"business_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "documents_storageKey_unique" UNIQUE("storage_key"),
	CONSTRAINT "documents_type" CHECK ("documents"."type" in ('application/pdf', 'image/jpeg', 'image/png')),
	CONSTRAINT "documents_one_owner" CHECK (num_nonnulls("documents"."dispute_id", "documents"."business_id") <= 1)
);
--> statement-breakpoint
CREATE TABLE "businesses" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"number" text NOT NULL,
	"country" text NOT NULL,
	"name" text NOT NULL,
	"legal_representative" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"taken_by" uuid,
	"taken_at" timestamp with time zone,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision_note" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "businesses_account_number" UNIQUE("account_id","number"),
	CONSTRAINT "businesses_states" CHECK ("businesses"."state" in ('pending', 'taken', 'granted', 'refused')),
	CONSTRAINT "businesses_decided" CHECK (("businesses"."state" in ('granted', 'refused')) = ("businesses"."decided_by" is not null and "businesses"."decided_at" is not null)),
	CONSTRAINT "businesses_number_form" CHECK (case "businesses"."country" when 'AL' then "businesses"."number" ~ '^[A-M][0-9]{8}[A-Z]$' when 'XK' then "businesses"."number" ~ '^[0-9]{9}$' else false end)
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"contract_id" bigint NOT NULL,
	"personal_number" text NOT NULL,
	"first_name" text NOT NULL,
	"last_name" text NOT NULL,
	"email" text NOT NULL,
	"phone" text NOT NULL,
	"note" text,
	"language" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"taken_by" uuid,
	"taken_at" timestamp with time zone,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision_note" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "disputes_states" CHECK ("disputes"."state" in ('pending', 'taken', 'granted', 'refused')),
	CONSTRAINT "disputes_decided" CHECK (("disputes"."state" in ('granted', 'refused')) = ("disputes"."decided_by" is not null and "disputes"."decided_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_dispute_id_disputes_id_fk" FOREIGN KEY ("dispute_id") REFERENCES "public"."disputes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_taken_by_accounts_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_decided_by_accounts_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_taken_by_accounts_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_decided_by_accounts_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "documents_dispute" ON "documents" USING btree ("dispute_id");--> statement-breakpoint
CREATE INDEX "documents_business" ON "documents" USING btree ("business_id");--> statement-breakpoint
CREATE INDEX "businesses_number" ON "businesses" USING btree ("number");--> statement-breakpoint
CREATE INDEX "businesses_state" ON "businesses" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "disputes_state" ON "disputes" USING btree ("state","created_at");
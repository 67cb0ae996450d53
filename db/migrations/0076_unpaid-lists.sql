CREATE TABLE "unpaid_lists" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"format" text NOT NULL,
	"language" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"written" integer DEFAULT 0 NOT NULL,
	"invoices" integer NOT NULL,
	"beat_at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	"sealed" text,
	CONSTRAINT "unpaid_lists_one" UNIQUE("account_id","format"),
	CONSTRAINT "unpaid_lists_format" CHECK ("unpaid_lists"."format" in ('pdf', 'csv')),
	CONSTRAINT "unpaid_lists_language" CHECK ("unpaid_lists"."language" in ('sq', 'en', 'sr'))
);
--> statement-breakpoint
ALTER TABLE "unpaid_lists" ADD CONSTRAINT "unpaid_lists_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "unpaid_lists_requested" ON "unpaid_lists" USING btree ("requested_at");
CREATE TABLE "staff_billers" (
	"account_id" uuid NOT NULL,
	"biller_id" smallint NOT NULL,
	CONSTRAINT "staff_billers_account_id_biller_id_pk" PRIMARY KEY("account_id","biller_id")
);
--> statement-breakpoint
CREATE TABLE "staff_members" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staff_members_role" CHECK ("staff_members"."role" in ('agent', 'supervisor', 'administrator'))
);
--> statement-breakpoint
ALTER TABLE "staff_billers" ADD CONSTRAINT "staff_billers_account_id_staff_members_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."staff_members"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_billers" ADD CONSTRAINT "staff_billers_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_members" ADD CONSTRAINT "staff_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
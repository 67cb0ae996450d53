CREATE TABLE "own_data_export_parts" (
	"export_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"sealed" text NOT NULL,
	CONSTRAINT "own_data_export_parts_export_id_position_pk" PRIMARY KEY("export_id","position")
);
--> statement-breakpoint
CREATE TABLE "own_data_exports" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	"fetched_at" timestamp with time zone,
	CONSTRAINT "own_data_exports_accountId_unique" UNIQUE("account_id")
);
--> statement-breakpoint
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_username_form";--> statement-breakpoint
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_phone_e164";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "own_data_export_parts" ADD CONSTRAINT "own_data_export_parts_export_id_own_data_exports_id_fk" FOREIGN KEY ("export_id") REFERENCES "public"."own_data_exports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_data_exports" ADD CONSTRAINT "own_data_exports_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_closed_names_nobody" CHECK ("accounts"."closed_at" is null or ('closed:' || "accounts"."id"::text = all (array["accounts"."personal_number", "accounts"."username", "accounts"."email", "accounts"."phone"])
        and '' = all (array["accounts"."first_name", "accounts"."last_name", "accounts"."name_folded", "accounts"."password_hash"])));--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_username_form" CHECK ("accounts"."closed_at" is not null or "accounts"."username" ~ '^[a-z][a-z0-9._-]{2,29}$');--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_phone_e164" CHECK ("accounts"."closed_at" is not null or "accounts"."phone" ~ '^\+[1-9][0-9]{6,14}$');
CREATE TABLE "directory_answers" (
	"hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "directory_sessions" (
	"session_id" uuid PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"sid" text,
	"sealed_id_token" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff_identities" (
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"account_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_sign_in_at" timestamp with time zone NOT NULL,
	CONSTRAINT "staff_identities_issuer_subject_pk" PRIMARY KEY("issuer","subject"),
	CONSTRAINT "staff_identities_account" UNIQUE("account_id"),
	CONSTRAINT "staff_identities_subject" CHECK (length("staff_identities"."subject") between 1 and 255)
);
--> statement-breakpoint
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_username_form";--> statement-breakpoint
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_phone_e164";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "of_directory" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_sessions" ADD CONSTRAINT "directory_sessions_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_identities" ADD CONSTRAINT "staff_identities_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "directory_answers_expires" ON "directory_answers" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "directory_sessions_sid" ON "directory_sessions" USING btree ("issuer","sid");--> statement-breakpoint
CREATE INDEX "directory_sessions_created" ON "directory_sessions" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "staff_identities_last_sign_in" ON "staff_identities" USING btree ("last_sign_in_at");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_of_directory_name_no_customer" CHECK (not "accounts"."of_directory" or "accounts"."closed_at" is not null
        or ('directory:' || "accounts"."id"::text = all (array["accounts"."personal_number", "accounts"."username", "accounts"."email", "accounts"."phone"])
        and "accounts"."password_hash" = '' and "accounts"."email_verified_at" is null)) NOT VALID;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_username_form" CHECK ("accounts"."closed_at" is not null or "accounts"."of_directory" or "accounts"."username" ~ '^[a-z][a-z0-9._-]{2,29}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_phone_e164" CHECK ("accounts"."closed_at" is not null or "accounts"."of_directory" or "accounts"."phone" ~ '^\+[1-9][0-9]{6,14}$') NOT VALID;
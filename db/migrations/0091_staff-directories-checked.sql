-- outside a transaction
ALTER TABLE "accounts" VALIDATE CONSTRAINT "accounts_of_directory_name_no_customer";
--> statement-breakpoint
ALTER TABLE "accounts" VALIDATE CONSTRAINT "accounts_username_form";
--> statement-breakpoint
ALTER TABLE "accounts" VALIDATE CONSTRAINT "accounts_phone_e164";

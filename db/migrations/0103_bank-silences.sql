CREATE TABLE "bank_silences" (
	"gateway_account_id" smallint PRIMARY KEY NOT NULL,
	"refused" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bank_silences" ADD CONSTRAINT "bank_silences_gateway_account_id_gateway_accounts_id_fk" FOREIGN KEY ("gateway_account_id") REFERENCES "public"."gateway_accounts"("id") ON DELETE no action ON UPDATE no action;
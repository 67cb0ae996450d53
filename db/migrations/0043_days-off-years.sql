CREATE TABLE "days_off_years" (
	"country" text NOT NULL,
	"year" smallint NOT NULL,
	"changes" integer NOT NULL,
	"confirmed_by" uuid,
	"confirmed_at" timestamp with time zone,
	CONSTRAINT "days_off_years_country_year_pk" PRIMARY KEY("country","year"),
	CONSTRAINT "days_off_years_country" CHECK ("days_off_years"."country" in ('AL', 'XK')),
	CONSTRAINT "days_off_years_confirmed" CHECK (("days_off_years"."confirmed_by" is null) = ("days_off_years"."confirmed_at" is null))
);
--> statement-breakpoint
ALTER TABLE "days_off_years" ADD CONSTRAINT "days_off_years_confirmed_by_accounts_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
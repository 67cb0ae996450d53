-- Terms of late interest get days. Those of today were undated: they hold from the first day that a feed may name, and count as known ever since.
CREATE TABLE "interest_terms" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "interest_terms_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date,
	"per_day_ppm" integer NOT NULL,
	"cap_percent" integer NOT NULL,
	"source" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "interest_terms_days" CHECK ("interest_terms"."until_on" >= "interest_terms"."from_on"),
	CONSTRAINT "interest_terms_rates" CHECK ("interest_terms"."per_day_ppm" >= 0 and "interest_terms"."cap_percent" >= 0)
);
--> statement-breakpoint
ALTER TABLE "interest_terms" ADD CONSTRAINT "interest_terms_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "interest_terms_biller" ON "interest_terms" USING btree ("biller_id");--> statement-breakpoint
CREATE TRIGGER "interest_terms_no_change" BEFORE UPDATE OR DELETE ON "interest_terms"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
INSERT INTO "interest_terms" ("biller_id", "from_on", "per_day_ppm", "cap_percent", "source", "recorded_at")
  SELECT "id", '1900-01-01', "interest_per_day_ppm", "interest_cap_percent", "source", '1900-01-01T00:00:00Z' FROM "billers" ORDER BY "id";--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_interest";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "interest_millionths" numeric(28, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "invoices" i SET "interest_millionths" =
    least(i."principal_days_late"::numeric * b."interest_per_day_ppm", i."principal"::numeric * b."interest_cap_percent" * 10000)
  FROM "billers" b WHERE b."id" = i."biller_id" AND i."principal_days_late" > 0;--> statement-breakpoint
ALTER TABLE "invoices" DROP COLUMN "principal_days_late";--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_interest" CHECK ("invoices"."interest_paid" >= 0 and "invoices"."interest_millionths" >= 0);--> statement-breakpoint
ALTER TABLE "billers" DROP CONSTRAINT "billers_interest";--> statement-breakpoint
ALTER TABLE "billers" DROP COLUMN "interest_per_day_ppm";--> statement-breakpoint
ALTER TABLE "billers" DROP COLUMN "interest_cap_percent";--> statement-breakpoint
ALTER TABLE "billers" DROP COLUMN "source";

ALTER TABLE "businesses" DROP CONSTRAINT "businesses_account_number";--> statement-breakpoint
DROP INDEX "businesses_open";--> statement-breakpoint
DROP INDEX "businesses_decided";--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "recognised_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "recognised_by" text;--> statement-breakpoint
ALTER TABLE "billers" ADD COLUMN "paper_proof" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "biller_id" smallint;--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "businesses_open" ON "businesses" USING btree ("biller_id","created_at","id") WHERE state in ('pending', 'taken');--> statement-breakpoint
CREATE INDEX "businesses_decided" ON "businesses" USING btree ("biller_id","decided_at","id") WHERE state in ('granted', 'refused');--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_account_biller_number" UNIQUE("account_id","biller_id","number");--> statement-breakpoint
ALTER TABLE "contract_access" ADD CONSTRAINT "contract_access_recognised" CHECK (("contract_access"."recognised_at" is null) = ("contract_access"."recognised_by" is null));--> statement-breakpoint
ALTER TABLE "contract_access" ADD CONSTRAINT "contract_access_recognised_by" CHECK ("contract_access"."recognised_by" in ('paper', 'counter', 'phone'));--> statement-breakpoint
ALTER TABLE "billers" ADD CONSTRAINT "billers_paper_proof" CHECK ("billers"."paper_proof" in ('meter', 'number', 'none'));--> statement-breakpoint
-- Meters: OSHEE, KESCO and UKT. Albanian companies number their invoices through the year (law 87/2019), whoever they are for: their
-- numbers are taken as no contract's, unverified. Of fines nothing is known.
UPDATE "billers" SET "paper_proof" = CASE WHEN "unit" <> 'none' THEN 'meter' WHEN "code" IN ('albtelecom', 'digitalb') THEN 'number' ELSE 'none' END;--> statement-breakpoint
-- What number and total opened is closed again: numbers stood on receipts, and most can be worked out.
UPDATE "contract_access" SET "level" = 'amounts' WHERE "level" = 'masked' AND "holder_decision" IS DISTINCT FROM 'approved';--> statement-breakpoint
-- Names as foldName folds them since: Serbian Cyrillic is Latin, dj is đ (and both d).
CREATE FUNCTION pg_temp.folded(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT replace(translate(replace(replace(replace(replace(replace(replace(name, 'љ', 'lj'), 'њ', 'nj'), 'џ', 'dz'), 'ǆ', 'dz'), 'ǉ', 'lj'), 'ǌ', 'nj'),
    'абвгдђежзијклмнопрстћуфхцчш', 'abvgddezzijklmnoprstcufhccs'), 'dj', 'd')
$$;--> statement-breakpoint
UPDATE "accounts" SET "name_folded" = pg_temp.folded("name_folded") WHERE "name_folded" ~ '[а-џǆǉǌ]|dj';--> statement-breakpoint
UPDATE "contracts" SET "holder_name_folded" = pg_temp.folded("holder_name_folded") WHERE "holder_name_folded" ~ '[а-џǆǉǌ]|dj';--> statement-breakpoint
DROP FUNCTION pg_temp.folded(text);--> statement-breakpoint
-- A business was confirmed for a country: it stays so for that country's electricity supplier, where its own staff confirmed it.
UPDATE "businesses" b SET "biller_id" = s."id" FROM "billers" s WHERE s."country" = b."country" AND s."unit" = 'kWh';--> statement-breakpoint
UPDATE "businesses" b SET "state" = 'pending', "decided_by" = NULL, "decided_at" = NULL, "decision_note" = NULL
WHERE b."state" = 'granted' AND NOT EXISTS (SELECT FROM "staff_billers" s WHERE s."account_id" = b."decided_by" AND s."biller_id" = b."biller_id");

CREATE TABLE "tariffs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tariffs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"tariff_group" text NOT NULL,
	"valid_from" date NOT NULL,
	"price_high" numeric(10, 4) NOT NULL,
	"price_low" numeric(10, 4),
	"block_limit" integer,
	"block_kind" text,
	"block_price_high" numeric(10, 4),
	"block_price_low" numeric(10, 4),
	"fixed_fee" integer NOT NULL,
	"tv_tax" integer NOT NULL,
	"vat_percent" numeric(5, 2) NOT NULL,
	"source" text NOT NULL,
	"note" text,
	"recorded_by" uuid,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"replaced_at" timestamp with time zone,
	CONSTRAINT "tariffs_prices" CHECK (least("tariffs"."price_high", "tariffs"."price_low", "tariffs"."block_price_high", "tariffs"."block_price_low") >= 0),
	CONSTRAINT "tariffs_amounts" CHECK ("tariffs"."fixed_fee" >= 0 and "tariffs"."tv_tax" >= 0),
	CONSTRAINT "tariffs_vat" CHECK ("tariffs"."vat_percent" between 0 and 100),
	CONSTRAINT "tariffs_block" CHECK (num_nulls("tariffs"."block_limit", "tariffs"."block_kind", "tariffs"."block_price_high") in (0, 3) and "tariffs"."block_limit" > 0),
	CONSTRAINT "tariffs_low" CHECK (("tariffs"."block_price_low" is null) = ("tariffs"."price_low" is null or "tariffs"."block_limit" is null)),
	CONSTRAINT "tariffs_block_kind" CHECK ("tariffs"."block_kind" in ('whole', 'above'))
);
--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_recorded_by_accounts_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tariffs_from" ON "tariffs" USING btree ("biller_id","tariff_group","valid_from") WHERE replaced_at is null;
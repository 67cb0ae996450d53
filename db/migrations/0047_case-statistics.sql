CREATE TABLE "case_statistics" (
	"biller_id" smallint NOT NULL,
	"days" smallint NOT NULL,
	"figures" jsonb NOT NULL,
	"counted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_statistics_biller_id_days_pk" PRIMARY KEY("biller_id","days")
);
--> statement-breakpoint
ALTER TABLE "case_statistics" ADD CONSTRAINT "case_statistics_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;
CREATE TABLE "feed_run_files" (
	"storage_key" text PRIMARY KEY NOT NULL,
	"run_id" bigint,
	"purpose" text NOT NULL,
	"file" text NOT NULL,
	"piece" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "feed_run_files_purpose" CHECK ("feed_run_files"."purpose" in ('upload', 'refusals'))
);
--> statement-breakpoint
CREATE TABLE "feed_tokens" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "feed_tokens_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"biller_id" smallint NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "feed_tokens_hash" UNIQUE("hash")
);
--> statement-breakpoint
ALTER TABLE "feed_runs" DROP CONSTRAINT "feed_runs_status";--> statement-breakpoint
ALTER TABLE "feed_runs" DROP CONSTRAINT "feed_runs_finished";--> statement-breakpoint
ALTER TABLE "feed_runs" ADD COLUMN "token_id" integer;--> statement-breakpoint
ALTER TABLE "feed_runs" ADD COLUMN "upload_digest" text;--> statement-breakpoint
ALTER TABLE "feed_runs" ADD COLUMN "refused_for" text;--> statement-breakpoint
ALTER TABLE "feed_run_files" ADD CONSTRAINT "feed_run_files_run_id_feed_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."feed_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_tokens" ADD CONSTRAINT "feed_tokens_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feed_run_files_run" ON "feed_run_files" USING btree ("run_id","purpose","file","piece");--> statement-breakpoint
CREATE INDEX "feed_run_files_created" ON "feed_run_files" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "feed_tokens_biller" ON "feed_tokens" USING btree ("biller_id");--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_token_id_feed_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."feed_tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "feed_runs_upload" ON "feed_runs" USING btree ("biller_id","upload_digest") WHERE upload_digest is not null;--> statement-breakpoint
CREATE INDEX "feed_runs_open" ON "feed_runs" USING btree ("biller_id","id") WHERE status in ('queued', 'judging', 'running');--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_status" CHECK ("feed_runs"."status" in ('queued', 'judging', 'running', 'loaded', 'loaded_with_refusals', 'refused', 'abandoned'));--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_finished" CHECK (("feed_runs"."status" in ('queued', 'judging', 'running')) = ("feed_runs"."finished_at" is null));
CREATE SCHEMA "feed_staging";
--> statement-breakpoint
ALTER TABLE "feed_runs" DROP CONSTRAINT "feed_runs_status";--> statement-breakpoint
ALTER TABLE "feed_runs" ALTER COLUMN "finished_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "feed_runs" ADD COLUMN "digest" text;--> statement-breakpoint
ALTER TABLE "feed_runs" ADD COLUMN "slices" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "feed_runs" ADD COLUMN "slices_done" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "feed_runs_one_running" ON "feed_runs" USING btree ("biller_id") WHERE status = 'running';--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_finished" CHECK (("feed_runs"."status" = 'running') = ("feed_runs"."finished_at" is null));--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_slices" CHECK ("feed_runs"."slices_done" between 0 and "feed_runs"."slices");--> statement-breakpoint
ALTER TABLE "feed_runs" ADD CONSTRAINT "feed_runs_status" CHECK ("feed_runs"."status" in ('running', 'loaded', 'loaded_with_refusals', 'abandoned'));
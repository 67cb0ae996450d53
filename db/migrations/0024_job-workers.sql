CREATE TABLE "job_workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"pools" text[] NOT NULL,
	"beat_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_pauses" (
	"channel" text PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
-- What failing jobs left in the queue may hold an address or a number: from now on it is facts alone. The queue's own tables
-- come after these migrations, so a new database has none yet.
DO $$ BEGIN
  IF to_regclass('graphile_worker._private_jobs') IS NOT NULL THEN
    UPDATE graphile_worker._private_jobs SET last_error = 'not kept' WHERE last_error IS NOT NULL;
  END IF;
END $$;

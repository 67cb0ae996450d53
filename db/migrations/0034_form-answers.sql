CREATE TABLE "form_answers" (
	"key" text PRIMARY KEY NOT NULL,
	"claimed_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"answer" text
);
--> statement-breakpoint
CREATE TABLE "form_drafts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kept_at" timestamp with time zone NOT NULL,
	"typed" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "form_answers_claimed" ON "form_answers" USING btree ("claimed_at");--> statement-breakpoint
CREATE INDEX "form_drafts_kept" ON "form_drafts" USING btree ("kept_at");
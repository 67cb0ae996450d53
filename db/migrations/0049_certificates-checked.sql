-- outside a transaction
ALTER TABLE "case_events" VALIDATE CONSTRAINT "case_events_moves";
--> statement-breakpoint
ALTER TABLE "case_events" VALIDATE CONSTRAINT "case_events_sides";

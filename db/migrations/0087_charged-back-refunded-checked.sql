-- outside a transaction
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_kind";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_told_by";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" VALIDATE CONSTRAINT "payment_exceptions_attempt_known";

ALTER TABLE "accounts" DROP CONSTRAINT "accounts_email_unique";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "email_verified_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_verified_email" ON "accounts" USING btree ("email") WHERE "accounts"."email_verified_at" is not null;--> statement-breakpoint
-- Who changed their address entered a code that was sent to it, and who took the change back followed a link sent to it.
UPDATE "accounts" SET "email_verified_at" = proved.at
FROM (SELECT account_id, max(at) AS at FROM audit_events
  WHERE action IN ('email.changed', 'email.change-undone') GROUP BY account_id) proved
WHERE proved.account_id = "accounts".id AND "accounts".closed_at IS NULL;

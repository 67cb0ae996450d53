CREATE TABLE "staff_invitations" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "session_id" uuid;--> statement-breakpoint
ALTER TABLE "staff_invitations" ADD CONSTRAINT "staff_invitations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" USING brin ("at");--> statement-breakpoint
-- A session of staff lasts a working day from now on (STAFF_SESSION_HOURS), those begun before included.
UPDATE "sessions" SET "expires_at" = least("expires_at", "created_at" + interval '10 hours')
  WHERE "revoked_at" IS NULL AND "account_id" IN (SELECT "account_id" FROM "staff_members");--> statement-breakpoint
-- Events are never changed. What is more than a year old may be deleted; nobody, the owner included, deletes anything younger.
DROP TRIGGER audit_events_no_change ON audit_events;--> statement-breakpoint
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER audit_events_no_early_delete BEFORE DELETE ON audit_events
  FOR EACH ROW WHEN (OLD.at > now() - interval '1 year') EXECUTE FUNCTION refuse_change();--> statement-breakpoint
-- Deletes events of before a time, `most` at once, and returns how many. Runs as the owner: the role that serves may
-- insert and read events, and call this, but not delete.
CREATE FUNCTION purge_audit_events(before timestamptz, most integer) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH purged AS (
    DELETE FROM public.audit_events
      WHERE id IN (SELECT id FROM public.audit_events WHERE at < before LIMIT most) RETURNING id)
  SELECT count(*)::integer FROM purged
$$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION purge_audit_events FROM PUBLIC;

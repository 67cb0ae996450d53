ALTER TABLE "known_devices" ADD COLUMN "last_seen_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "disputes" ADD COLUMN "biller_id" smallint;--> statement-breakpoint
-- Staff's queue is on an index by biller: a dispute's is its contract's, which keeps it.
CREATE FUNCTION disputes_set_biller() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.biller_id := (SELECT biller_id FROM contracts WHERE id = NEW.contract_id);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER disputes_biller BEFORE INSERT OR UPDATE OF contract_id, biller_id ON disputes
  FOR EACH ROW EXECUTE FUNCTION disputes_set_biller();
--> statement-breakpoint
UPDATE disputes SET biller_id = contracts.biller_id FROM contracts WHERE contracts.id = disputes.contract_id;
--> statement-breakpoint
-- By default a fifth of a table changes before it is vacuumed: of 12,000,000 invoices, a month of them.
ALTER TABLE contracts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE invoices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE invoice_lines SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE readings SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE payments SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE payment_allocations SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE payment_attempts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE payment_attempt_invoices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE payment_events SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE messages SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE audit_events SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE sessions SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
ALTER TABLE known_devices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
-- In the order of the index: the planner would else look for old events among all, batch after batch.
CREATE OR REPLACE FUNCTION purge_audit_events(before timestamptz, most integer) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH purged AS (
    DELETE FROM public.audit_events WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM public.audit_events WHERE at < before ORDER BY at LIMIT most)) RETURNING id)
  SELECT count(*)::integer FROM purged
$$;
--> statement-breakpoint
CREATE INDEX "contact_changes_newest" ON "contact_changes" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "contact_changes_unconfirmed" ON "contact_changes" USING btree ("code_expires_at") WHERE applied_at is null;--> statement-breakpoint
CREATE INDEX "contact_changes_final" ON "contact_changes" USING btree ("undo_until") WHERE applied_at is not null;--> statement-breakpoint
CREATE INDEX "known_devices_last_seen" ON "known_devices" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "own_data_exports_requested" ON "own_data_exports" USING btree ("requested_at");--> statement-breakpoint
CREATE INDEX "password_resets_expires" ON "password_resets" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sessions_ended" ON "sessions" USING btree (least("revoked_at", "expires_at"));--> statement-breakpoint
CREATE INDEX "sessions_last_used" ON "sessions" USING btree ("last_used_at");--> statement-breakpoint
CREATE INDEX "audit_events_account_newest" ON "audit_events" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_subject_newest" ON "audit_events" USING btree ("subject","id");--> statement-breakpoint
CREATE INDEX "audit_events_age" ON "audit_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "invoices_newest" ON "invoices" USING btree ("contract_id","period","number");--> statement-breakpoint
CREATE INDEX "contracts_business" ON "contracts" USING btree ("business_number");--> statement-breakpoint
CREATE INDEX "readings_newest" ON "readings" USING btree ("contract_id","register","read_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "feed_runs_newest" ON "feed_runs" USING btree ("biller_id","started_at");--> statement-breakpoint
CREATE INDEX "messages_newest" ON "messages" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "messages_account" ON "messages" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "payment_attempts_contract_created" ON "payment_attempts" USING btree ("contract_id","created_at");--> statement-breakpoint
CREATE INDEX "payment_events_received" ON "payment_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "payment_exceptions_event" ON "payment_exceptions" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "businesses_open" ON "businesses" USING btree ("country","created_at","id") WHERE state in ('pending', 'taken');--> statement-breakpoint
CREATE INDEX "businesses_decided" ON "businesses" USING btree ("country","decided_at","id") WHERE state in ('granted', 'refused');--> statement-breakpoint
CREATE INDEX "disputes_open" ON "disputes" USING btree ("biller_id","created_at","id") WHERE state in ('pending', 'taken');--> statement-breakpoint
CREATE INDEX "disputes_decided" ON "disputes" USING btree ("biller_id","decided_at","id") WHERE state in ('granted', 'refused');--> statement-breakpoint
-- What the indexes above replace.
DROP INDEX "contact_changes_account";--> statement-breakpoint
DROP INDEX "audit_events_account";--> statement-breakpoint
DROP INDEX "audit_events_subject";--> statement-breakpoint
DROP INDEX "audit_events_at";--> statement-breakpoint
DROP INDEX "invoices_contract_period";--> statement-breakpoint
DROP INDEX "readings_contract";--> statement-breakpoint
DROP INDEX "feed_runs_biller";--> statement-breakpoint
DROP INDEX "messages_created_at";--> statement-breakpoint
DROP INDEX "payment_attempts_contract";--> statement-breakpoint
DROP INDEX "businesses_state";--> statement-breakpoint
DROP INDEX "disputes_state";

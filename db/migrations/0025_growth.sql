ALTER TABLE "known_devices" ADD COLUMN "last_seen_at" timestamp with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
ALTER TABLE "disputes" ADD COLUMN "biller_id" smallint;
--> statement-breakpoint
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
ALTER TABLE contracts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE invoices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE invoice_lines SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE readings SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE payments SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE payment_allocations SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE payment_attempts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE payment_attempt_invoices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE payment_events SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE messages SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE audit_events SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE sessions SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE known_devices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
-- In the order of the index: the planner would else look for old events among all, batch after batch.
CREATE OR REPLACE FUNCTION purge_audit_events(before timestamptz, most integer) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH purged AS (
    DELETE FROM public.audit_events WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM public.audit_events WHERE at < before ORDER BY at LIMIT most)) RETURNING id)
  SELECT count(*)::integer FROM purged
$$;
--> statement-breakpoint
CREATE INDEX "businesses_open" ON "businesses" USING btree ("country","created_at","id") WHERE state in ('pending', 'taken');
--> statement-breakpoint
CREATE INDEX "businesses_decided" ON "businesses" USING btree ("country","decided_at","id") WHERE state in ('granted', 'refused');

-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_changes_newest" ON "contact_changes" USING btree ("account_id","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_changes_unconfirmed" ON "contact_changes" USING btree ("code_expires_at") WHERE applied_at is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_changes_final" ON "contact_changes" USING btree ("undo_until") WHERE applied_at is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "known_devices_last_seen" ON "known_devices" USING btree ("last_seen_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "own_data_exports_requested" ON "own_data_exports" USING btree ("requested_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "password_resets_expires" ON "password_resets" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "sessions_ended" ON "sessions" USING btree (least("revoked_at", "expires_at"));
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "sessions_last_used" ON "sessions" USING btree ("last_used_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_events_account_newest" ON "audit_events" USING btree ("account_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_events_subject_newest" ON "audit_events" USING btree ("subject","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_events_age" ON "audit_events" USING btree ("at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "invoices_newest" ON "invoices" USING btree ("contract_id","period","number");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contracts_business" ON "contracts" USING btree ("business_number");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "readings_newest" ON "readings" USING btree ("contract_id","register","read_at" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "feed_runs_newest" ON "feed_runs" USING btree ("biller_id","started_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "messages_newest" ON "messages" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "messages_account" ON "messages" USING btree ("account_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_attempts_contract_created" ON "payment_attempts" USING btree ("contract_id","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_events_received" ON "payment_events" USING btree ("received_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_exceptions_event" ON "payment_exceptions" USING btree ("event_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "disputes_open" ON "disputes" USING btree ("biller_id","created_at","id") WHERE state in ('pending', 'taken');
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "disputes_decided" ON "disputes" USING btree ("biller_id","decided_at","id") WHERE state in ('granted', 'refused');
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "registrations_username" ON "registrations" USING btree ("username","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "registrations_email" ON "registrations" USING btree ("email","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "registrations_phone" ON "registrations" USING btree ("phone","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "documents_decided" ON "documents" USING btree ("decided_at") WHERE "documents"."removed_at" is null;
--> statement-breakpoint
-- The queue looks for jobs of dead processes every ten seconds, and every hour for jobs that were given up: both are few.
CREATE INDEX CONCURRENTLY IF NOT EXISTS drita_locked ON graphile_worker._private_jobs (locked_at) WHERE locked_at IS NOT NULL;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS drita_given_up ON graphile_worker._private_jobs (run_at) WHERE attempts >= max_attempts;
--> statement-breakpoint
-- What these replace: no query needs them.
DROP INDEX CONCURRENTLY IF EXISTS "contact_changes_account";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_events_account";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_events_subject";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_events_at";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "invoices_contract_period";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "readings_contract";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "feed_runs_biller";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "messages_created_at";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "payment_attempts_contract";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "businesses_state";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "disputes_state";

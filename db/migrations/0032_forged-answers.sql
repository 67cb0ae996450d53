-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "payment_events_forged" ON "payment_events" USING btree ("received_at") WHERE not authentic;

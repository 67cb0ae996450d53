-- outside a transaction
-- What waits to be sent is counted for every scrape of the metrics.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "messages_queued" ON "messages" USING btree ("channel","created_at") WHERE state = 'queued' and notice_id is null;

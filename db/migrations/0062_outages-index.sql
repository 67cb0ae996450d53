-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "outages_area" ON "outages" USING btree ("biller_id","area","starts_at");

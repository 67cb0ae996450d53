-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contracts_tariff_group" ON "contracts" USING btree ("biller_id","tariff_group");
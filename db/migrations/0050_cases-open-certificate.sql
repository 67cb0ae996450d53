-- outside a transaction
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "cases_open_certificate" ON "cases" USING btree ("account_id","contract_id","kind") WHERE queue = 'certificates' and state in ('pending', 'taken', 'waiting');

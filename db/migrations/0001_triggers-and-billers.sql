-- The sums on invoices and payments follow payment_allocations, a statement at a time. The checks on those tables
-- then refuse an invoice paid beyond what was billed and a payment that pays more than it brought.
CREATE FUNCTION payment_allocations_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE payments p SET allocated = p.allocated - s.amount
      FROM (SELECT payment_id, sum(interest + principal + tv_tax)::bigint AS amount FROM removed GROUP BY payment_id) s
      WHERE p.id = s.payment_id;
    UPDATE invoices i SET principal_paid = i.principal_paid - s.principal, tv_tax_paid = i.tv_tax_paid - s.tv_tax,
        interest_paid = i.interest_paid - s.interest
      FROM (SELECT invoice_id, sum(principal)::bigint AS principal, sum(tv_tax)::bigint AS tv_tax, sum(interest)::bigint AS interest
            FROM removed GROUP BY invoice_id) s
      WHERE i.id = s.invoice_id;
  END IF;
  IF TG_OP = 'INSERT' THEN
    UPDATE payments p SET allocated = p.allocated + s.amount
      FROM (SELECT payment_id, sum(interest + principal + tv_tax)::bigint AS amount FROM added GROUP BY payment_id) s
      WHERE p.id = s.payment_id;
    UPDATE invoices i SET principal_paid = i.principal_paid + s.principal, tv_tax_paid = i.tv_tax_paid + s.tv_tax,
        interest_paid = i.interest_paid + s.interest
      FROM (SELECT invoice_id, sum(principal)::bigint AS principal, sum(tv_tax)::bigint AS tv_tax, sum(interest)::bigint AS interest
            FROM added GROUP BY invoice_id) s
      WHERE i.id = s.invoice_id;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER payment_allocations_inserted AFTER INSERT ON payment_allocations
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payment_allocations_sum();
--> statement-breakpoint
CREATE TRIGGER payment_allocations_deleted AFTER DELETE ON payment_allocations
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION payment_allocations_sum();
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% may not be changed: %', TG_TABLE_NAME, lower(TG_OP);
END $$;
--> statement-breakpoint
-- An allocation is replaced by deleting and inserting, so that the two triggers above see all there is.
CREATE TRIGGER payment_allocations_no_update BEFORE UPDATE ON payment_allocations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE SEQUENCE payment_numbers;
--> statement-breakpoint
INSERT INTO billers (id, code, name, country, currency, time_zone, unit, interest_per_day_ppm, interest_cap_percent, contact_phone, contact_email, source) VALUES
  (1, 'oshee', 'OSHEE', 'AL', 'ALL', 'Europe/Tirane', 'kWh', 1000, 100, NULL, NULL,
    'Interest 0.1 % a day from the due date, proven by paid bills of 2023; the cap is from a draft of the regulator''s contract, unverified.'),
  (2, 'kesco', 'KESCO', 'XK', 'EUR', 'Europe/Belgrade', 'kWh', 0, 100, '0800 791 00', 'info@kesco-energy.com',
    'No late interest known for households.'),
  (3, 'ukt', 'UKT', 'AL', 'ALL', 'Europe/Tirane', 'm3', 0, 100, NULL, NULL, 'No late interest known, unverified.'),
  (4, 'albtelecom', 'Albtelecom', 'AL', 'ALL', 'Europe/Tirane', 'none', 0, 100, NULL, NULL, 'No late interest known, unverified.'),
  (5, 'digitalb', 'Digitalb', 'AL', 'ALL', 'Europe/Tirane', 'none', 0, 100, NULL, NULL, 'No late interest known, unverified.'),
  (6, 'police-fines', 'Policia e Shtetit', 'AL', 'ALL', 'Europe/Tirane', 'none', 0, 100, NULL, NULL, 'No late interest known, unverified.');

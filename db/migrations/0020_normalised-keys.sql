-- Invoice numbers, payment references and meter numbers as feeds are read since: NFC, trimmed, a run of blanks one space.
-- A number that would become another's stays as it is: such twins are for a person to look at (docs/feed.md).
CREATE FUNCTION pg_temp.normalised(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT btrim(regexp_replace(normalize(value, NFC), U&'[\0009-\000D\0020\0085\00A0\1680\2000-\200A\2028\2029\202F\205F\3000]+', ' ', 'g'))
$$;
--> statement-breakpoint
WITH written AS (
  SELECT id, biller_id, number AS old, pg_temp.normalised(number) AS new FROM invoices WHERE number ~ '[^!-~]'
), renamed AS (
  UPDATE invoices i SET number = w.new FROM written w
  WHERE i.id = w.id AND w.new NOT IN (w.old, '')
    AND NOT EXISTS (SELECT FROM invoices o WHERE o.biller_id = w.biller_id AND o.number = w.new)
    AND NOT EXISTS (SELECT FROM written o WHERE o.biller_id = w.biller_id AND o.new = w.new AND o.id <> w.id)
  RETURNING w.biller_id, w.old, w.new
)
-- What names a number goes with it: what a payment pays stays the same.
UPDATE payments p SET invoice_number = r.new FROM renamed r WHERE p.biller_id = r.biller_id AND p.invoice_number = r.old;
--> statement-breakpoint
WITH written AS (
  SELECT id, biller_id, pg_temp.normalised(reference) AS new FROM payments WHERE reference ~ '[^!-~]'
)
UPDATE payments p SET reference = w.new FROM written w
WHERE p.id = w.id AND w.new NOT IN (p.reference, '')
  AND NOT EXISTS (SELECT FROM payments o WHERE o.biller_id = w.biller_id AND o.reference = w.new)
  AND NOT EXISTS (SELECT FROM written o WHERE o.biller_id = w.biller_id AND o.new = w.new AND o.id <> w.id);
--> statement-breakpoint
UPDATE contracts SET meter_number = pg_temp.normalised(meter_number)
WHERE meter_number ~ '[^!-~]' AND meter_number <> pg_temp.normalised(meter_number);
--> statement-breakpoint
DROP FUNCTION pg_temp.normalised(text);

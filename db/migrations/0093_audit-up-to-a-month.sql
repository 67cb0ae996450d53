-- The audit log becomes a table of months (0095): what there is will be the first of its parts, with the end that it gets here.
-- That is a month away at least, for the log goes on being written until 0095 has run.
DO $$
DECLARE
  ends timestamptz;
BEGIN
  LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
  SELECT (date_trunc('month', greatest(now(), max(at)) AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC'
    INTO ends FROM audit_events;
  EXECUTE format('ALTER TABLE audit_events ADD CONSTRAINT audit_events_before CHECK (at < %L::timestamptz) NOT VALID', ends);
END $$;

-- The audit log by months of UTC (decision 0072). Its parts lie in a schema that nobody but the owner enters: who serves reads and
-- writes audit_events, and cannot even name a part of it.
CREATE SCHEMA audit_months;--> statement-breakpoint
-- In one block, for the code of before meets audit_events as it was or as it is: same name, same columns, same rights. Nothing is gone
-- through: 0094 has checked that all rows are of the first part, and made its key.
DO $$
DECLARE
  ends timestamptz;
  next bigint;
  right_of record;
BEGIN
  LOCK TABLE public.audit_events IN ACCESS EXCLUSIVE MODE;
  SELECT substring(pg_get_constraintdef(oid) FROM '''([^'']+)''')::timestamptz INTO STRICT ends
    FROM pg_constraint WHERE conrelid = 'public.audit_events'::regclass AND conname = 'audit_events_before';
  SELECT last_value + is_called::int INTO next FROM public.audit_events_id_seq;

  DROP TRIGGER audit_events_no_change ON public.audit_events;
  DROP TRIGGER audit_events_no_early_delete ON public.audit_events;
  ALTER TABLE public.audit_events ALTER id DROP IDENTITY;
  ALTER TABLE public.audit_events DROP CONSTRAINT audit_events_pkey;
  ALTER TABLE public.audit_events ADD CONSTRAINT audit_events_before_pkey PRIMARY KEY USING INDEX audit_events_before_pkey;
  ALTER TABLE public.audit_events RENAME TO audit_events_before;
  ALTER TABLE public.audit_events_before SET SCHEMA audit_months;

  EXECUTE format('CREATE SEQUENCE public.audit_events_id_seq START WITH %s', next);
  CREATE TABLE public.audit_events (LIKE audit_months.audit_events_before) PARTITION BY RANGE (at);
  ALTER TABLE public.audit_events ALTER id SET DEFAULT nextval('public.audit_events_id_seq'), ALTER at SET DEFAULT now(),
    ADD CONSTRAINT audit_events_id_at_pk PRIMARY KEY (id, at);
  ALTER SEQUENCE public.audit_events_id_seq OWNED BY public.audit_events.id;
  CREATE INDEX audit_events_account_newest ON public.audit_events (account_id, id);
  CREATE INDEX audit_events_subject_newest ON public.audit_events (subject, id);
  CREATE INDEX audit_events_age ON public.audit_events (at);

  FOR right_of IN SELECT privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee
    FROM pg_class, aclexplode(relacl)
    WHERE pg_class.oid = 'audit_months.audit_events_before'::regclass AND grantee <> relowner
  LOOP
    EXECUTE format('GRANT %s ON public.audit_events TO %s', right_of.privilege_type, right_of.grantee);
    EXECUTE format('GRANT USAGE ON SEQUENCE public.audit_events_id_seq TO %s', right_of.grantee);
  END LOOP;

  EXECUTE format('ALTER TABLE public.audit_events ATTACH PARTITION audit_months.audit_events_before
    FOR VALUES FROM (MINVALUE) TO (%L)', ends);
  ALTER TABLE audit_months.audit_events_before DROP CONSTRAINT audit_events_before;
  -- For what is of no month that there is: nothing that somebody does may fail because of the log.
  CREATE TABLE audit_months.audit_events_rest PARTITION OF public.audit_events DEFAULT;

  -- What is said of every row holds in all parts; what is said of a statement has to be said of each.
  CREATE TRIGGER audit_events_no_early_delete BEFORE DELETE ON public.audit_events
    FOR EACH ROW WHEN (OLD.at > now() - interval '1 year') EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR TRUNCATE ON public.audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR TRUNCATE ON audit_months.audit_events_before
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR TRUNCATE ON audit_months.audit_events_rest
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
END $$;--> statement-breakpoint
-- Of the first part `begins` is null, of the rest both.
CREATE VIEW audit_months.parts AS
  SELECT inhrelid::regclass AS part,
    substring(pg_get_expr(relpartbound, inhrelid) FROM 'FROM \(''([^'']+)''\)')::timestamptz AS begins,
    substring(pg_get_expr(relpartbound, inhrelid) FROM 'TO \(''([^'']+)''\)')::timestamptz AS ends
  FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
  WHERE inhparent = 'public.audit_events'::regclass;--> statement-breakpoint
-- Makes the months that there are not, up to the one of the day `until`, two years from now at most, and returns how many. What lies in
-- the rest goes into its month. Runs as the owner, whoever calls it; waits for nobody longer than those may be kept waiting who stand
-- behind it.
CREATE FUNCTION make_audit_months(until date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET lock_timeout = '500ms' AS $$
DECLARE
  first timestamptz;
  following timestamptz;
  made integer := 0;
  month text;
BEGIN
  PERFORM pg_advisory_xact_lock(7274827);
  SELECT max(ends) INTO first FROM audit_months.parts;
  WHILE first <= least(until, now() + interval '2 years') LOOP
    following := first + interval '1 month';
    month := 'audit_months.audit_events_' || to_char(first, 'YYYY_MM');
    EXECUTE format('CREATE TABLE %s (LIKE public.audit_events INCLUDING ALL) WITH (autovacuum_vacuum_scale_factor = 0.02,
      autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)', month);
    EXECUTE format('CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR TRUNCATE ON %s
      FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()', month);
    LOCK TABLE audit_months.audit_events_rest IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM audit_months.audit_events_rest WHERE at >= first AND at < following) THEN
      ALTER TABLE audit_months.audit_events_rest DISABLE TRIGGER audit_events_no_early_delete;
      EXECUTE format('WITH moved AS (DELETE FROM audit_months.audit_events_rest WHERE at >= $1 AND at < $2 RETURNING *)
        INSERT INTO %s SELECT * FROM moved', month) USING first, following;
      ALTER TABLE audit_months.audit_events_rest ENABLE TRIGGER audit_events_no_early_delete;
    END IF;
    EXECUTE format('ALTER TABLE public.audit_events ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', month, first, following);
    made := made + 1;
    first := following;
  END LOOP;
  RETURN made;
END $$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION make_audit_months FROM PUBLIC;--> statement-breakpoint
-- Drops the months that ended before a time, none that is less than a year old, then deletes what else is older, `most` events at once,
-- and returns how many. Runs as the owner, as before.
CREATE OR REPLACE FUNCTION purge_audit_events(before timestamptz, most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET lock_timeout = '500ms' AS $$
DECLARE
  one record;
  batch integer;
  purged integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7274827);
  FOR one IN SELECT part FROM audit_months.parts WHERE ends <= least(before, now() - interval '1 year') ORDER BY ends LOOP
    EXECUTE format('DROP TABLE %s', one.part);
  END LOOP;
  FOR one IN SELECT part FROM audit_months.parts WHERE begins IS NULL OR begins < before ORDER BY ends LOOP
    EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE at < $1 ORDER BY at LIMIT $2))', one.part)
      USING before, most - purged;
    GET DIAGNOSTICS batch = ROW_COUNT;
    purged := purged + batch;
    EXIT WHEN purged = most;
  END LOOP;
  RETURN purged;
END $$;--> statement-breakpoint
SELECT make_audit_months((now() + interval '3 months')::date);

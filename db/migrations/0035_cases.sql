CREATE TABLE "account_businesses" (
	"account_id" uuid NOT NULL,
	"biller_id" smallint NOT NULL,
	"number" text NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "account_businesses_account_id_biller_id_number_pk" PRIMARY KEY("account_id","biller_id","number"),
	CONSTRAINT "account_businesses_number_form" CHECK ("account_businesses"."number" ~ '^([A-M][0-9]{8}[A-Z]|[0-9]{9})$')
);
--> statement-breakpoint
CREATE TABLE "case_events" (
	"case_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"before" smallint GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
	"was" text,
	"move" text NOT NULL,
	"state" text NOT NULL,
	"side" text NOT NULL,
	"made_by" uuid,
	"note" text,
	"answers" jsonb,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_events_case_id_number_pk" PRIMARY KEY("case_id","number"),
	CONSTRAINT "case_events_state" UNIQUE("case_id","number","state"),
	CONSTRAINT "case_events_moves" CHECK (case when number = 1 then was is null and move = 'file' and state = 'pending'
        else was is not null and (was, move, state) in (('pending', 'take', 'taken'), ('pending', 'ask', 'waiting'), ('taken', 'ask', 'waiting'), ('waiting', 'answer', 'pending'), ('pending', 'accept', 'accepted'), ('taken', 'accept', 'accepted'), ('waiting', 'accept', 'accepted'), ('pending', 'reject', 'rejected'), ('taken', 'reject', 'rejected'), ('waiting', 'reject', 'rejected'), ('accepted', 'reopen', 'pending'), ('rejected', 'reopen', 'pending'), ('pending', 'withdraw', 'withdrawn'), ('taken', 'withdraw', 'withdrawn'), ('waiting', 'withdraw', 'withdrawn'), ('accepted', 'withdraw', 'withdrawn'), ('rejected', 'withdraw', 'withdrawn')) end),
	CONSTRAINT "case_events_sides" CHECK ("case_events"."side" = 'owner' or "case_events"."side" = 'staff' and "case_events"."made_by" is not null)
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"queue" text NOT NULL,
	"biller_id" smallint NOT NULL,
	"contract_id" bigint,
	"account_id" uuid,
	"email" text,
	"language" text,
	"title" text NOT NULL,
	"about" text NOT NULL,
	"unique_as" text,
	"answers" jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"events" smallint DEFAULT 1 NOT NULL,
	"taken_by" uuid,
	"decided_at" timestamp with time zone,
	"idempotency_key" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "cases_states" CHECK (state in ('pending', 'taken', 'waiting', 'accepted', 'rejected', 'withdrawn')),
	CONSTRAINT "cases_decided_at" CHECK ((state in ('accepted', 'rejected', 'withdrawn')) = ("cases"."decided_at" is not null)),
	CONSTRAINT "cases_taken_by" CHECK ("cases"."state" <> 'taken' or "cases"."taken_by" is not null),
	CONSTRAINT "cases_owner" CHECK (num_nonnulls("cases"."account_id", "cases"."email") = 1 and ("cases"."email" is null) = ("cases"."language" is null))
);
--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "case_id" uuid;--> statement-breakpoint
ALTER TABLE "account_businesses" ADD CONSTRAINT "account_businesses_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_businesses" ADD CONSTRAINT "account_businesses_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_made_by_accounts_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_after" FOREIGN KEY ("case_id","before","was") REFERENCES "public"."case_events"("case_id","number","state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "public"."billers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_taken_by_accounts_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_businesses_number" ON "account_businesses" USING btree ("biller_id","number");--> statement-breakpoint
CREATE INDEX "cases_open" ON "cases" USING btree ("queue","biller_id","created_at","id") WHERE state in ('pending', 'taken', 'waiting');--> statement-breakpoint
CREATE INDEX "cases_decided" ON "cases" USING btree ("queue","biller_id","decided_at","id") WHERE state in ('accepted', 'rejected', 'withdrawn');--> statement-breakpoint
CREATE INDEX "cases_account" ON "cases" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "cases_unique" ON "cases" USING btree ("account_id","kind","biller_id","unique_as") WHERE state <> 'withdrawn';--> statement-breakpoint
CREATE UNIQUE INDEX "cases_form_of_account" ON "cases" USING btree ("account_id","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "cases_form" ON "cases" USING btree ("idempotency_key") WHERE account_id is null;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE set null ON UPDATE no action NOT VALID;
--> statement-breakpoint
-- A case is where its last event left it.
ALTER TABLE cases ADD CONSTRAINT cases_last_event FOREIGN KEY (id, events, state) REFERENCES case_events (case_id, number, state) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
-- What was decided of a case tells its documents.
CREATE FUNCTION documents_set_decided_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE documents SET decided_at = NEW.decided_at WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER cases_decide_documents AFTER UPDATE OF decided_at ON cases
  FOR EACH ROW EXECUTE FUNCTION documents_set_decided_case();
--> statement-breakpoint
-- A document of a case stays: a worker of the version before knows cases not, and would take it for unused.
CREATE FUNCTION documents_keep_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER documents_keep_used BEFORE DELETE ON documents
  FOR EACH ROW WHEN (OLD.case_id IS NOT NULL) EXECUTE FUNCTION documents_keep_used();
--> statement-breakpoint
-- From here on: what there is, and what nodes of the version before still write, until none is left. A later release drops
-- disputes, businesses, documents.dispute_id and documents.business_id with it ("-- unused since 0035_cases").
CREATE FUNCTION copy_old_case(of_kind text, row_of jsonb, of_biller smallint, named text, of_what text, said jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  old record;
  became text;
  taken boolean;
BEGIN
  SELECT * INTO old FROM jsonb_to_record(row_of) AS r(id uuid, account_id uuid, contract_id bigint, email text, language text, number text,
    state text, taken_by uuid, taken_at timestamptz, decided_by uuid, decided_at timestamptz, decision_note text, idempotency_key text, created_at timestamptz);
  became := CASE old.state WHEN 'granted' THEN 'accepted' WHEN 'refused' THEN 'rejected' ELSE old.state END;
  -- What 0027 put back among what is pending has been taken before.
  taken := old.taken_by IS NOT NULL AND old.state <> 'pending';
  INSERT INTO cases (id, kind, queue, biller_id, contract_id, account_id, email, language, title, about, unique_as, answers, state, events, taken_by, decided_at, idempotency_key, created_at)
  VALUES (old.id, of_kind, 'registrations', of_biller, old.contract_id, old.account_id, old.email, old.language, named, of_what, old.number, said, became,
    1 + taken::int + (old.decided_at IS NOT NULL)::int, CASE WHEN taken THEN old.taken_by END, old.decided_at, old.idempotency_key, old.created_at);
  INSERT INTO case_events (case_id, number, move, state, side, made_by, answers, at)
  VALUES (old.id, 1, 'file', 'pending', 'owner', old.account_id, said, old.created_at);
  INSERT INTO case_events (case_id, number, was, move, state, side, made_by, at)
  SELECT old.id, 2, 'pending', 'take', 'taken', 'staff', old.taken_by, coalesce(old.taken_at, old.created_at) WHERE taken;
  INSERT INTO case_events (case_id, number, was, move, state, side, made_by, note, at)
  SELECT old.id, 2 + taken::int, CASE WHEN taken THEN 'taken' ELSE 'pending' END, CASE became WHEN 'accepted' THEN 'accept' ELSE 'reject' END, became,
    'staff', old.decided_by, old.decision_note, old.decided_at WHERE old.decided_at IS NOT NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION copy_dispute(one disputes) RETURNS void LANGUAGE sql AS $$
  SELECT copy_old_case('dispute', to_jsonb(one), c.biller_id, one.first_name || ' ' || one.last_name, c.code, jsonb_build_object(
    'biller', b.code, 'contractCode', c.code, 'firstName', one.first_name, 'lastName', one.last_name, 'personalNumber', one.personal_number,
    'phone', one.phone, 'email', one.email, 'note', one.note))
  FROM contracts c JOIN billers b ON b.id = c.biller_id WHERE c.id = one.contract_id
$$;
--> statement-breakpoint
-- One that knows no biller was seen by nobody, and is added again.
CREATE FUNCTION copy_business(one businesses) RETURNS void LANGUAGE sql AS $$
  SELECT copy_old_case('business', to_jsonb(one), b.id, one.name, one.number, jsonb_build_object(
    'biller', b.code, 'nipt', one.number, 'businessName', one.name, 'legalRepresentative', one.legal_representative))
  FROM billers b WHERE b.id = one.biller_id
$$;
--> statement-breakpoint
CREATE FUNCTION old_cases_filed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'disputes' THEN PERFORM copy_dispute(NEW); ELSE PERFORM copy_business(NEW); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION old_cases_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A newer version is being installed, and decides this: open the page again in a few minutes.';
END $$;
--> statement-breakpoint
CREATE FUNCTION old_businesses_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM cases WHERE id = OLD.id;
  DELETE FROM account_businesses a WHERE a.account_id = OLD.account_id AND a.biller_id = OLD.biller_id AND a.number = OLD.number;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- What is forgotten here is forgotten there.
CREATE FUNCTION old_cases_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM businesses WHERE id = OLD.id;
  DELETE FROM disputes WHERE id = OLD.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION old_documents_claimed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.case_id := (SELECT id FROM cases WHERE id = coalesce(NEW.dispute_id, NEW.business_id));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER disputes_filed AFTER INSERT ON disputes FOR EACH ROW EXECUTE FUNCTION old_cases_filed();
--> statement-breakpoint
CREATE TRIGGER businesses_filed AFTER INSERT ON businesses FOR EACH ROW EXECUTE FUNCTION old_cases_filed();
--> statement-breakpoint
CREATE TRIGGER disputes_decided BEFORE UPDATE OF state ON disputes
  FOR EACH ROW WHEN (NEW.state <> 'pending' AND NEW.state <> OLD.state) EXECUTE FUNCTION old_cases_decided();
--> statement-breakpoint
CREATE TRIGGER businesses_decided BEFORE UPDATE OF state ON businesses
  FOR EACH ROW WHEN (NEW.state <> 'pending' AND NEW.state <> OLD.state) EXECUTE FUNCTION old_cases_decided();
--> statement-breakpoint
CREATE TRIGGER businesses_removed AFTER DELETE ON businesses FOR EACH ROW EXECUTE FUNCTION old_businesses_removed();
--> statement-breakpoint
CREATE TRIGGER old_cases_forgotten AFTER DELETE ON cases FOR EACH ROW EXECUTE FUNCTION old_cases_forgotten();
--> statement-breakpoint
CREATE TRIGGER documents_claimed BEFORE UPDATE OF dispute_id, business_id ON documents
  FOR EACH ROW WHEN (num_nonnulls(NEW.dispute_id, NEW.business_id) > 0) EXECUTE FUNCTION old_documents_claimed();
--> statement-breakpoint
SELECT copy_dispute(one) FROM disputes one;
--> statement-breakpoint
SELECT copy_business(one) FROM businesses one;
--> statement-breakpoint
INSERT INTO account_businesses (account_id, biller_id, number, confirmed_at)
  SELECT account_id, biller_id, number, decided_at FROM businesses WHERE state = 'granted' AND biller_id IS NOT NULL;
--> statement-breakpoint
UPDATE documents SET case_id = cases.id FROM cases WHERE cases.id = coalesce(dispute_id, business_id);
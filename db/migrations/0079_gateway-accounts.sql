CREATE TABLE "gateway_accounts" (
	"id" smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "gateway_accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1),
	"code" text NOT NULL,
	"gateway" text NOT NULL,
	"biller_id" smallint NOT NULL,
	"currency" text NOT NULL,
	"merchant_id" text NOT NULL,
	"checkout_url" text,
	"api_url" text,
	"auth_url" text,
	"checkout_origins" text[] DEFAULT '{}' NOT NULL,
	"time_zone" text,
	"is_test" boolean DEFAULT false NOT NULL,
	"takes_payments" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gateway_accounts_code_unique" UNIQUE("code"),
	CONSTRAINT "gateway_accounts_gateway" CHECK ("gateway_accounts"."gateway" in ('sandbox', 'nestpay', 'raiaccept')),
	CONSTRAINT "gateway_accounts_code" CHECK ("gateway_accounts"."code" ~ '^[a-z0-9][a-z0-9-]{1,40}$')
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"number" text NOT NULL,
	"payment_id" bigint NOT NULL,
	"way" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"state" text DEFAULT 'requested' NOT NULL,
	"idempotency_key" uuid NOT NULL,
	"reason" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"state_changed_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"transaction_id" text,
	"failure_code" text,
	CONSTRAINT "refunds_number_unique" UNIQUE("number"),
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount" > 0),
	CONSTRAINT "refunds_state" CHECK ("refunds"."state" in ('requested', 'rejected', 'submitted', 'succeeded', 'failed', 'unknown')),
	CONSTRAINT "refunds_way" CHECK ("refunds"."way" in ('card', 'credit')),
	CONSTRAINT "refunds_two_people" CHECK ("refunds"."decided_by" <> "refunds"."requested_by"),
	CONSTRAINT "refunds_decided" CHECK (("refunds"."state" = 'requested') = ("refunds"."decided_by" is null) and ("refunds"."decided_by" is null) = ("refunds"."decided_at" is null))
);
--> statement-breakpoint
CREATE TABLE "settlement_files" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "settlement_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"gateway_account_id" smallint NOT NULL,
	"digest" text NOT NULL,
	"name" text NOT NULL,
	"rows" integer NOT NULL,
	"first_day" date,
	"last_day" date,
	"loaded_by" uuid,
	"loaded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "settlement_files_digest" UNIQUE("gateway_account_id","digest")
);
--> statement-breakpoint
CREATE TABLE "settlement_rows" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "settlement_rows_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"file_id" integer NOT NULL,
	"line" integer NOT NULL,
	"gateway_account_id" smallint NOT NULL,
	"kind" text NOT NULL,
	"order_number" text NOT NULL,
	"transaction_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "settlement_rows_transaction" UNIQUE("gateway_account_id","kind","transaction_id"),
	CONSTRAINT "settlement_rows_kind" CHECK ("settlement_rows"."kind" in ('sale', 'refund', 'chargeback')),
	CONSTRAINT "settlement_rows_amount" CHECK ("settlement_rows"."amount" > 0)
);
--> statement-breakpoint
CREATE SEQUENCE "refund_numbers";
--> statement-breakpoint
ALTER TABLE "payment_attempts" ALTER COLUMN "live" DROP EXPRESSION;
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "receipt_number" text;
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "refunded" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD COLUMN "settlement_row_id" bigint;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD COLUMN "resolved_by" uuid;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD COLUMN "note" text;
--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" ADD COLUMN "contract_id" bigint;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "gateway_account_id" smallint;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "redirect" jsonb;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "bank_order_id" text;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "order_expires_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "placing_since" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD COLUMN "placed" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "payment_events" ADD COLUMN "gateway_account_id" smallint;
--> statement-breakpoint
ALTER TABLE "payment_events" ADD COLUMN "is_hint" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "gateway_accounts" ADD CONSTRAINT "gateway_accounts_biller_id_billers_id_fk" FOREIGN KEY ("biller_id") REFERENCES "billers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_requested_by_accounts_id_fk" FOREIGN KEY ("requested_by") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_decided_by_accounts_id_fk" FOREIGN KEY ("decided_by") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "settlement_files" ADD CONSTRAINT "settlement_files_gateway_account_id_gateway_accounts_id_fk" FOREIGN KEY ("gateway_account_id") REFERENCES "gateway_accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "settlement_files" ADD CONSTRAINT "settlement_files_loaded_by_accounts_id_fk" FOREIGN KEY ("loaded_by") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "settlement_rows" ADD CONSTRAINT "settlement_rows_file_id_settlement_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "settlement_files"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "gateway_accounts_in_use" ON "gateway_accounts" USING btree ("biller_id","currency") WHERE takes_payments;
--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_idempotency" ON "refunds" USING btree ("requested_by","idempotency_key");
--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_transaction" ON "refunds" USING btree ("payment_id","transaction_id") WHERE transaction_id is not null;
--> statement-breakpoint
CREATE INDEX "refunds_payment" ON "refunds" USING btree ("payment_id");
--> statement-breakpoint
CREATE INDEX "refunds_open" ON "refunds" USING btree ("state_changed_at") WHERE state in ('requested', 'submitted', 'unknown');
--> statement-breakpoint
CREATE INDEX "settlement_rows_order" ON "settlement_rows" USING btree ("gateway_account_id","order_number");
--> statement-breakpoint
CREATE INDEX "settlement_rows_file" ON "settlement_rows" USING btree ("file_id","line");
--> statement-breakpoint
ALTER TABLE "payment_exceptions" DROP CONSTRAINT "payment_exceptions_attempt_known";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" DROP CONSTRAINT "payment_exceptions_told_by";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" DROP CONSTRAINT "payment_exceptions_kind";
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_settlement_row_id_settlement_rows_id_fk" FOREIGN KEY ("settlement_row_id") REFERENCES "settlement_rows"("id") ON DELETE no action ON UPDATE no action NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_resolved_by_accounts_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" ADD CONSTRAINT "payment_attempt_invoices_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "contracts"("id") ON DELETE no action ON UPDATE no action NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_gateway_account_id_gateway_accounts_id_fk" FOREIGN KEY ("gateway_account_id") REFERENCES "gateway_accounts"("id") ON DELETE no action ON UPDATE no action NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_events" ADD CONSTRAINT "payment_events_gateway_account_id_gateway_accounts_id_fk" FOREIGN KEY ("gateway_account_id") REFERENCES "gateway_accounts"("id") ON DELETE no action ON UPDATE no action NOT VALID;
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_refunded" CHECK ("payments"."refunded" >= 0 and "payments"."allocated" + "payments"."refunded" <= "payments"."amount") NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_note" CHECK (("payment_exceptions"."resolved_by" is null) = ("payment_exceptions"."note" is null)) NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_kind" CHECK ("payment_exceptions"."kind" in ('unknown_order', 'wrong_merchant', 'wrong_currency', 'wrong_amount', 'no_transaction', 'second_capture', 'after_void', 'paid_twice', 'not_booked', 'not_settled', 'settled_otherwise', 'charged_back', 'refunded_at_bank')) NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_told_by" CHECK (("payment_exceptions"."event_id" is null) = ("payment_exceptions"."kind" = 'paid_twice' or "payment_exceptions"."kind" in ('not_booked', 'not_settled', 'settled_otherwise', 'charged_back', 'refunded_at_bank'))) NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_exceptions" ADD CONSTRAINT "payment_exceptions_attempt_known" CHECK (("payment_exceptions"."attempt_id" is not null or "payment_exceptions"."kind" = 'unknown_order' or "payment_exceptions"."kind" in ('not_booked', 'not_settled', 'settled_otherwise', 'charged_back', 'refunded_at_bank')) and ("payment_exceptions"."payment_id" is null or "payment_exceptions"."attempt_id" is not null)) NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_holds" CHECK (not "payment_attempts"."live" or ("payment_attempts"."pay_link_id" is null and "payment_attempts"."state" in ('created', 'pending', 'authorised', 'in_doubt'))) NOT VALID;
--> statement-breakpoint
ALTER TABLE "payment_events" ADD CONSTRAINT "payment_events_hint" CHECK (not ("payment_events"."authentic" and "payment_events"."is_hint")) NOT VALID;
--> statement-breakpoint
-- Nodes of the release before still serve while this is applied: they know neither new columns nor that these two are filled by triggers. The
-- columns `contract_id` and `released` of payment_attempts, what rests on them, and these two functions go with the next release.
ALTER TABLE "payment_attempts" ALTER COLUMN "contract_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ALTER COLUMN "released" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "payment_attempts" ALTER COLUMN "released" SET DEFAULT NULL;
--> statement-breakpoint
UPDATE "payment_attempt_invoices" l SET contract_id = a.contract_id FROM payment_attempts a WHERE a.id = l.attempt_id;
--> statement-breakpoint
CREATE FUNCTION payment_attempts_of_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.released IS NOT NULL THEN
    NEW.live := NOT NEW.released AND NEW.state IN ('created', 'pending', 'authorised', 'in_doubt');
    NEW.gateway_account_id := (SELECT id FROM gateway_accounts g WHERE g.gateway = NEW.gateway AND g.biller_id = NEW.biller_id
      ORDER BY id LIMIT 1);
  ELSIF TG_OP = 'UPDATE' AND coalesce(NEW.released <> coalesce(OLD.released, true), false) THEN
    NEW.live := NOT NEW.released AND NEW.state IN ('created', 'pending', 'authorised', 'in_doubt');
  ELSIF NEW.state NOT IN ('created', 'pending', 'authorised', 'in_doubt') THEN
    NEW.live := false;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER payment_attempts_of_before BEFORE INSERT OR UPDATE ON payment_attempts
  FOR EACH ROW EXECUTE FUNCTION payment_attempts_of_before();
--> statement-breakpoint
CREATE FUNCTION payment_attempt_invoices_of_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.contract_id IS NULL THEN
    NEW.contract_id := (SELECT contract_id FROM payment_attempts a WHERE a.id = NEW.attempt_id);
  ELSE
    UPDATE payment_attempts a SET contract_id = NEW.contract_id WHERE a.id = NEW.attempt_id AND a.contract_id IS NULL;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER payment_attempt_invoices_of_before BEFORE INSERT ON payment_attempt_invoices
  FOR EACH ROW EXECUTE FUNCTION payment_attempt_invoices_of_before();
--> statement-breakpoint
ALTER TABLE "payment_attempt_invoices" ADD CONSTRAINT "payment_attempt_invoices_contract_known" CHECK (contract_id IS NOT NULL) NOT VALID;
--> statement-breakpoint
-- What a payment's refunds have or may have given back follows them; the check on payments then refuses more than there is.
CREATE FUNCTION refunds_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before bigint := 0;
  after bigint := 0;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.state NOT IN ('rejected', 'failed') THEN before := OLD.amount; END IF;
  IF TG_OP <> 'DELETE' AND NEW.state NOT IN ('rejected', 'failed') THEN after := NEW.amount; END IF;
  IF TG_OP = 'UPDATE' AND (NEW.payment_id <> OLD.payment_id OR NEW.amount <> OLD.amount) THEN
    RAISE EXCEPTION 'a refund keeps its payment and its amount';
  END IF;
  IF before <> after THEN
    UPDATE payments SET refunded = refunded + after - before WHERE id = coalesce(NEW.payment_id, OLD.payment_id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER refunds_sum AFTER INSERT OR UPDATE OR DELETE ON refunds FOR EACH ROW EXECUTE FUNCTION refunds_sum();

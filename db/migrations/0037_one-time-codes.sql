CREATE TABLE "one_time_codes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"purpose" text NOT NULL,
	"subject" uuid,
	"account_id" uuid,
	"about" text,
	"hash" text NOT NULL,
	"tries" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"answer" text,
	CONSTRAINT "one_time_codes_hash_unique" UNIQUE("hash"),
	CONSTRAINT "one_time_codes_tries" CHECK ("one_time_codes"."tries" between 0 and 5)
);
--> statement-breakpoint
ALTER TABLE "one_time_codes" ADD CONSTRAINT "one_time_codes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_codes_subject" ON "one_time_codes" USING btree ("purpose","subject");
--> statement-breakpoint
CREATE INDEX "one_time_codes_account" ON "one_time_codes" USING btree ("account_id");
--> statement-breakpoint
CREATE INDEX "one_time_codes_expires" ON "one_time_codes" USING btree ("expires_at");
--> statement-breakpoint
-- From here on: what is out, and what nodes of the version before still make and use, until none is left. A later release drops
-- password_resets, contact_changes, staff_invitations and the four columns code_… of registrations with it ("-- unused since
-- 0037_one-time-codes").
CREATE FUNCTION keep_old_code(of_purpose text, of_subject uuid, of_account uuid, says text, hashed text, tried int, made timestamptz, until timestamptz, used timestamptz)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO one_time_codes (purpose, subject, account_id, about, hash, tries, created_at, expires_at, used_at)
  VALUES (of_purpose, of_subject, of_account, says, hashed, tried, made, until, used)
  ON CONFLICT (purpose, subject) DO UPDATE SET about = says, hash = hashed, tries = tried, created_at = made, expires_at = until, used_at = used, answer = NULL
$$;
--> statement-breakpoint
CREATE FUNCTION keep_registration(one registrations) RETURNS void LANGUAGE sql AS $$
  SELECT keep_old_code('registration', one.id, NULL, NULL, one.code_hash, one.code_tries, one.code_sent_at, one.code_expires_at, NULL)
  WHERE one.code_hash IS NOT NULL
$$;
--> statement-breakpoint
-- A code that was traded for a link is worth nothing more.
CREATE FUNCTION keep_password_reset(one password_resets) RETURNS void LANGUAGE sql AS $$
  UPDATE one_time_codes SET expires_at = created_at WHERE purpose = 'reset-code' AND subject = one.id AND one.code_hash IS NULL;
  SELECT keep_old_code('reset-code', one.id, one.account_id, NULL, one.code_hash, one.code_tries, one.created_at, one.expires_at, one.used_at)
  WHERE one.code_hash IS NOT NULL;
  SELECT keep_old_code('reset-link', one.id, one.account_id, NULL, one.token_hash, 0, one.created_at, one.expires_at, one.used_at)
  WHERE one.token_hash IS NOT NULL
$$;
--> statement-breakpoint
CREATE FUNCTION keep_contact_change(one contact_changes) RETURNS void LANGUAGE sql AS $$
  UPDATE one_time_codes SET expires_at = created_at
  WHERE purpose = one.kind || '-code' AND subject = one.account_id AND hash = one.code_hash AND one.applied_at IS NOT NULL;
  SELECT keep_old_code(one.kind || '-code', one.account_id, one.account_id, one.new_value, one.code_hash, one.code_tries, one.created_at, one.code_expires_at, NULL)
  WHERE one.applied_at IS NULL;
  SELECT keep_old_code(one.kind || '-undo', one.id, one.account_id, one.old_value, one.undo_hash, 0, one.applied_at, one.undo_until, one.undone_at)
  WHERE one.undo_hash IS NOT NULL
$$;
--> statement-breakpoint
CREATE FUNCTION keep_staff_invitation(one staff_invitations) RETURNS void LANGUAGE sql AS $$
  SELECT keep_old_code('invitation', one.account_id, one.account_id, NULL, one.code_hash, 0, one.expires_at - interval '7 days', one.expires_at, NULL)
$$;
--> statement-breakpoint
CREATE FUNCTION old_code_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'registrations' THEN PERFORM keep_registration(NEW);
    WHEN 'password_resets' THEN PERFORM keep_password_reset(NEW);
    WHEN 'contact_changes' THEN PERFORM keep_contact_change(NEW);
    ELSE PERFORM keep_staff_invitation(NEW);
  END CASE;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION old_code_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM one_time_codes WHERE account_id = OLD.account_id AND CASE TG_TABLE_NAME
    WHEN 'staff_invitations' THEN purpose = 'invitation'
    WHEN 'password_resets' THEN purpose = 'reset-link' AND subject::text = to_jsonb(OLD)->>'id'
    ELSE purpose = (to_jsonb(OLD)->>'kind') || '-undo' AND subject::text = to_jsonb(OLD)->>'id' END;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- What the new version used, closed or forgot, the old one takes no more, and nobody keeps.
CREATE FUNCTION new_code_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE password_resets SET used_at = now() WHERE id = OLD.subject AND used_at IS NULL AND OLD.purpose IN ('reset-code', 'reset-link');
  UPDATE contact_changes SET undone_at = now() WHERE id = OLD.subject AND undone_at IS NULL AND OLD.purpose IN ('email-undo', 'phone-undo');
  DELETE FROM contact_changes WHERE account_id = OLD.account_id AND applied_at IS NULL AND kind || '-code' = OLD.purpose;
  IF TG_OP = 'DELETE' THEN
    DELETE FROM contact_changes WHERE id = OLD.subject AND OLD.purpose IN ('email-undo', 'phone-undo');
    DELETE FROM staff_invitations WHERE account_id = OLD.subject AND OLD.purpose = 'invitation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER registrations_code_made AFTER INSERT OR UPDATE OF code_hash, code_tries ON registrations
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_made();
--> statement-breakpoint
CREATE TRIGGER password_resets_made AFTER INSERT OR UPDATE ON password_resets
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_made();
--> statement-breakpoint
CREATE TRIGGER password_resets_deleted AFTER DELETE ON password_resets
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_deleted();
--> statement-breakpoint
CREATE TRIGGER contact_changes_made AFTER INSERT OR UPDATE ON contact_changes
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_made();
--> statement-breakpoint
CREATE TRIGGER contact_changes_deleted AFTER DELETE ON contact_changes
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_deleted();
--> statement-breakpoint
CREATE TRIGGER staff_invitations_made AFTER INSERT OR UPDATE ON staff_invitations
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_made();
--> statement-breakpoint
CREATE TRIGGER staff_invitations_deleted AFTER DELETE ON staff_invitations
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION old_code_deleted();
--> statement-breakpoint
CREATE TRIGGER one_time_codes_ended AFTER DELETE OR UPDATE OF used_at ON one_time_codes
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION new_code_ended();
--> statement-breakpoint
DELETE FROM contact_changes WHERE CASE WHEN applied_at IS NULL THEN code_expires_at ELSE undo_until END < now();
--> statement-breakpoint
SELECT keep_registration(one) FROM registrations one WHERE code_expires_at > now();
--> statement-breakpoint
SELECT keep_password_reset(one) FROM password_resets one WHERE expires_at > now() AND used_at IS NULL;
--> statement-breakpoint
SELECT keep_contact_change(one) FROM contact_changes one;
--> statement-breakpoint
SELECT keep_staff_invitation(one) FROM staff_invitations one;

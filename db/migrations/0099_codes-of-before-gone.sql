-- unused since 0037_one-time-codes
-- Codes and links each had a table of their own, and triggers copied what nodes of before still made.
DROP TRIGGER one_time_codes_ended ON one_time_codes;
--> statement-breakpoint
DROP TRIGGER registrations_code_made ON registrations;
--> statement-breakpoint
DROP FUNCTION keep_registration(registrations), keep_password_reset(password_resets), keep_contact_change(contact_changes),
  keep_staff_invitation(staff_invitations),
  keep_old_code(text, uuid, uuid, text, text, integer, timestamptz, timestamptz, timestamptz);
--> statement-breakpoint
ALTER TABLE registrations DROP COLUMN code_hash, DROP COLUMN code_expires_at, DROP COLUMN code_tries, DROP COLUMN code_sent_at;
--> statement-breakpoint
DROP TABLE password_resets, contact_changes, staff_invitations;
--> statement-breakpoint
DROP FUNCTION old_code_made(), old_code_deleted(), new_code_ended();

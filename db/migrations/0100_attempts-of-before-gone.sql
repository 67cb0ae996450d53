-- unused since 0079_gateway-accounts
-- An attempt was of one contract, and said itself whether its invoices were released.
DROP TRIGGER payment_attempts_of_before ON payment_attempts;
--> statement-breakpoint
DROP TRIGGER payment_attempt_invoices_of_before ON payment_attempt_invoices;
--> statement-breakpoint
DROP FUNCTION payment_attempts_of_before(), payment_attempt_invoices_of_before();
--> statement-breakpoint
ALTER TABLE payment_attempts DROP COLUMN contract_id, DROP COLUMN released;

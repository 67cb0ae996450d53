-- unused since 0035_cases
-- Disputes and businesses became cases: their tables, and what copied from them what nodes of before still wrote.
DROP TRIGGER old_cases_forgotten ON cases;
--> statement-breakpoint
DROP TRIGGER documents_claimed ON documents;
--> statement-breakpoint
DROP TRIGGER documents_keep_used ON documents;
--> statement-breakpoint
ALTER TABLE documents DROP COLUMN dispute_id, DROP COLUMN business_id;
--> statement-breakpoint
DROP FUNCTION copy_dispute(disputes), copy_business(businesses), copy_old_case(text, jsonb, smallint, text, text, jsonb);
--> statement-breakpoint
DROP TABLE disputes, businesses;
--> statement-breakpoint
DROP FUNCTION old_cases_forgotten(), old_documents_claimed(), documents_keep_used(), documents_set_decided(), disputes_set_biller(),
  old_cases_filed(), old_cases_decided(), old_businesses_removed();

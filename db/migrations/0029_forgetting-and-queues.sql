ALTER TABLE "documents" ADD COLUMN "decided_at" timestamp with time zone;
--> statement-breakpoint
-- What was decided of a dispute or a business tells its documents.
CREATE FUNCTION documents_set_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'disputes' THEN
    UPDATE documents SET decided_at = NEW.decided_at WHERE dispute_id = NEW.id;
  ELSE
    UPDATE documents SET decided_at = NEW.decided_at WHERE business_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER disputes_decide_documents AFTER UPDATE OF decided_at ON disputes
  FOR EACH ROW EXECUTE FUNCTION documents_set_decided();
--> statement-breakpoint
CREATE TRIGGER businesses_decide_documents AFTER UPDATE OF decided_at ON businesses
  FOR EACH ROW EXECUTE FUNCTION documents_set_decided();
--> statement-breakpoint
UPDATE documents SET decided_at = decided.at
  FROM (SELECT id, decided_at AS at FROM disputes UNION ALL SELECT id, decided_at FROM businesses) decided
  WHERE decided.id IN (documents.dispute_id, documents.business_id) AND decided.at IS NOT NULL;

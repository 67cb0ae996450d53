CREATE TABLE "document_store" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid NOT NULL,
	CONSTRAINT "document_store_only" CHECK ("document_store"."only")
);

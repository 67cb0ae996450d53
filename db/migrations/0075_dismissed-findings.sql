CREATE TABLE "dismissed_findings" (
	"account_id" uuid NOT NULL,
	"contract_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"cause" text NOT NULL,
	"dismissed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "dismissed_findings_account_id_contract_id_kind_cause_pk" PRIMARY KEY("account_id","contract_id","kind","cause")
);
--> statement-breakpoint
ALTER TABLE "dismissed_findings" ADD CONSTRAINT "dismissed_findings_access" FOREIGN KEY ("account_id","contract_id") REFERENCES "public"."contract_access"("account_id","contract_id") ON DELETE cascade ON UPDATE no action;
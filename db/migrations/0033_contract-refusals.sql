CREATE TABLE "contract_refusals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contract_refusals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contract_id" bigint NOT NULL,
	"sealed_key" text NOT NULL,
	"person_hash" text NOT NULL,
	"kept_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contract_refusals" ADD CONSTRAINT "contract_refusals_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contract_refusals_contract" ON "contract_refusals" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "contract_refusals_kept" ON "contract_refusals" USING btree ("kept_at");
CREATE TABLE "contract_handovers" (
	"contract_id" bigint NOT NULL,
	"moves_out_on" date NOT NULL,
	CONSTRAINT "contract_handovers_contract_id_moves_out_on_pk" PRIMARY KEY("contract_id","moves_out_on")
);--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "from_on" date;--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "until_on" date;--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "handover_on" date;--> statement-breakpoint
ALTER TABLE "contract_access" ADD COLUMN "handover_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contract_handovers" ADD CONSTRAINT "contract_handovers_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_access" ADD CONSTRAINT "contract_access_handed_over" CHECK (("contract_access"."handover_at" is null) = ("contract_access"."until_on" is null and "contract_access"."handover_on" is null)) NOT VALID;

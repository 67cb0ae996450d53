ALTER TABLE "contract_refusals" ADD COLUMN "was_refused" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "contract_refusals" ADD COLUMN "from_on" date;--> statement-breakpoint
ALTER TABLE "contract_refusals" ADD COLUMN "until_on" date;--> statement-breakpoint
ALTER TABLE "contract_refusals" ADD COLUMN "handover_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contract_refusals" ADD CONSTRAINT "contract_refusals_moved_out" CHECK (("contract_refusals"."handover_at" is null) = ("contract_refusals"."until_on" is null));--> statement-breakpoint
ALTER TABLE "contract_refusals" ADD CONSTRAINT "contract_refusals_reason" CHECK ("contract_refusals"."was_refused" or "contract_refusals"."until_on" is not null);
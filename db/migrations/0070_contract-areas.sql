CREATE TABLE "contract_areas" (
	"region" text NOT NULL,
	"branch" text NOT NULL,
	"zone" text NOT NULL,
	"areas" text[] GENERATED ALWAYS AS (areas_of(region, branch, zone)) STORED NOT NULL,
	CONSTRAINT "contract_areas_region_branch_zone_pk" PRIMARY KEY("region","branch","zone")
);
--> statement-breakpoint
ALTER TABLE "outages" ADD COLUMN "called_off" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
INSERT INTO "contract_areas" ("region", "branch", "zone")
SELECT DISTINCT coalesce(c.region, ''), coalesce(c.branch, ''), coalesce(c.zone, '') FROM "contracts" c ON CONFLICT DO NOTHING;

ALTER TABLE "party"."coverage_statements" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
-- A body that coordinates, leads other organisations or studies has no members in what it is recorded for, so it covers nobody.
CREATE FUNCTION "party"."covers"("kind" text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN "kind" NOT IN ('COORDINATION_COMMITTEE', 'INDUSTRY_PARTY_COMMITTEE', 'THEORY_STUDY_GROUP');
--> statement-breakpoint
-- What is on record of each park and enterprise: an organisation that covers it, else what the agency in charge states, else UNKNOWN.
-- The two halves exclude each other, so that a condition on the target reaches the indexes of both tables.
CREATE VIEW "party"."coverage_states" AS
SELECT "recorded"."target_id", "recorded"."target_type",
  coalesce("stated"."region_code", "recorded"."region_code") AS "region_code",
  "recorded"."synthetic",
  CASE WHEN "recorded"."is_covered" THEN 'COVERED' ELSE coalesce("stated"."organisation", 'UNKNOWN') END AS "organisation",
  coalesce("stated"."work", 'UNKNOWN') AS "work",
  coalesce("recorded"."mode", "stated"."mode") AS "mode",
  "stated"."organisation" AS "stated_organisation", "stated"."reason_zh", "stated"."reason_en"
FROM (
  SELECT "target_id", "target_type", min("party_units"."region_code") AS "region_code",
    bool_or("party_units"."synthetic") AS "synthetic", bool_or("party"."covers"("party_units"."kind")) AS "is_covered",
    (array_agg("party_units"."coverage_mode" ORDER BY "party_units"."coverage_mode" IS NOT DISTINCT FROM 'INDUSTRY', "party_units"."id")
      FILTER (WHERE "party"."covers"("party_units"."kind")))[1] AS "mode"
  FROM "party"."coverages" JOIN "party"."party_units" ON "party_units"."id" = "coverages"."unit_id"
  GROUP BY "target_id", "target_type"
) AS "recorded" LEFT JOIN "party"."coverage_statements" AS "stated" ON "stated"."target_id" = "recorded"."target_id"
UNION ALL
SELECT "target_id", "target_type", "region_code", "synthetic", coalesce("organisation", 'UNKNOWN'), coalesce("work", 'UNKNOWN'), "mode",
  "organisation", "reason_zh", "reason_en"
FROM "party"."coverage_statements" AS "stated"
WHERE NOT EXISTS (SELECT FROM "party"."coverages" WHERE "coverages"."target_id" = "stated"."target_id");

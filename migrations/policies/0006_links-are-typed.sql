INSERT INTO "policies"."agency_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "owner", row_number() OVER (PARTITION BY "owner" ORDER BY "role", "other") - 1, "role", 'Agency', "other"
FROM (
  SELECT "subject_id", "role", "target_id" FROM "policies"."links" JOIN (VALUES ('MEMBER', 'MEMBER'), ('DEPUTY_HEAD_UNIT', 'DEPUTY_HEAD'), ('SUPERVISED_BY', 'SUPERVISED_BY'), ('COOPERATES_WITH', 'COOPERATES_WITH')) AS "roles"("stated", "role") ON "stated" = "type"
  UNION SELECT "target_id", 'MEMBER', "subject_id" FROM "policies"."links" WHERE "type" = 'MEMBER_UNIT_OF' AND "target_type" = 'Agency'
) AS "stated"("owner", "role", "other") JOIN "policies"."agencies" ON "agencies"."id" = "owner";--> statement-breakpoint
DROP TABLE "policies"."links" CASCADE;
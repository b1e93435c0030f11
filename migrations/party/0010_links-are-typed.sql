INSERT INTO "party"."party_unit_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "subject_id", row_number() OVER (PARTITION BY "subject_id" ORDER BY "seq") - 1, "role", "target_type", "target_id"
FROM "party"."links" JOIN "party"."party_units" ON "party_units"."id" = "subject_id"
JOIN (VALUES ('HAS_MEMBER_UNIT', 'MEMBER'), ('LED_BY', 'LED_BY')) AS "roles"("stated", "role") ON "stated" = "type";--> statement-breakpoint
INSERT INTO "party"."party_mechanism_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "subject_id", row_number() OVER (PARTITION BY "subject_id" ORDER BY "seq") - 1, "role", "target_type", "target_id"
FROM "party"."links" JOIN "party"."party_mechanisms" ON "party_mechanisms"."id" = "subject_id"
JOIN (VALUES ('DEFINED_BY_MEASURE', 'DEFINED_BY'), ('GOVERNED_BY_POLICY', 'GOVERNED_BY')) AS "roles"("stated", "role") ON "stated" = "type";--> statement-breakpoint
DROP TABLE "party"."links" CASCADE;
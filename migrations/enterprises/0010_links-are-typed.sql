INSERT INTO "enterprises"."enterprise_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "subject_id", row_number() OVER (PARTITION BY "subject_id" ORDER BY "seq") - 1, "role", "target_type", "target_id"
FROM "enterprises"."links" JOIN "enterprises"."enterprises" ON "enterprises"."id" = "subject_id"
JOIN (VALUES ('INVESTED_BY_DISTRICT_SOES', 'INVESTED_BY_DISTRICT_SOES')) AS "roles"("stated", "role") ON "stated" = "type";--> statement-breakpoint
DROP TABLE "enterprises"."links" CASCADE;
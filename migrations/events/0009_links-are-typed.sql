INSERT INTO "events"."event_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "subject_id", row_number() OVER (PARTITION BY "subject_id" ORDER BY "seq") - 1, "role", "target_type", "target_id"
FROM "events"."links" JOIN "events"."events" ON "events"."id" = "subject_id"
JOIN (VALUES ('USES_PLATFORM', 'PLATFORM'), ('COVERED_BY', 'MEDIA'), ('AWARDED_BY', 'AWARDED_BY'), ('AWARDED_TO', 'AWARDED_TO'), ('FOUNDED_ORG', 'FOUNDED')) AS "roles"("stated", "role") ON "stated" = "type";--> statement-breakpoint
DROP TABLE "events"."links" CASCADE;
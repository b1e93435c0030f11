INSERT INTO "parks"."project_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "subject_id", row_number() OVER (PARTITION BY "subject_id" ORDER BY "seq") - 1, "role", "target_type", "target_id"
FROM "parks"."links" JOIN "parks"."projects" ON "projects"."id" = "subject_id"
JOIN (VALUES ('PART_OF', 'PART_OF'), ('RELATED_TO', 'RELATED_TO'), ('AWARDED_BY', 'AWARDED_BY'), ('BUILDS', 'BUILDS'), ('HOSTS', 'HOSTS'), ('RELATED_EVENT', 'RELATED_TO')) AS "roles"("stated", "role") ON "stated" = "type";--> statement-breakpoint
DROP TABLE "parks"."links" CASCADE;
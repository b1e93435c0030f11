CREATE TABLE "parks"."park_recognitions" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"title_zh" text NOT NULL,
	"year" integer,
	"level" text,
	CONSTRAINT "park_recognitions_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_subjects" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "project_subjects_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_targets" (
	"project_id" text NOT NULL,
	"seq" integer NOT NULL,
	"period" text,
	"period_zh" text,
	"period_start" date,
	"period_end" date,
	"text_zh" text NOT NULL,
	CONSTRAINT "project_targets_project_id_seq_pk" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
ALTER TABLE "parks"."park_recognitions" ADD CONSTRAINT "park_recognitions_owner_id_parks_id_fk" FOREIGN KEY ("owner_id") REFERENCES "parks"."parks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_subjects" ADD CONSTRAINT "project_subjects_owner_id_projects_id_fk" FOREIGN KEY ("owner_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_targets" ADD CONSTRAINT "project_targets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "park_recognitions_title_zh_contains" ON "parks"."park_recognitions" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "park_recognitions_title_zh_equals" ON "parks"."park_recognitions" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "park_recognitions_year" ON "parks"."park_recognitions" USING btree ("year","owner_id");--> statement-breakpoint
CREATE INDEX "park_recognitions_level" ON "parks"."park_recognitions" USING btree ("level","owner_id");--> statement-breakpoint
CREATE INDEX "project_subjects_role" ON "parks"."project_subjects" USING btree ("role","owner_id");--> statement-breakpoint
CREATE INDEX "project_subjects_target" ON "parks"."project_subjects" USING btree ("target_id","role","owner_id");--> statement-breakpoint
CREATE INDEX "project_targets_period_start" ON "parks"."project_targets" USING btree ("period_start","project_id");--> statement-breakpoint
CREATE INDEX "project_targets_period_end" ON "parks"."project_targets" USING btree ("period_end","project_id");--> statement-breakpoint
CREATE INDEX "project_targets_text_zh_contains" ON "parks"."project_targets" USING gin (regexp_replace(translate(lower(normalize("text_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "project_targets_text_zh_equals" ON "parks"."project_targets" USING hash ("text_zh");--> statement-breakpoint
INSERT INTO "parks"."park_recognitions" ("owner_id", "seq", "title_zh", "year", "level")
SELECT "parks"."id", "honour"."seq" - 1, "honour"."value" ->> 'titleZh', ("honour"."value" ->> 'year')::integer, "honour"."value" ->> 'level'
FROM "parks"."parks", jsonb_array_elements("parks"."recognitions") WITH ORDINALITY AS "honour"("value", "seq");--> statement-breakpoint
ALTER TABLE "parks"."parks" DROP COLUMN "recognitions";--> statement-breakpoint
INSERT INTO "parks"."project_targets" ("project_id", "seq", "period", "period_zh", "period_start", "period_end", "text_zh")
SELECT "id", "seq" - 1, "period", "target" ->> 'periodZh', "start", ("start" + "length" - interval '1 day')::date, "target" ->> 'textZh'
FROM "parks"."projects", jsonb_array_elements("targets") WITH ORDINALITY AS "each"("target", "seq"),
LATERAL (SELECT "target" ->> 'period') AS "given"("period"),
LATERAL (SELECT CASE WHEN "period" ~ '^\d{4}$' THEN interval '1 year' WHEN "period" ~ '^\d{4}-\d{2}$' THEN interval '1 month' WHEN "period" ~ '^\d{4}-\d{2}-\d{2}$' THEN interval '1 day' END) AS "of"("length"),
LATERAL (SELECT CASE WHEN "length" IS NOT NULL THEN rpad("period", 10, '-01-01')::date END) AS "from"("start");--> statement-breakpoint
ALTER TABLE "parks"."projects" DROP COLUMN "targets";
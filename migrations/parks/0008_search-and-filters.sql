-- What contains and startsWith search of a record's names (subgraphs/kit/searchable.ts). It is immutable, which array_to_string alone is not.
CREATE OR REPLACE FUNCTION "parks".searchable(names text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(normalize(array_to_string(names, E'\n'), NFKC)), ' “”‘’「」『』《》〈〉"''', '');--> statement-breakpoint
DROP INDEX "parks"."indicators_metric_zh_contains";--> statement-breakpoint
DROP INDEX "parks"."parks_name_zh_contains";--> statement-breakpoint
DROP INDEX "parks"."parks_name_en_contains";--> statement-breakpoint
DROP INDEX "parks"."projects_name_zh_contains";--> statement-breakpoint
DROP INDEX "parks"."projects_name_en_contains";--> statement-breakpoint
ALTER TABLE "parks"."parks" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("parks".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "parks"."projects" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("parks".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "indicators_subject_type" ON "parks"."indicators" USING btree ("subject_type","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "parks"."indicators" USING gin (regexp_replace(translate(lower(normalize("metric_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "parks_name_zh_contains" ON "parks"."parks" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "parks_name_en_contains" ON "parks"."parks" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "projects_name_zh_contains" ON "parks"."projects" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "projects_name_en_contains" ON "parks"."projects" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);
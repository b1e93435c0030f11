-- What contains and startsWith search of a record's names (subgraphs/kit/searchable.ts). It is immutable, which array_to_string alone is not.
CREATE OR REPLACE FUNCTION "events".searchable(names text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(normalize(array_to_string(names, E'\n'), NFKC)), ' “”‘’「」『』《》〈〉"''', '');--> statement-breakpoint
DROP INDEX "events"."events_name_zh_contains";--> statement-breakpoint
DROP INDEX "events"."events_name_en_contains";--> statement-breakpoint
DROP INDEX "events"."indicators_metric_zh_contains";--> statement-breakpoint
DROP INDEX "events"."works_name_zh_contains";--> statement-breakpoint
DROP INDEX "events"."works_name_en_contains";--> statement-breakpoint
ALTER TABLE "events"."events" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("events".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "events"."works" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("events".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "indicators_subject_type" ON "events"."indicators" USING btree ("subject_type","id");--> statement-breakpoint
CREATE INDEX "events_name_zh_contains" ON "events"."events" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "events_name_en_contains" ON "events"."events" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "events"."indicators" USING gin (regexp_replace(translate(lower(normalize("metric_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "works_name_zh_contains" ON "events"."works" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "works_name_en_contains" ON "events"."works" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);
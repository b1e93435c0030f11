-- What contains and startsWith search of a record's names (subgraphs/kit/searchable.ts). It is immutable, which array_to_string alone is not.
CREATE OR REPLACE FUNCTION "enterprises".searchable(names text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(normalize(array_to_string(names, E'\n'), NFKC)), ' “”‘’「」『』《》〈〉"''', '');--> statement-breakpoint
DROP INDEX "enterprises"."dual_effect_assessments_grade_zh_contains";--> statement-breakpoint
DROP INDEX "enterprises"."blacklist_entries_reason_zh_contains";--> statement-breakpoint
DROP INDEX "enterprises"."enterprises_name_zh_contains";--> statement-breakpoint
DROP INDEX "enterprises"."enterprises_name_en_contains";--> statement-breakpoint
DROP INDEX "enterprises"."enterprises_full_name_zh_contains";--> statement-breakpoint
DROP INDEX "enterprises"."enterprises_sector_zh_contains";--> statement-breakpoint
DROP INDEX "enterprises"."indicators_metric_zh_contains";--> statement-breakpoint
ALTER TABLE "enterprises"."enterprises" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("enterprises".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "indicators_subject_type" ON "enterprises"."indicators" USING btree ("subject_type","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_grade_zh_contains" ON "enterprises"."dual_effect_assessments" USING gin (regexp_replace(translate(lower(normalize("grade_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "blacklist_entries_reason_zh_contains" ON "enterprises"."blacklist_entries" USING gin (regexp_replace(translate(lower(normalize("reason_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_name_zh_contains" ON "enterprises"."enterprises" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_name_en_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_full_name_zh_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(translate(lower(normalize("full_name_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_sector_zh_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(translate(lower(normalize("sector_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "enterprises"."indicators" USING gin (regexp_replace(translate(lower(normalize("metric_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);
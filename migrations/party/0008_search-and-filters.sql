-- What contains and startsWith search of a record's names (subgraphs/kit/searchable.ts). It is immutable, which array_to_string alone is not.
CREATE OR REPLACE FUNCTION "party".searchable(names text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(normalize(array_to_string(names, E'\n'), NFKC)), ' “”‘’「」『』《》〈〉"''', '');--> statement-breakpoint
DROP INDEX "party"."indicators_metric_zh_contains";--> statement-breakpoint
DROP INDEX "party"."party_brands_name_zh_contains";--> statement-breakpoint
DROP INDEX "party"."party_brands_name_en_contains";--> statement-breakpoint
DROP INDEX "party"."party_mechanisms_name_zh_contains";--> statement-breakpoint
DROP INDEX "party"."party_mechanisms_name_en_contains";--> statement-breakpoint
DROP INDEX "party"."party_units_name_zh_contains";--> statement-breakpoint
DROP INDEX "party"."party_units_name_en_contains";--> statement-breakpoint
ALTER TABLE "party"."party_brands" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("party".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."party_mechanisms" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("party".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."party_units" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("party".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "indicators_subject_type" ON "party"."indicators" USING btree ("subject_type","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "party"."indicators" USING gin (regexp_replace(translate(lower(normalize("metric_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_brands_name_zh_contains" ON "party"."party_brands" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_brands_name_en_contains" ON "party"."party_brands" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_mechanisms_name_zh_contains" ON "party"."party_mechanisms" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_mechanisms_name_en_contains" ON "party"."party_mechanisms" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_units_name_zh_contains" ON "party"."party_units" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_units_name_en_contains" ON "party"."party_units" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);
-- What contains and startsWith search of a record's names (subgraphs/kit/searchable.ts). It is immutable, which array_to_string alone is not.
CREATE OR REPLACE FUNCTION "policies".searchable(names text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(normalize(array_to_string(names, E'\n'), NFKC)), ' “”‘’「」『』《》〈〉"''', '');--> statement-breakpoint
DROP INDEX "policies"."agencies_name_zh_contains";--> statement-breakpoint
DROP INDEX "policies"."agencies_name_en_contains";--> statement-breakpoint
DROP INDEX "policies"."open_calls_title_zh_contains";--> statement-breakpoint
DROP INDEX "policies"."policies_name_zh_contains";--> statement-breakpoint
DROP INDEX "policies"."policies_name_en_contains";--> statement-breakpoint
DROP INDEX "policies"."policies_doc_no_contains";--> statement-breakpoint
DROP INDEX "policies"."service_requests_title_zh_contains";--> statement-breakpoint
DROP INDEX "policies"."indicators_metric_zh_contains";--> statement-breakpoint
DROP INDEX "policies"."star_lists_name_zh_contains";--> statement-breakpoint
ALTER TABLE "policies"."agencies" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("policies".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."policies" ADD COLUMN "searched_names" text GENERATED ALWAYS AS ("policies".searchable(name_zh || aliases)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "open_calls_updated_at" ON "policies"."open_calls" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "payouts_updated_at" ON "policies"."payouts" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "service_requests_updated_at" ON "policies"."service_requests" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "indicators_subject_type" ON "policies"."indicators" USING btree ("subject_type","id");--> statement-breakpoint
CREATE INDEX "star_lists_updated_at" ON "policies"."star_lists" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "agencies_name_zh_contains" ON "policies"."agencies" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "agencies_name_en_contains" ON "policies"."agencies" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "open_calls_title_zh_contains" ON "policies"."open_calls" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "policies_name_zh_contains" ON "policies"."policies" USING gin (regexp_replace("searched_names", '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "policies_name_en_contains" ON "policies"."policies" USING gin (regexp_replace(translate(lower(normalize("name_en", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "policies_doc_no_contains" ON "policies"."policies" USING gin (regexp_replace(translate(lower(normalize("doc_no", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "service_requests_title_zh_contains" ON "policies"."service_requests" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "policies"."indicators" USING gin (regexp_replace(translate(lower(normalize("metric_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "star_lists_name_zh_contains" ON "policies"."star_lists" USING gin (regexp_replace(translate(lower(normalize("name_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);
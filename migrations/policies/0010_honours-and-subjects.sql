CREATE TABLE "policies"."agency_subjects" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "agency_subjects_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
ALTER TABLE "policies"."agency_subjects" ADD CONSTRAINT "agency_subjects_owner_id_agencies_id_fk" FOREIGN KEY ("owner_id") REFERENCES "policies"."agencies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agency_subjects_role" ON "policies"."agency_subjects" USING btree ("role","owner_id");--> statement-breakpoint
CREATE INDEX "agency_subjects_target" ON "policies"."agency_subjects" USING btree ("target_id","role","owner_id");--> statement-breakpoint
CREATE INDEX "measures_kind" ON "policies"."measures" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "measures_title_zh_contains" ON "policies"."measures" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "measures_title_zh_equals" ON "policies"."measures" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "measures_text_zh_contains" ON "policies"."measures" USING gin (regexp_replace(translate(lower(normalize("text_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "measures_text_zh_equals" ON "policies"."measures" USING hash ("text_zh");--> statement-breakpoint
CREATE INDEX "measures_target_group_zh_contains" ON "policies"."measures" USING gin (regexp_replace(translate(lower(normalize("target_group_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "measures_target_group_zh_equals" ON "policies"."measures" USING hash ("target_group_zh");
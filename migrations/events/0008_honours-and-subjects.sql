CREATE TABLE "events"."event_subjects" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "event_subjects_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "events"."work_honours" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"title_zh" text NOT NULL,
	"year" integer,
	"level" text,
	CONSTRAINT "work_honours_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
DROP INDEX "events"."event_hosts_target";--> statement-breakpoint
DROP INDEX "events"."event_participants_target";--> statement-breakpoint
DROP INDEX "events"."event_policies_policy";--> statement-breakpoint
ALTER TABLE "events"."event_subjects" ADD CONSTRAINT "event_subjects_owner_id_events_id_fk" FOREIGN KEY ("owner_id") REFERENCES "events"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."work_honours" ADD CONSTRAINT "work_honours_owner_id_works_id_fk" FOREIGN KEY ("owner_id") REFERENCES "events"."works"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_subjects_role" ON "events"."event_subjects" USING btree ("role","owner_id");--> statement-breakpoint
CREATE INDEX "event_subjects_target" ON "events"."event_subjects" USING btree ("target_id","role","owner_id");--> statement-breakpoint
CREATE INDEX "work_honours_title_zh_contains" ON "events"."work_honours" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "work_honours_title_zh_equals" ON "events"."work_honours" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "work_honours_year" ON "events"."work_honours" USING btree ("year","owner_id");--> statement-breakpoint
CREATE INDEX "work_honours_level" ON "events"."work_honours" USING btree ("level","owner_id");--> statement-breakpoint
CREATE INDEX "event_hosts_role" ON "events"."event_hosts" USING btree ("role","event_id");--> statement-breakpoint
CREATE INDEX "event_hosts_target" ON "events"."event_hosts" USING btree ("target_id","role","event_id");--> statement-breakpoint
CREATE INDEX "event_participants_target" ON "events"."event_participants" USING btree ("target_id","role","event_id");--> statement-breakpoint
CREATE INDEX "event_policies_policy" ON "events"."event_policies" USING btree ("policy_id","role","event_id");--> statement-breakpoint
INSERT INTO "events"."work_honours" ("owner_id", "seq", "title_zh", "year", "level")
SELECT "works"."id", "honour"."seq" - 1, "honour"."value" ->> 'titleZh', ("honour"."value" ->> 'year')::integer, "honour"."value" ->> 'level'
FROM "events"."works", jsonb_array_elements("works"."honours") WITH ORDINALITY AS "honour"("value", "seq");--> statement-breakpoint
ALTER TABLE "events"."works" DROP COLUMN "honours";
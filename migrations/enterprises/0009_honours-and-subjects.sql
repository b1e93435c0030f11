CREATE TABLE "enterprises"."enterprise_honours" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"title_zh" text NOT NULL,
	"year" integer,
	"level" text,
	CONSTRAINT "enterprise_honours_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."enterprise_subjects" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "enterprise_subjects_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_honours" ADD CONSTRAINT "enterprise_honours_owner_id_enterprises_id_fk" FOREIGN KEY ("owner_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_subjects" ADD CONSTRAINT "enterprise_subjects_owner_id_enterprises_id_fk" FOREIGN KEY ("owner_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "enterprise_honours_title_zh_contains" ON "enterprises"."enterprise_honours" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprise_honours_title_zh_equals" ON "enterprises"."enterprise_honours" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "enterprise_honours_year" ON "enterprises"."enterprise_honours" USING btree ("year","owner_id");--> statement-breakpoint
CREATE INDEX "enterprise_honours_level" ON "enterprises"."enterprise_honours" USING btree ("level","owner_id");--> statement-breakpoint
CREATE INDEX "enterprise_subjects_role" ON "enterprises"."enterprise_subjects" USING btree ("role","owner_id");--> statement-breakpoint
CREATE INDEX "enterprise_subjects_target" ON "enterprises"."enterprise_subjects" USING btree ("target_id","role","owner_id");--> statement-breakpoint
INSERT INTO "enterprises"."enterprise_honours" ("owner_id", "seq", "title_zh", "year", "level")
SELECT "enterprises"."id", "honour"."seq" - 1, "honour"."value" ->> 'titleZh', ("honour"."value" ->> 'year')::integer, "honour"."value" ->> 'level'
FROM "enterprises"."enterprises", jsonb_array_elements("enterprises"."honours") WITH ORDINALITY AS "honour"("value", "seq");--> statement-breakpoint
ALTER TABLE "enterprises"."enterprises" DROP COLUMN "honours";
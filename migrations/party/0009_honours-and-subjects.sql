CREATE TABLE "party"."party_brand_honours" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"title_zh" text NOT NULL,
	"year" integer,
	"level" text,
	CONSTRAINT "party_brand_honours_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "party"."party_mechanism_subjects" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "party_mechanism_subjects_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "party"."party_unit_honours" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"title_zh" text NOT NULL,
	"year" integer,
	"level" text,
	CONSTRAINT "party_unit_honours_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
CREATE TABLE "party"."party_unit_subjects" (
	"owner_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "party_unit_subjects_owner_id_seq_pk" PRIMARY KEY("owner_id","seq")
);
--> statement-breakpoint
ALTER TABLE "party"."party_brand_honours" ADD CONSTRAINT "party_brand_honours_owner_id_party_brands_id_fk" FOREIGN KEY ("owner_id") REFERENCES "party"."party_brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_mechanism_subjects" ADD CONSTRAINT "party_mechanism_subjects_owner_id_party_mechanisms_id_fk" FOREIGN KEY ("owner_id") REFERENCES "party"."party_mechanisms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_unit_honours" ADD CONSTRAINT "party_unit_honours_owner_id_party_units_id_fk" FOREIGN KEY ("owner_id") REFERENCES "party"."party_units"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_unit_subjects" ADD CONSTRAINT "party_unit_subjects_owner_id_party_units_id_fk" FOREIGN KEY ("owner_id") REFERENCES "party"."party_units"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "party_brand_honours_title_zh_contains" ON "party"."party_brand_honours" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_brand_honours_title_zh_equals" ON "party"."party_brand_honours" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "party_brand_honours_year" ON "party"."party_brand_honours" USING btree ("year","owner_id");--> statement-breakpoint
CREATE INDEX "party_brand_honours_level" ON "party"."party_brand_honours" USING btree ("level","owner_id");--> statement-breakpoint
CREATE INDEX "party_mechanism_subjects_role" ON "party"."party_mechanism_subjects" USING btree ("role","owner_id");--> statement-breakpoint
CREATE INDEX "party_mechanism_subjects_target" ON "party"."party_mechanism_subjects" USING btree ("target_id","role","owner_id");--> statement-breakpoint
CREATE INDEX "party_unit_honours_title_zh_contains" ON "party"."party_unit_honours" USING gin (regexp_replace(translate(lower(normalize("title_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_unit_honours_title_zh_equals" ON "party"."party_unit_honours" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "party_unit_honours_year" ON "party"."party_unit_honours" USING btree ("year","owner_id");--> statement-breakpoint
CREATE INDEX "party_unit_honours_level" ON "party"."party_unit_honours" USING btree ("level","owner_id");--> statement-breakpoint
CREATE INDEX "party_unit_subjects_role" ON "party"."party_unit_subjects" USING btree ("role","owner_id");--> statement-breakpoint
CREATE INDEX "party_unit_subjects_target" ON "party"."party_unit_subjects" USING btree ("target_id","role","owner_id");--> statement-breakpoint
INSERT INTO "party"."party_brand_honours" ("owner_id", "seq", "title_zh", "year", "level")
SELECT "party_brands"."id", "honour"."seq" - 1, "honour"."value" ->> 'titleZh', ("honour"."value" ->> 'year')::integer, "honour"."value" ->> 'level'
FROM "party"."party_brands", jsonb_array_elements("party_brands"."honours") WITH ORDINALITY AS "honour"("value", "seq");--> statement-breakpoint
ALTER TABLE "party"."party_brands" DROP COLUMN "honours";--> statement-breakpoint
INSERT INTO "party"."party_unit_honours" ("owner_id", "seq", "title_zh", "year", "level")
SELECT "party_units"."id", "honour"."seq" - 1, "honour"."value" ->> 'titleZh', ("honour"."value" ->> 'year')::integer, "honour"."value" ->> 'level'
FROM "party"."party_units", jsonb_array_elements("party_units"."honours") WITH ORDINALITY AS "honour"("value", "seq");--> statement-breakpoint
ALTER TABLE "party"."party_units" DROP COLUMN "honours";
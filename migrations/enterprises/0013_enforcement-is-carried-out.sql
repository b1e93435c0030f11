CREATE TABLE "enterprises"."blacklist_steps" (
	"object_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"step_on" date NOT NULL,
	"agency_id" text,
	"note_zh" text,
	"action" text,
	"at" timestamp with time zone,
	"department" text,
	"author" text,
	"due_on" date,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "blacklist_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "blacklist_steps_stage_known" CHECK ("enterprises"."blacklist_steps"."stage" in ('PROPOSED', 'BLACKLISTED', 'PUBLISHED', 'RESTORED', 'LAPSED', 'DROPPED'))
);
--> statement-breakpoint
CREATE TABLE "enterprises"."guide_price_issuers" (
	"guide_price_id" text NOT NULL,
	"agency_id" text NOT NULL,
	CONSTRAINT "guide_price_issuers_guide_price_id_agency_id_pk" PRIMARY KEY("guide_price_id","agency_id")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."guide_price_steps" (
	"object_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"step_on" date NOT NULL,
	"agency_id" text,
	"note_zh" text,
	"action" text,
	"at" timestamp with time zone,
	"department" text,
	"author" text,
	"due_on" date,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "guide_price_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "guide_price_steps_stage_known" CHECK ("enterprises"."guide_price_steps"."stage" in ('IN_FORCE', 'WITHDRAWN'))
);
--> statement-breakpoint
CREATE TABLE "enterprises"."guide_prices" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"notes_zh" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"line_zh" text NOT NULL,
	"floor" numeric(20, 2) NOT NULL,
	"region_code" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_until" date NOT NULL,
	"basis_zh" text,
	"recorded_by_id" text,
	"stage" text NOT NULL,
	"due_on" date,
	CONSTRAINT "guide_prices_floor" CHECK ("enterprises"."guide_prices"."floor" > 0),
	CONSTRAINT "guide_prices_period" CHECK ("enterprises"."guide_prices"."valid_until" >= "enterprises"."guide_prices"."valid_from"),
	CONSTRAINT "guide_prices_stage_known" CHECK ("enterprises"."guide_prices"."stage" in ('IN_FORCE', 'WITHDRAWN'))
);
--> statement-breakpoint
CREATE TABLE "enterprises"."finding_steps" (
	"object_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"step_on" date NOT NULL,
	"agency_id" text,
	"note_zh" text,
	"action" text,
	"at" timestamp with time zone,
	"department" text,
	"author" text,
	"due_on" date,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "finding_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "finding_steps_stage_known" CHECK ("enterprises"."finding_steps"."stage" in ('SUSPECTED', 'WARNED', 'CORRECTED', 'FILED', 'NOTIFIED', 'PENALISED', 'EXEMPTED', 'DISMISSED', 'PUBLISHED', 'SET_ASIDE', 'WITHDRAWN', 'RESTORED', 'LAPSED'))
);
--> statement-breakpoint
CREATE TABLE "enterprises"."inspection_steps" (
	"object_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"step_on" date NOT NULL,
	"agency_id" text,
	"note_zh" text,
	"action" text,
	"at" timestamp with time zone,
	"department" text,
	"author" text,
	"due_on" date,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "inspection_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "inspection_steps_stage_known" CHECK ("enterprises"."inspection_steps"."stage" in ('RECORDED'))
);
--> statement-breakpoint
ALTER TABLE "enterprises"."findings" DROP CONSTRAINT "findings_penalty_whole";--> statement-breakpoint
DROP INDEX "enterprises"."findings_one_first_exemption";--> statement-breakpoint
DROP INDEX "enterprises"."blacklist_entries_standing";--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ALTER COLUMN "listed_on" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "stage" text DEFAULT 'BLACKLISTED' NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "basis_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "proposed_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "statement_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "stage" text DEFAULT 'SUSPECTED' NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "case_agency_id" text;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "found_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "filed_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "statement_until" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "statement_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "warning_kind" text;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "penalty_withdrawn_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "officers" integer;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "recorded_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "record_due_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "stage" text DEFAULT 'RECORDED' NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_steps" ADD CONSTRAINT "blacklist_steps_object_id_blacklist_entries_id_fk" FOREIGN KEY ("object_id") REFERENCES "enterprises"."blacklist_entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."guide_price_issuers" ADD CONSTRAINT "guide_price_issuers_guide_price_id_guide_prices_id_fk" FOREIGN KEY ("guide_price_id") REFERENCES "enterprises"."guide_prices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."guide_price_steps" ADD CONSTRAINT "guide_price_steps_object_id_guide_prices_id_fk" FOREIGN KEY ("object_id") REFERENCES "enterprises"."guide_prices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."finding_steps" ADD CONSTRAINT "finding_steps_object_id_findings_id_fk" FOREIGN KEY ("object_id") REFERENCES "enterprises"."findings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."inspection_steps" ADD CONSTRAINT "inspection_steps_object_id_inspections_id_fk" FOREIGN KEY ("object_id") REFERENCES "enterprises"."inspections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "blacklist_steps_agency" ON "enterprises"."blacklist_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "guide_price_issuers_agency" ON "enterprises"."guide_price_issuers" USING btree ("agency_id","guide_price_id");--> statement-breakpoint
CREATE INDEX "guide_price_steps_agency" ON "enterprises"."guide_price_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "guide_prices_line_zh_contains" ON "enterprises"."guide_prices" USING gin (regexp_replace(translate(lower(normalize("line_zh", NFKC)), ' “”‘’「」『』《》〈〉"''', ''), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "guide_prices_line_zh_equals" ON "enterprises"."guide_prices" USING hash ("line_zh");--> statement-breakpoint
CREATE INDEX "guide_prices_floor" ON "enterprises"."guide_prices" USING btree ("floor","id");--> statement-breakpoint
CREATE INDEX "guide_prices_region" ON "enterprises"."guide_prices" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "guide_prices_valid_from" ON "enterprises"."guide_prices" USING btree ("valid_from","id");--> statement-breakpoint
CREATE INDEX "guide_prices_valid_until" ON "enterprises"."guide_prices" USING btree ("valid_until","id");--> statement-breakpoint
CREATE INDEX "guide_prices_stage" ON "enterprises"."guide_prices" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "guide_prices_synthetic" ON "enterprises"."guide_prices" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "guide_prices_updated_at" ON "enterprises"."guide_prices" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "finding_steps_agency" ON "enterprises"."finding_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "inspection_steps_agency" ON "enterprises"."inspection_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_listed_on_from_highest" ON "enterprises"."blacklist_entries" USING btree ("listed_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "blacklist_entries_stage" ON "enterprises"."blacklist_entries" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_due_on" ON "enterprises"."blacklist_entries" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "findings_enterprise" ON "enterprises"."findings" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "findings_stage" ON "enterprises"."findings" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "findings_due_on" ON "enterprises"."findings" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "findings_due_on_from_highest" ON "enterprises"."findings" USING btree ("due_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "findings_found_on" ON "enterprises"."findings" USING btree ("found_on","id");--> statement-breakpoint
CREATE INDEX "findings_found_on_from_highest" ON "enterprises"."findings" USING btree ("found_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "findings_notified_on" ON "enterprises"."findings" USING btree ("notified_on","id");--> statement-breakpoint
CREATE INDEX "findings_case_agency" ON "enterprises"."findings" USING btree ("case_agency_id","id");--> statement-breakpoint
CREATE INDEX "findings_synthetic" ON "enterprises"."findings" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "findings_updated_at" ON "enterprises"."findings" USING btree ("updated_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "blacklist_entries_standing" ON "enterprises"."blacklist_entries" USING btree ("enterprise_id","listed_by_id") WHERE "enterprises"."blacklist_entries"."restored_on" is null and "enterprises"."blacklist_entries"."until" is null and "enterprises"."blacklist_entries"."stage" not in ('DROPPED', 'LAPSED');--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD CONSTRAINT "blacklist_entries_stage_known" CHECK ("enterprises"."blacklist_entries"."stage" in ('PROPOSED', 'BLACKLISTED', 'PUBLISHED', 'RESTORED', 'LAPSED', 'DROPPED'));--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD CONSTRAINT "blacklist_entries_listed" CHECK ("enterprises"."blacklist_entries"."stage" in ('PROPOSED', 'DROPPED') or "enterprises"."blacklist_entries"."listed_on" is not null);--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD CONSTRAINT "findings_warning_known" CHECK ("enterprises"."findings"."warning_kind" in ('TALK', 'ADMONITION', 'ORDER_TO_CORRECT'));--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD CONSTRAINT "findings_stage_known" CHECK ("enterprises"."findings"."stage" in ('SUSPECTED', 'WARNED', 'CORRECTED', 'FILED', 'NOTIFIED', 'PENALISED', 'EXEMPTED', 'DISMISSED', 'PUBLISHED', 'SET_ASIDE', 'WITHDRAWN', 'RESTORED', 'LAPSED'));--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD CONSTRAINT "findings_penalty_whole" CHECK ("enterprises"."findings"."penalty_kinds" is not null or num_nonnulls("enterprises"."findings"."penalty_amount", "enterprises"."findings"."penalty_decided_on", "enterprises"."findings"."penalty_document_no", "enterprises"."findings"."penalty_published_on", "enterprises"."findings"."penalty_published_until", "enterprises"."findings"."penalty_restored_on", "enterprises"."findings"."penalty_withdrawn_on") = 0);--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD CONSTRAINT "inspections_officers" CHECK ("enterprises"."inspections"."officers" > 0);--> statement-breakpoint
-- The stage of a finding is that of its last step. BLACKLISTED was the stage of a penalised one; the entry of the blacklist says it.
INSERT INTO "enterprises"."finding_steps" ("object_id", "seq", "stage", "step_on")
  SELECT s."finding_id", s."seq", replace(s."stage", 'BLACKLISTED', 'PENALISED'), coalesce(s."on", i."inspected_on")
  FROM "enterprises"."finding_stages" s
  JOIN "enterprises"."findings" f ON f."id" = s."finding_id" JOIN "enterprises"."inspections" i ON i."id" = f."inspection_id";
--> statement-breakpoint
DROP TABLE "enterprises"."finding_stages" CASCADE;--> statement-breakpoint
UPDATE "enterprises"."inspections" i SET "region_code" = e."region_code" FROM "enterprises"."enterprises" e WHERE e."id" = i."enterprise_id";--> statement-breakpoint
UPDATE "enterprises"."findings" f SET "region_code" = i."region_code", "synthetic" = i."synthetic", "found_on" = i."inspected_on",
  "stage" = coalesce((SELECT s."stage" FROM "enterprises"."finding_steps" s WHERE s."object_id" = f."id" ORDER BY s."seq" DESC LIMIT 1), 'SUSPECTED'),
  "filed_on" = (SELECT min(s."step_on") FROM "enterprises"."finding_steps" s WHERE s."object_id" = f."id" AND s."stage" = 'FILED')
  FROM "enterprises"."inspections" i WHERE i."id" = f."inspection_id";--> statement-breakpoint
UPDATE "enterprises"."blacklist_entries" b SET "region_code" = e."region_code",
  "stage" = CASE WHEN b."restored_on" IS NOT NULL THEN 'RESTORED' WHEN b."published_on" IS NOT NULL THEN 'PUBLISHED' ELSE 'BLACKLISTED' END
  FROM "enterprises"."enterprises" e WHERE e."id" = b."enterprise_id";--> statement-breakpoint
CREATE TRIGGER "finding_steps_stay" BEFORE UPDATE OR DELETE ON "enterprises"."finding_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "enterprises"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "inspection_steps_stay" BEFORE UPDATE OR DELETE ON "enterprises"."inspection_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "enterprises"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "blacklist_steps_stay" BEFORE UPDATE OR DELETE ON "enterprises"."blacklist_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "enterprises"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "guide_price_steps_stay" BEFORE UPDATE OR DELETE ON "enterprises"."guide_price_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "enterprises"."refuse_change"();

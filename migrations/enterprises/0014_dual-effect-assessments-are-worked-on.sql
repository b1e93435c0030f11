CREATE TABLE "enterprises"."dual_effect_steps" (
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
	CONSTRAINT "dual_effect_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "dual_effect_steps_stage_known" CHECK ("enterprises"."dual_effect_steps"."stage" in ('OPENED', 'SELF_REPORTED', 'SCORED', 'APPROVED', 'NOTIFIED', 'APPEALED', 'FINAL'))
);
--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "stage" text DEFAULT 'FINAL' NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "supervised_by_id" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "report_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "notified_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "appeal_until" date;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "appeal_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "appealed_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "appeal_outcome" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "appeal_answer_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_items" ADD COLUMN "self_score" numeric;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_steps" ADD CONSTRAINT "dual_effect_steps_object_id_dual_effect_assessments_id_fk" FOREIGN KEY ("object_id") REFERENCES "enterprises"."dual_effect_assessments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dual_effect_steps_agency" ON "enterprises"."dual_effect_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_stage" ON "enterprises"."dual_effect_assessments" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_due_on" ON "enterprises"."dual_effect_assessments" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_region" ON "enterprises"."dual_effect_assessments" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_supervised_by" ON "enterprises"."dual_effect_assessments" USING btree ("supervised_by_id","id");--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD CONSTRAINT "dual_effect_assessments_stage_known" CHECK ("enterprises"."dual_effect_assessments"."stage" in ('OPENED', 'SELF_REPORTED', 'SCORED', 'APPROVED', 'NOTIFIED', 'APPEALED', 'FINAL'));--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD CONSTRAINT "dual_effect_assessments_unscored" CHECK ("enterprises"."dual_effect_assessments"."stage" not in ('OPENED', 'SELF_REPORTED') or (not "enterprises"."dual_effect_assessments"."has_content_fault"
        and num_nonnulls("enterprises"."dual_effect_assessments"."social_score", "enterprises"."dual_effect_assessments"."economic_score", "enterprises"."dual_effect_assessments"."total", "enterprises"."dual_effect_assessments"."result_cap", "enterprises"."dual_effect_assessments"."grade_zh") = 0));--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD CONSTRAINT "dual_effect_assessments_notified" CHECK ("enterprises"."dual_effect_assessments"."stage" not in ('NOTIFIED', 'APPEALED') or ("enterprises"."dual_effect_assessments"."notified_on" is not null and "enterprises"."dual_effect_assessments"."appeal_until" is not null));--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD CONSTRAINT "dual_effect_assessments_appealed" CHECK (("enterprises"."dual_effect_assessments"."appeal_zh" is null) = ("enterprises"."dual_effect_assessments"."appealed_on" is null) and ("enterprises"."dual_effect_assessments"."stage" <> 'APPEALED' or "enterprises"."dual_effect_assessments"."appeal_zh" is not null));--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD CONSTRAINT "dual_effect_assessments_appeal_decided" CHECK (num_nonnulls("enterprises"."dual_effect_assessments"."appeal_outcome", "enterprises"."dual_effect_assessments"."appeal_answer_zh") in (0, 2) and "enterprises"."dual_effect_assessments"."appeal_outcome" in ('UPHELD', 'REJECTED'));--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_items" ADD CONSTRAINT "dual_effect_items_self_score" CHECK ("enterprises"."dual_effect_items"."self_score" between 0 and "enterprises"."dual_effect_items"."weight");--> statement-breakpoint
UPDATE "enterprises"."dual_effect_assessments" SET "region_code" = (SELECT "region_code" FROM "enterprises"."enterprises" WHERE "enterprises"."id" = "enterprise_id");--> statement-breakpoint
CREATE TRIGGER "dual_effect_steps_stay" BEFORE UPDATE OR DELETE ON "enterprises"."dual_effect_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "enterprises"."refuse_change"();

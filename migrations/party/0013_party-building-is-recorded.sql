CREATE TABLE "party"."party_activity_steps" (
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
	CONSTRAINT "party_activity_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "party_activity_steps_stage_known" CHECK ("party"."party_activity_steps"."stage" in ('RECORDED', 'WITHDRAWN'))
);
--> statement-breakpoint
CREATE TABLE "party"."party_brand_plan_steps" (
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
	CONSTRAINT "party_brand_plan_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "party_brand_plan_steps_stage_known" CHECK ("party"."party_brand_plan_steps"."stage" in ('IN_FORCE'))
);
--> statement-breakpoint
CREATE TABLE "party"."party_brand_plans" (
	"id" text PRIMARY KEY NOT NULL,
	"region_code" text NOT NULL,
	"year" integer NOT NULL,
	"planned" integer NOT NULL,
	"stage" text NOT NULL,
	"due_on" date,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "party_brand_plans_of_year" UNIQUE("region_code","year","synthetic"),
	CONSTRAINT "party_brand_plans_planned" CHECK ("party"."party_brand_plans"."planned" between 0 and 1000)
);
--> statement-breakpoint
CREATE TABLE "party"."party_brand_steps" (
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
	CONSTRAINT "party_brand_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "party_brand_steps_stage_known" CHECK ("party"."party_brand_steps"."stage" in ('NOMINATED', 'CULTIVATED', 'AWARDED', 'DROPPED'))
);
--> statement-breakpoint
CREATE TABLE "party"."coverage_steps" (
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
	CONSTRAINT "coverage_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "coverage_steps_stage_known" CHECK ("party"."coverage_steps"."stage" in ('UNKNOWN', 'NOT_COVERED', 'LIAISON', 'PREPARING', 'COVERED', 'DISSOLVED'))
);
--> statement-breakpoint
CREATE TABLE "party"."party_activities" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"host_id" text,
	"meeting" text NOT NULL,
	"held_on" date NOT NULL,
	"topic_zh" text NOT NULL,
	"region_code" text,
	"stage" text NOT NULL,
	"due_on" date,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "party_activities_stage_known" CHECK ("party"."party_activities"."stage" in ('RECORDED', 'WITHDRAWN'))
);
--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "stage" text DEFAULT 'UNKNOWN' NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "gap" text;--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "unit_id" text;--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."party_brands" ADD COLUMN "stage" text DEFAULT 'CULTIVATED' NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."party_brands" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "party"."party_activity_steps" ADD CONSTRAINT "party_activity_steps_object_id_party_activities_id_fk" FOREIGN KEY ("object_id") REFERENCES "party"."party_activities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_brand_plan_steps" ADD CONSTRAINT "party_brand_plan_steps_object_id_party_brand_plans_id_fk" FOREIGN KEY ("object_id") REFERENCES "party"."party_brand_plans"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_brand_steps" ADD CONSTRAINT "party_brand_steps_object_id_party_brands_id_fk" FOREIGN KEY ("object_id") REFERENCES "party"."party_brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."coverage_steps" ADD CONSTRAINT "coverage_steps_object_id_coverage_statements_target_id_fk" FOREIGN KEY ("object_id") REFERENCES "party"."coverage_statements"("target_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_activities" ADD CONSTRAINT "party_activities_unit_id_party_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "party"."party_units"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "party_activity_steps_agency" ON "party"."party_activity_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "party_brand_plan_steps_agency" ON "party"."party_brand_plan_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "party_brand_plans_region" ON "party"."party_brand_plans" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "party_brand_plans_year" ON "party"."party_brand_plans" USING btree ("year","id");--> statement-breakpoint
CREATE INDEX "party_brand_plans_synthetic" ON "party"."party_brand_plans" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "party_brand_plans_updated_at" ON "party"."party_brand_plans" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "party_brand_steps_agency" ON "party"."party_brand_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "coverage_steps_agency" ON "party"."coverage_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE UNIQUE INDEX "party_activities_once" ON "party"."party_activities" USING btree ("unit_id","meeting","held_on") WHERE "party"."party_activities"."stage" = 'RECORDED';--> statement-breakpoint
CREATE INDEX "party_activities_unit" ON "party"."party_activities" USING btree ("unit_id","id");--> statement-breakpoint
CREATE INDEX "party_activities_host" ON "party"."party_activities" USING btree ("host_id","id");--> statement-breakpoint
CREATE INDEX "party_activities_meeting" ON "party"."party_activities" USING btree ("meeting","id");--> statement-breakpoint
CREATE INDEX "party_activities_on" ON "party"."party_activities" USING btree ("held_on","id");--> statement-breakpoint
CREATE INDEX "party_activities_stage" ON "party"."party_activities" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "party_activities_region" ON "party"."party_activities" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "party_activities_synthetic" ON "party"."party_activities" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "party_activities_updated_at" ON "party"."party_activities" USING btree ("updated_at","id");--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD CONSTRAINT "coverage_statements_unit_id_party_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "party"."party_units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "coverage_statements_stage" ON "party"."coverage_statements" USING btree ("stage","target_id");--> statement-breakpoint
CREATE INDEX "coverage_statements_gap" ON "party"."coverage_statements" USING btree ("gap","target_id");--> statement-breakpoint
CREATE INDEX "coverage_statements_unit" ON "party"."coverage_statements" USING btree ("unit_id","target_id");--> statement-breakpoint
CREATE INDEX "coverage_statements_region" ON "party"."coverage_statements" USING btree ("region_code","target_id");--> statement-breakpoint
CREATE INDEX "coverage_statements_due_on" ON "party"."coverage_statements" USING btree ("due_on","target_id");--> statement-breakpoint
CREATE INDEX "coverage_statements_due_on_from_highest" ON "party"."coverage_statements" USING btree ("due_on" DESC NULLS LAST,"target_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "coverage_statements_synthetic" ON "party"."coverage_statements" USING btree ("synthetic","target_id");--> statement-breakpoint
CREATE INDEX "coverage_statements_updated_at" ON "party"."coverage_statements" USING btree ("updated_at","target_id");--> statement-breakpoint
CREATE INDEX "party_brands_stage" ON "party"."party_brands" USING btree ("stage","id");--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD CONSTRAINT "coverage_statements_stage_known" CHECK ("party"."coverage_statements"."stage" in ('UNKNOWN', 'NOT_COVERED', 'LIAISON', 'PREPARING', 'COVERED', 'DISSOLVED'));--> statement-breakpoint
ALTER TABLE "party"."coverage_statements" ADD CONSTRAINT "coverage_statements_gap_known" CHECK ("party"."coverage_statements"."gap" in ('NO_MEMBERS', 'FEWER_THAN_3', 'JOINT_PENDING', 'NEW'));--> statement-breakpoint
ALTER TABLE "party"."party_brands" ADD CONSTRAINT "party_brands_stage_known" CHECK ("party"."party_brands"."stage" in ('NOMINATED', 'CULTIVATED', 'AWARDED', 'DROPPED'));--> statement-breakpoint
UPDATE "party"."coverage_statements" SET "stage" = CASE
  WHEN "organisation" = 'COVERED' THEN 'COVERED'
  WHEN "organisation" = 'NOT_COVERED' AND "work" = 'COVERED' THEN 'LIAISON'
  WHEN "organisation" = 'NOT_COVERED' THEN 'NOT_COVERED'
  ELSE 'UNKNOWN' END;--> statement-breakpoint
UPDATE "party"."party_brands" SET "stage" = 'AWARDED'
WHERE EXISTS (SELECT FROM "party"."party_brand_honours" WHERE "owner_id" = "party_brands"."id");--> statement-breakpoint
CREATE TRIGGER "coverage_steps_stay" BEFORE UPDATE OR DELETE ON "party"."coverage_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "party"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "party_activity_steps_stay" BEFORE UPDATE OR DELETE ON "party"."party_activity_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "party"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "party_brand_steps_stay" BEFORE UPDATE OR DELETE ON "party"."party_brand_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "party"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "party_brand_plan_steps_stay" BEFORE UPDATE OR DELETE ON "party"."party_brand_plan_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "party"."refuse_change"();

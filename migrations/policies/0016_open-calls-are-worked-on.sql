CREATE TABLE "policies"."open_call_claim_steps" (
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
	CONSTRAINT "open_call_claim_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "open_call_claim_steps_stage_known" CHECK ("policies"."open_call_claim_steps"."stage" in ('SUBMITTED', 'WITHDRAWN', 'SELECTED', 'PASSED_OVER'))
);
--> statement-breakpoint
CREATE TABLE "policies"."open_call_claims" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"notes_zh" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"open_call_id" text NOT NULL,
	"publisher_id" text,
	"region_code" text,
	"enterprise_id" text NOT NULL,
	"submitted_by_id" text,
	"plan_zh" text NOT NULL,
	"stage" text NOT NULL,
	"submitted_on" date NOT NULL,
	"due_on" date,
	CONSTRAINT "open_call_claims_stage_known" CHECK ("policies"."open_call_claims"."stage" in ('SUBMITTED', 'WITHDRAWN', 'SELECTED', 'PASSED_OVER'))
);
--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" DROP CONSTRAINT "open_call_steps_status_known";--> statement-breakpoint
ALTER TABLE "policies"."open_calls" DROP CONSTRAINT "open_calls_status_known";--> statement-breakpoint
ALTER TABLE "policies"."open_calls" DROP CONSTRAINT "open_calls_claimed";--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" DROP CONSTRAINT "open_call_steps_open_call_id_open_calls_id_fk";
--> statement-breakpoint
DROP INDEX "policies"."open_calls_status";--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" DROP CONSTRAINT "open_call_steps_open_call_id_seq_pk";--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" RENAME COLUMN "open_call_id" TO "object_id";--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" RENAME COLUMN "status" TO "stage";--> statement-breakpoint
ALTER TABLE "policies"."open_calls" RENAME COLUMN "status" TO "stage";--> statement-breakpoint
-- A claim that was taken on is a selected one.
UPDATE "policies"."open_calls" SET "stage" = 'SELECTED' WHERE "stage" = 'CLAIMED';--> statement-breakpoint
UPDATE "policies"."open_call_steps" SET "stage" = 'SELECTED' WHERE "stage" = 'CLAIMED';--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD CONSTRAINT "open_call_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq");--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "agency_id" text;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "action" text;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "department" text;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "author" text;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD COLUMN "details" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "text_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "region_code" text;--> statement-breakpoint
UPDATE "policies"."open_calls" SET "region_code" = "agencies"."region_code" FROM "policies"."agencies" WHERE "agencies"."id" = "publisher_id";--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "claims_until" date;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "selected_claim_id" text;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "reward_paid_on" date;--> statement-breakpoint
ALTER TABLE "policies"."open_call_claim_steps" ADD CONSTRAINT "open_call_claim_steps_object_id_open_call_claims_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."open_call_claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."open_call_claims" ADD CONSTRAINT "open_call_claims_open_call_id_open_calls_id_fk" FOREIGN KEY ("open_call_id") REFERENCES "policies"."open_calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."open_call_claims" ADD CONSTRAINT "open_call_claims_publisher_id_agencies_id_fk" FOREIGN KEY ("publisher_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."open_call_claims" ADD CONSTRAINT "open_call_claims_submitted_by_id_agencies_id_fk" FOREIGN KEY ("submitted_by_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_call_claim_steps_agency" ON "policies"."open_call_claim_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE UNIQUE INDEX "open_call_claims_once" ON "policies"."open_call_claims" USING btree ("open_call_id","enterprise_id") WHERE "policies"."open_call_claims"."stage" <> 'WITHDRAWN';--> statement-breakpoint
CREATE INDEX "open_call_claims_call" ON "policies"."open_call_claims" USING btree ("open_call_id","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_publisher" ON "policies"."open_call_claims" USING btree ("publisher_id","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_region" ON "policies"."open_call_claims" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_enterprise" ON "policies"."open_call_claims" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_submitted_by" ON "policies"."open_call_claims" USING btree ("submitted_by_id","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_stage" ON "policies"."open_call_claims" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_submitted_on" ON "policies"."open_call_claims" USING btree ("submitted_on","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_synthetic" ON "policies"."open_call_claims" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "open_call_claims_updated_at" ON "policies"."open_call_claims" USING btree ("updated_at","id");--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD CONSTRAINT "open_call_steps_object_id_open_calls_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."open_calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_call_steps_agency" ON "policies"."open_call_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "open_calls_region" ON "policies"."open_calls" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "open_calls_stage" ON "policies"."open_calls" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "open_calls_claims_until" ON "policies"."open_calls" USING btree ("claims_until","id");--> statement-breakpoint
CREATE INDEX "open_calls_claims_until_from_highest" ON "policies"."open_calls" USING btree ("claims_until" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "open_calls_due_on" ON "policies"."open_calls" USING btree ("due_on","id");--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD CONSTRAINT "open_call_steps_stage_known" CHECK ("policies"."open_call_steps"."stage" in ('PUBLISHED', 'SELECTED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED', 'LAPSED'));--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD CONSTRAINT "open_calls_stage_known" CHECK ("policies"."open_calls"."stage" in ('PUBLISHED', 'SELECTED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED', 'LAPSED'));--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD CONSTRAINT "open_calls_claims_until" CHECK ("policies"."open_calls"."claims_until" >= "policies"."open_calls"."published_on" and "policies"."open_calls"."deadline" >= "policies"."open_calls"."claims_until");--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD CONSTRAINT "open_calls_reward_paid" CHECK ("policies"."open_calls"."reward_paid_on" is null or "policies"."open_calls"."stage" = 'ACCEPTED');--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD CONSTRAINT "open_calls_claimed" CHECK ("policies"."open_calls"."stage" in ('PUBLISHED', 'FAILED', 'LAPSED') or "policies"."open_calls"."claimant_id" is not null);--> statement-breakpoint
-- What the hub carried out stays as it was.
CREATE TRIGGER "open_call_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."open_call_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "open_call_claim_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."open_call_claim_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();

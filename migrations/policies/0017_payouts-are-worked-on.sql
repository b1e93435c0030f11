CREATE TABLE "policies"."barred_enterprises" (
	"enterprise_id" text PRIMARY KEY NOT NULL,
	"basis_zh" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."matching_run_steps" (
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
	CONSTRAINT "matching_run_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "matching_run_steps_stage_known" CHECK ("policies"."matching_run_steps"."stage" in ('RUNNING', 'DONE'))
);
--> statement-breakpoint
CREATE TABLE "policies"."matching_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"notes_zh" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"rule_id" text NOT NULL,
	"measure_id" text NOT NULL,
	"region_code" text,
	"paying_agency_id" text NOT NULL,
	"stage" text NOT NULL,
	"due_on" date,
	"ran_on" date NOT NULL,
	"period" text NOT NULL,
	"dry_run" boolean NOT NULL,
	"next_after" text,
	"tested" integer DEFAULT 0 NOT NULL,
	"met" integer DEFAULT 0 NOT NULL,
	"likely" integer DEFAULT 0 NOT NULL,
	"unknown" integer DEFAULT 0 NOT NULL,
	"not_met" integer DEFAULT 0 NOT NULL,
	"blacklisted" integer DEFAULT 0 NOT NULL,
	"already_matched" integer DEFAULT 0 NOT NULL,
	"gaps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "matching_runs_stage_known" CHECK ("policies"."matching_runs"."stage" in ('RUNNING', 'DONE')),
	CONSTRAINT "matching_runs_done" CHECK (("policies"."matching_runs"."stage" = 'DONE') = ("policies"."matching_runs"."next_after" is null))
);
--> statement-breakpoint
CREATE TABLE "policies"."payment_rule_reviewers" (
	"rule_id" text NOT NULL,
	"seq" integer NOT NULL,
	"agency_id" text NOT NULL,
	CONSTRAINT "payment_rule_reviewers_rule_id_seq_pk" PRIMARY KEY("rule_id","seq"),
	CONSTRAINT "payment_rule_reviewers_agency" UNIQUE("agency_id","rule_id")
);
--> statement-breakpoint
CREATE TABLE "policies"."payment_rule_steps" (
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
	CONSTRAINT "payment_rule_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "payment_rule_steps_stage_known" CHECK ("policies"."payment_rule_steps"."stage" in ('PROPOSED', 'IN_FORCE', 'REFUSED', 'ENDED'))
);
--> statement-breakpoint
CREATE TABLE "policies"."payment_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"notes_zh" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"measure_id" text NOT NULL,
	"region_code" text,
	"stage" text NOT NULL,
	"due_on" date,
	"paying_agency_id" text NOT NULL,
	"auditor_id" text,
	"opens_on" date NOT NULL,
	"closes_on" date NOT NULL,
	"frequency" text NOT NULL,
	"needs_confirmation" boolean NOT NULL,
	"is_publicised" boolean NOT NULL,
	"amount" numeric NOT NULL,
	"tier_amounts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"budget" numeric NOT NULL,
	"committed" numeric DEFAULT '0' NOT NULL,
	CONSTRAINT "payment_rules_stage_known" CHECK ("policies"."payment_rules"."stage" in ('PROPOSED', 'IN_FORCE', 'REFUSED', 'ENDED')),
	CONSTRAINT "payment_rules_frequency_known" CHECK ("policies"."payment_rules"."frequency" in ('ONCE', 'YEAR', 'QUARTER', 'MONTH')),
	CONSTRAINT "payment_rules_window" CHECK ("policies"."payment_rules"."closes_on" >= "policies"."payment_rules"."opens_on"),
	CONSTRAINT "payment_rules_amount" CHECK ("policies"."payment_rules"."amount" > 0),
	CONSTRAINT "payment_rules_within_budget" CHECK ("policies"."payment_rules"."committed" >= 0 and "policies"."payment_rules"."committed" <= "policies"."payment_rules"."budget")
);
--> statement-breakpoint
CREATE TABLE "policies"."listing_steps" (
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
	CONSTRAINT "listing_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "listing_steps_stage_known" CHECK ("policies"."listing_steps"."stage" in ('LISTED', 'ENDED'))
);
--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" RENAME COLUMN "payout_id" TO "object_id";--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" RENAME COLUMN "status" TO "stage";--> statement-breakpoint
ALTER TABLE "policies"."payouts" RENAME COLUMN "status" TO "stage";--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" DROP CONSTRAINT "payout_steps_status_known";--> statement-breakpoint
ALTER TABLE "policies"."payouts" DROP CONSTRAINT "payouts_status_known";--> statement-breakpoint
ALTER TABLE "policies"."payouts" DROP CONSTRAINT "payouts_amount_set";--> statement-breakpoint
ALTER TABLE "policies"."payouts" DROP CONSTRAINT "payouts_paid";--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" DROP CONSTRAINT "payout_steps_payout_id_payouts_id_fk";
--> statement-breakpoint
DROP INDEX "policies"."payouts_status";--> statement-breakpoint
DROP INDEX "policies"."payouts_paid_by_policy";--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" DROP CONSTRAINT "payout_steps_payout_id_seq_pk";--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" DROP CONSTRAINT "qualifying_list_members_list_id_enterprise_id_pk";--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD CONSTRAINT "payout_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq");--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "agency_id" text;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "note_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "action" text;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "department" text;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "author" text;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD COLUMN "details" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "rule_id" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "run_id" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "auditor_id" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "period" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "matched_on" date;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "needs_confirmation" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "is_publicised" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "review_until" date;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "public_until" date;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "is_objected" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "voucher_no" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "basis_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "claw_back_amount" numeric;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "is_replied" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "conditions" jsonb;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "stage" text DEFAULT 'LISTED' NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "basis_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "holds_from" date;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "holds_until" date;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."matching_run_steps" ADD CONSTRAINT "matching_run_steps_object_id_matching_runs_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."matching_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."matching_runs" ADD CONSTRAINT "matching_runs_rule_id_payment_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "policies"."payment_rules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."matching_runs" ADD CONSTRAINT "matching_runs_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "policies"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."matching_runs" ADD CONSTRAINT "matching_runs_paying_agency_id_agencies_id_fk" FOREIGN KEY ("paying_agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payment_rule_reviewers" ADD CONSTRAINT "payment_rule_reviewers_rule_id_payment_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "policies"."payment_rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payment_rule_reviewers" ADD CONSTRAINT "payment_rule_reviewers_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payment_rule_steps" ADD CONSTRAINT "payment_rule_steps_object_id_payment_rules_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."payment_rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payment_rules" ADD CONSTRAINT "payment_rules_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "policies"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payment_rules" ADD CONSTRAINT "payment_rules_paying_agency_id_agencies_id_fk" FOREIGN KEY ("paying_agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payment_rules" ADD CONSTRAINT "payment_rules_auditor_id_agencies_id_fk" FOREIGN KEY ("auditor_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."listing_steps" ADD CONSTRAINT "listing_steps_object_id_qualifying_list_members_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."qualifying_list_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "matching_run_steps_agency" ON "policies"."matching_run_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "matching_runs_rule" ON "policies"."matching_runs" USING btree ("rule_id");--> statement-breakpoint
CREATE INDEX "matching_runs_measure" ON "policies"."matching_runs" USING btree ("measure_id","ran_on");--> statement-breakpoint
CREATE INDEX "matching_runs_paying_agency" ON "policies"."matching_runs" USING btree ("paying_agency_id","id");--> statement-breakpoint
CREATE INDEX "matching_runs_region" ON "policies"."matching_runs" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "payment_rule_steps_agency" ON "policies"."payment_rule_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_rules_in_force" ON "policies"."payment_rules" USING btree ("measure_id") WHERE "policies"."payment_rules"."stage" = 'IN_FORCE';--> statement-breakpoint
CREATE INDEX "payment_rules_measure" ON "policies"."payment_rules" USING btree ("measure_id","id");--> statement-breakpoint
CREATE INDEX "payment_rules_paying_agency" ON "policies"."payment_rules" USING btree ("paying_agency_id","id");--> statement-breakpoint
CREATE INDEX "payment_rules_auditor" ON "policies"."payment_rules" USING btree ("auditor_id","id");--> statement-breakpoint
CREATE INDEX "payment_rules_region" ON "policies"."payment_rules" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "listing_steps_agency" ON "policies"."listing_steps" USING btree ("agency_id");--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD CONSTRAINT "payout_steps_object_id_payouts_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."payouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_rule_id_payment_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "policies"."payment_rules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_run_id_matching_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "policies"."matching_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_auditor_id_agencies_id_fk" FOREIGN KEY ("auditor_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payout_steps_agency" ON "policies"."payout_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "payouts_auditor" ON "policies"."payouts" USING btree ("auditor_id","id");--> statement-breakpoint
CREATE INDEX "payouts_rule" ON "policies"."payouts" USING btree ("rule_id","id");--> statement-breakpoint
CREATE INDEX "payouts_run" ON "policies"."payouts" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "payouts_stage" ON "policies"."payouts" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "payouts_due_on" ON "policies"."payouts" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "payouts_due_on_from_highest" ON "policies"."payouts" USING btree ("due_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "payouts_matched_on" ON "policies"."payouts" USING btree ("matched_on","id");--> statement-breakpoint
CREATE INDEX "payouts_period" ON "policies"."payouts" USING btree ("period","id");--> statement-breakpoint
CREATE UNIQUE INDEX "qualifying_list_members_listed" ON "policies"."qualifying_list_members" USING btree ("list_id","enterprise_id") WHERE "policies"."qualifying_list_members"."stage" = 'LISTED';--> statement-breakpoint
CREATE INDEX "qualifying_list_members_list" ON "policies"."qualifying_list_members" USING btree ("list_id","enterprise_id");--> statement-breakpoint
CREATE INDEX "payouts_paid_by_policy" ON "policies"."payouts" USING btree ("policy_id","stage","amount");--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_once" UNIQUE("measure_id","enterprise_id","period");--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD CONSTRAINT "payout_steps_stage_known" CHECK ("policies"."payout_steps"."stage" in ('MATCHED', 'CONFIRMED', 'OBJECTION', 'PAYABLE', 'PAID', 'AUDITED', 'CLAWED_BACK', 'DECLINED', 'VETOED'));--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_stage_known" CHECK ("policies"."payouts"."stage" in ('MATCHED', 'CONFIRMED', 'OBJECTION', 'PAYABLE', 'PAID', 'AUDITED', 'CLAWED_BACK', 'DECLINED', 'VETOED'));--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_claw_back" CHECK ("policies"."payouts"."claw_back_amount" is null or ("policies"."payouts"."claw_back_amount" > 0 and "policies"."payouts"."claw_back_amount" <= "policies"."payouts"."amount"));--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_amount_set" CHECK ("policies"."payouts"."stage" in ('MATCHED', 'CONFIRMED', 'OBJECTION', 'DECLINED', 'VETOED') or "policies"."payouts"."amount" is not null);--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_paid" CHECK (("policies"."payouts"."stage" in ('PAID', 'AUDITED', 'CLAWED_BACK')) = ("policies"."payouts"."paid_on" is not null));--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD CONSTRAINT "qualifying_list_members_stage_known" CHECK ("policies"."qualifying_list_members"."stage" in ('LISTED', 'ENDED'));--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD CONSTRAINT "qualifying_list_members_days" CHECK ("policies"."qualifying_list_members"."holds_until" >= "policies"."qualifying_list_members"."holds_from");--> statement-breakpoint
UPDATE "policies"."payouts" SET "matched_on" = "first"."on" FROM (
  SELECT "object_id", min("step_on") AS "on" FROM "policies"."payout_steps" WHERE "stage" = 'MATCHED' GROUP BY "object_id"
) AS "first" WHERE "first"."object_id" = "payouts"."id";--> statement-breakpoint
-- What the hub carried out stays as it was. Steps that a dataset brought have no action, and go with their object.
CREATE TRIGGER "payout_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."payout_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "payment_rule_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."payment_rule_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "matching_run_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."matching_run_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();--> statement-breakpoint
CREATE TRIGGER "listing_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."listing_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();

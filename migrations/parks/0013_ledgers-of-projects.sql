CREATE TABLE "parks"."project_ledger_steps" (
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
	CONSTRAINT "project_ledger_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "project_ledger_steps_stage_known" CHECK ("parks"."project_ledger_steps"."stage" in ('ON_TRACK', 'REMINDED', 'NOTICED', 'DISCIPLINE_PROPOSED', 'COMPLETED'))
);
--> statement-breakpoint
CREATE TABLE "parks"."project_ledgers" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"region_code" text,
	"stage" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"due_on" date,
	"responsible_id" text NOT NULL,
	"liaison_id" text,
	"reached" text,
	"reached_on" date,
	"reports_from" text NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "project_ledgers_project_id_unique" UNIQUE("project_id"),
	CONSTRAINT "project_ledgers_stage_known" CHECK ("parks"."project_ledgers"."stage" in ('ON_TRACK', 'REMINDED', 'NOTICED', 'DISCIPLINE_PROPOSED', 'COMPLETED')),
	CONSTRAINT "project_ledgers_reached" CHECK (("parks"."project_ledgers"."reached" is null) = ("parks"."project_ledgers"."reached_on" is null)),
	CONSTRAINT "project_ledgers_reports_from" CHECK ("parks"."project_ledgers"."reports_from" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE TABLE "parks"."project_milestones" (
	"ledger_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"due_on" date NOT NULL,
	"reached_on" date,
	CONSTRAINT "project_milestones_ledger_id_seq_pk" PRIMARY KEY("ledger_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_problems" (
	"ledger_id" text NOT NULL,
	"step" integer NOT NULL,
	"kind" text NOT NULL,
	"title_zh" text NOT NULL,
	"text_zh" text NOT NULL,
	"enterprise_id" text NOT NULL,
	"raised_on" date NOT NULL,
	CONSTRAINT "project_problems_ledger_id_step_pk" PRIMARY KEY("ledger_id","step")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_quarters" (
	"ledger_id" text NOT NULL,
	"quarter" text NOT NULL,
	"published_on" date NOT NULL,
	"reached" text,
	"planned_investment" numeric NOT NULL,
	"completed_investment" numeric NOT NULL,
	"is_behind" boolean NOT NULL,
	CONSTRAINT "project_quarters_ledger_id_quarter_pk" PRIMARY KEY("ledger_id","quarter")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_reports" (
	"ledger_id" text NOT NULL,
	"month" text NOT NULL,
	"completed_investment" numeric NOT NULL,
	"reported_on" date NOT NULL,
	"note_zh" text,
	CONSTRAINT "project_reports_ledger_id_month_pk" PRIMARY KEY("ledger_id","month"),
	CONSTRAINT "project_reports_month" CHECK ("parks"."project_reports"."month" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "project_reports_positive" CHECK ("parks"."project_reports"."completed_investment" >= 0)
);
--> statement-breakpoint
CREATE TABLE "parks"."project_year_plans" (
	"ledger_id" text NOT NULL,
	"year" integer NOT NULL,
	"planned_investment" numeric NOT NULL,
	CONSTRAINT "project_year_plans_ledger_id_year_pk" PRIMARY KEY("ledger_id","year"),
	CONSTRAINT "project_year_plans_positive" CHECK ("parks"."project_year_plans"."planned_investment" > 0)
);
--> statement-breakpoint
ALTER TABLE "parks"."project_ledger_steps" ADD CONSTRAINT "project_ledger_steps_object_id_project_ledgers_id_fk" FOREIGN KEY ("object_id") REFERENCES "parks"."project_ledgers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_ledgers" ADD CONSTRAINT "project_ledgers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_milestones" ADD CONSTRAINT "project_milestones_ledger_id_project_ledgers_id_fk" FOREIGN KEY ("ledger_id") REFERENCES "parks"."project_ledgers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_problems" ADD CONSTRAINT "project_problems_ledger_id_project_ledgers_id_fk" FOREIGN KEY ("ledger_id") REFERENCES "parks"."project_ledgers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_quarters" ADD CONSTRAINT "project_quarters_ledger_id_project_ledgers_id_fk" FOREIGN KEY ("ledger_id") REFERENCES "parks"."project_ledgers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_reports" ADD CONSTRAINT "project_reports_ledger_id_project_ledgers_id_fk" FOREIGN KEY ("ledger_id") REFERENCES "parks"."project_ledgers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_year_plans" ADD CONSTRAINT "project_year_plans_ledger_id_project_ledgers_id_fk" FOREIGN KEY ("ledger_id") REFERENCES "parks"."project_ledgers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "project_ledger_steps_agency" ON "parks"."project_ledger_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "project_ledgers_region" ON "parks"."project_ledgers" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_stage" ON "parks"."project_ledgers" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_due_on" ON "parks"."project_ledgers" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_due_on_from_highest" ON "parks"."project_ledgers" USING btree ("due_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "project_ledgers_responsible" ON "parks"."project_ledgers" USING btree ("responsible_id","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_liaison" ON "parks"."project_ledgers" USING btree ("liaison_id","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_reached" ON "parks"."project_ledgers" USING btree ("reached","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_synthetic" ON "parks"."project_ledgers" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "project_ledgers_updated_at" ON "parks"."project_ledgers" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "project_problems_enterprise" ON "parks"."project_problems" USING btree ("enterprise_id","ledger_id");--> statement-breakpoint
-- What the hub carried out stays as it was.
CREATE TRIGGER "project_ledger_steps_stay" BEFORE UPDATE OR DELETE ON "parks"."project_ledger_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "parks"."refuse_change"();
--> statement-breakpoint
-- A published quarter stays as it was published. It goes with its ledger alone.
CREATE FUNCTION "parks"."refuse_new_quarter"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A published quarter stays as it is.' USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint
CREATE TRIGGER "project_quarters_stay" BEFORE UPDATE ON "parks"."project_quarters"
  FOR EACH ROW EXECUTE FUNCTION "parks"."refuse_new_quarter"();

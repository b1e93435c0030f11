CREATE TABLE "events"."campaign_agencies" (
	"campaign_id" text NOT NULL,
	"agency_id" text NOT NULL,
	"joined_on" date,
	CONSTRAINT "campaign_agencies_campaign_id_agency_id_pk" PRIMARY KEY("campaign_id","agency_id")
);
--> statement-breakpoint
CREATE TABLE "events"."campaign_steps" (
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
	CONSTRAINT "campaign_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "campaign_steps_stage_known" CHECK ("events"."campaign_steps"."stage" in ('PLANNED', 'RUNNING', 'DONE', 'PUBLISHED', 'CANCELLED'))
);
--> statement-breakpoint
CREATE TABLE "events"."inspection_campaigns" (
	"id" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"purpose_zh" text NOT NULL,
	"region_code" text NOT NULL,
	"lead_id" text NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"started_on" date,
	"finished_on" date,
	"stage" text NOT NULL,
	"due_on" date,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "inspection_campaigns_days" CHECK ("events"."inspection_campaigns"."ends_on" >= "events"."inspection_campaigns"."starts_on"),
	CONSTRAINT "inspection_campaigns_stage_known" CHECK ("events"."inspection_campaigns"."stage" in ('PLANNED', 'RUNNING', 'DONE', 'PUBLISHED', 'CANCELLED'))
);
--> statement-breakpoint
ALTER TABLE "events"."campaign_agencies" ADD CONSTRAINT "campaign_agencies_campaign_id_inspection_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "events"."inspection_campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."campaign_steps" ADD CONSTRAINT "campaign_steps_object_id_inspection_campaigns_id_fk" FOREIGN KEY ("object_id") REFERENCES "events"."inspection_campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaign_agencies_agency" ON "events"."campaign_agencies" USING btree ("agency_id","campaign_id");--> statement-breakpoint
CREATE INDEX "campaign_steps_agency" ON "events"."campaign_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_region" ON "events"."inspection_campaigns" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_lead" ON "events"."inspection_campaigns" USING btree ("lead_id","id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_stage" ON "events"."inspection_campaigns" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_starts_on" ON "events"."inspection_campaigns" USING btree ("starts_on","id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_due_on" ON "events"."inspection_campaigns" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_synthetic" ON "events"."inspection_campaigns" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "inspection_campaigns_updated_at" ON "events"."inspection_campaigns" USING btree ("updated_at","id");--> statement-breakpoint
CREATE TRIGGER "campaign_steps_stay" BEFORE UPDATE OR DELETE ON "events"."campaign_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "events"."refuse_change"();

CREATE TABLE "policies"."star_list_objections" (
	"list_id" text NOT NULL,
	"seq" integer NOT NULL,
	"agency_id" text,
	"enterprise_id" text,
	"against_id" text,
	"text_zh" text NOT NULL,
	"raised_on" date NOT NULL,
	"outcome" text,
	"answer_zh" text,
	"answered_on" date,
	CONSTRAINT "star_list_objections_list_id_seq_pk" PRIMARY KEY("list_id","seq"),
	CONSTRAINT "star_list_objections_outcome_known" CHECK ("policies"."star_list_objections"."outcome" in ('UPHELD', 'REJECTED')),
	CONSTRAINT "star_list_objections_answered" CHECK (num_nonnulls("policies"."star_list_objections"."outcome", "policies"."star_list_objections"."answer_zh", "policies"."star_list_objections"."answered_on") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "policies"."star_list_steps" (
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
	CONSTRAINT "star_list_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "star_list_steps_stage_known" CHECK ("policies"."star_list_steps"."stage" in ('DRAFT', 'VETTING', 'OBJECTION_PERIOD', 'PUBLISHED'))
);
--> statement-breakpoint
CREATE TABLE "policies"."star_list_verdicts" (
	"list_id" text NOT NULL,
	"enterprise_id" text NOT NULL,
	"agency_id" text NOT NULL,
	"verdict" text NOT NULL,
	"reason_zh" text,
	"given_on" date NOT NULL,
	CONSTRAINT "star_list_verdicts_list_id_enterprise_id_agency_id_pk" PRIMARY KEY("list_id","enterprise_id","agency_id"),
	CONSTRAINT "star_list_verdicts_known" CHECK ("policies"."star_list_verdicts"."verdict" in ('CLEAR', 'VETO')),
	CONSTRAINT "star_list_verdicts_reason" CHECK (("policies"."star_list_verdicts"."verdict" = 'VETO') = ("policies"."star_list_verdicts"."reason_zh" is not null))
);
--> statement-breakpoint
CREATE TABLE "policies"."star_list_vetters" (
	"list_id" text NOT NULL,
	"seq" integer NOT NULL,
	"agency_id" text NOT NULL,
	CONSTRAINT "star_list_vetters_list_id_seq_pk" PRIMARY KEY("list_id","seq")
);
--> statement-breakpoint
ALTER TABLE "policies"."star_lists" RENAME COLUMN "status" TO "stage";--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" DROP CONSTRAINT "star_list_entries_vetoed";--> statement-breakpoint
ALTER TABLE "policies"."star_lists" DROP CONSTRAINT "star_lists_status_known";--> statement-breakpoint
ALTER TABLE "policies"."star_lists" DROP CONSTRAINT "star_lists_objection";--> statement-breakpoint
ALTER TABLE "policies"."star_lists" DROP CONSTRAINT "star_lists_published";--> statement-breakpoint
DROP INDEX "policies"."star_lists_status";--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD COLUMN "scores" numeric[];--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD COLUMN "total" numeric;--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD COLUMN "performance_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD COLUMN "dropped_on" date;--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD COLUMN "removed_on" date;--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD COLUMN "removal_reason_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD COLUMN "weights" numeric[];--> statement-breakpoint
ALTER TABLE "policies"."star_list_objections" ADD CONSTRAINT "star_list_objections_list_id_star_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "policies"."star_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_objections" ADD CONSTRAINT "star_list_objections_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_steps" ADD CONSTRAINT "star_list_steps_object_id_star_lists_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."star_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_verdicts" ADD CONSTRAINT "star_list_verdicts_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_verdicts" ADD CONSTRAINT "star_list_verdicts_entry" FOREIGN KEY ("list_id","enterprise_id") REFERENCES "policies"."star_list_entries"("list_id","enterprise_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_vetters" ADD CONSTRAINT "star_list_vetters_list_id_star_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "policies"."star_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_vetters" ADD CONSTRAINT "star_list_vetters_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "star_list_objections_agency" ON "policies"."star_list_objections" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "star_list_objections_enterprise" ON "policies"."star_list_objections" USING btree ("enterprise_id");--> statement-breakpoint
CREATE INDEX "star_list_steps_agency" ON "policies"."star_list_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "star_list_verdicts_agency" ON "policies"."star_list_verdicts" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "star_list_vetters_agency" ON "policies"."star_list_vetters" USING btree ("agency_id","list_id");--> statement-breakpoint
CREATE INDEX "star_lists_stage" ON "policies"."star_lists" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "star_lists_due_on" ON "policies"."star_lists" USING btree ("due_on","id");--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD CONSTRAINT "star_list_entries_scores" CHECK (cardinality("policies"."star_list_entries"."scores") = 4 and 0 <= all ("policies"."star_list_entries"."scores"));--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD CONSTRAINT "star_list_entries_total" CHECK ("policies"."star_list_entries"."total" = "policies"."star_list_entries"."scores"[1] + "policies"."star_list_entries"."scores"[2] + "policies"."star_list_entries"."scores"[3] + "policies"."star_list_entries"."scores"[4]);--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD CONSTRAINT "star_list_entries_removed" CHECK (("policies"."star_list_entries"."removed_on" is null) = ("policies"."star_list_entries"."removal_reason_zh" is null));--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD CONSTRAINT "star_list_entries_vetoed" CHECK ("policies"."star_list_entries"."rank" is null or ("policies"."star_list_entries"."vetoed_by_id" is null and "policies"."star_list_entries"."dropped_on" is null and "policies"."star_list_entries"."removed_on" is null));--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD CONSTRAINT "star_lists_stage_known" CHECK ("policies"."star_lists"."stage" in ('DRAFT', 'VETTING', 'OBJECTION_PERIOD', 'PUBLISHED'));--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD CONSTRAINT "star_lists_weights" CHECK (cardinality("policies"."star_lists"."weights") = 4 and 0 < all ("policies"."star_lists"."weights") and "policies"."star_lists"."weights"[1] + "policies"."star_lists"."weights"[2] + "policies"."star_lists"."weights"[3] + "policies"."star_lists"."weights"[4] = 100);--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD CONSTRAINT "star_lists_objection" CHECK ("policies"."star_lists"."stage" <> 'OBJECTION_PERIOD' or "policies"."star_lists"."objection_until" is not null);--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD CONSTRAINT "star_lists_published" CHECK (("policies"."star_lists"."stage" = 'PUBLISHED') = ("policies"."star_lists"."published_on" is not null));--> statement-breakpoint
CREATE TRIGGER "star_list_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."star_list_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();

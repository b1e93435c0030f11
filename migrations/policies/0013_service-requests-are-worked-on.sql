CREATE TABLE "policies"."changes" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"action" text NOT NULL,
	"stage" text NOT NULL,
	"version" integer NOT NULL,
	"region_code" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."mutation_keys" (
	"author" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" text NOT NULL,
	"object_id" text NOT NULL,
	"step" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mutation_keys_author_key_pk" PRIMARY KEY("author","key")
);
--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_stage_known";--> statement-breakpoint
ALTER TABLE "policies"."service_requests" DROP CONSTRAINT "service_requests_stage_known";--> statement-breakpoint
ALTER TABLE "policies"."service_requests" DROP CONSTRAINT "service_requests_closed";--> statement-breakpoint
ALTER TABLE "policies"."service_requests" DROP CONSTRAINT "service_requests_assigned";--> statement-breakpoint
ALTER TABLE "policies"."service_request_co_handlers" ADD COLUMN "opinion_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD COLUMN "action" text;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD COLUMN "at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD COLUMN "department" text;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD COLUMN "author" text;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD COLUMN "details" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "submitted_by_id" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "answer_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "resolution" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "review_on" date;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "escalation" text;--> statement-breakpoint
CREATE INDEX "changes_order" ON "policies"."changes" USING btree ("transaction","seq");--> statement-breakpoint
CREATE INDEX "changes_object" ON "policies"."changes" USING btree ("type","object_id");--> statement-breakpoint
CREATE INDEX "mutation_keys_at" ON "policies"."mutation_keys" USING btree ("at");--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_submitted_by_id_agencies_id_fk" FOREIGN KEY ("submitted_by_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "service_requests_submitted_by" ON "policies"."service_requests" USING btree ("submitted_by_id","id");--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_stage_known" CHECK ("policies"."service_request_steps"."stage" in ('COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF', 'DECLINED', 'WITHDRAWN'));--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_resolution_known" CHECK ("policies"."service_requests"."resolution" in ('SOLVED', 'EXPLAINED', 'LONG_TERM'));--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_escalation_known" CHECK ("policies"."service_requests"."escalation" in ('MEETING', 'QUARTERLY'));--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_stage_known" CHECK ("policies"."service_requests"."stage" in ('COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF', 'DECLINED', 'WITHDRAWN'));--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_closed" CHECK (("policies"."service_requests"."stage" in ('STRUCK_OFF', 'DECLINED', 'WITHDRAWN')) = ("policies"."service_requests"."closed_on" is not null));--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_assigned" CHECK ("policies"."service_requests"."stage" in ('COLLECTED', 'DECLINED', 'WITHDRAWN') or "policies"."service_requests"."responsible_id" is not null);--> statement-breakpoint
-- What the hub carried out stays as it was. Steps that a dataset brought have no action, and go with it.
CREATE FUNCTION "policies"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Steps are added, and never changed.' USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint
CREATE TRIGGER "service_request_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."service_request_steps"
  FOR EACH ROW WHEN (OLD.action IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();

CREATE TABLE "policies"."enterprise_commissioners" (
	"enterprise_id" text PRIMARY KEY NOT NULL,
	"agency_id" text NOT NULL,
	"since_on" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."enterprise_submissions" (
	"enterprise_id" text NOT NULL,
	"submitted_on" date NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "enterprise_submissions_enterprise_id_submitted_on_pk" PRIMARY KEY("enterprise_id","submitted_on")
);
--> statement-breakpoint
CREATE TABLE "policies"."due_notices" (
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"due_on" date NOT NULL,
	"notice" text NOT NULL,
	CONSTRAINT "due_notices_type_object_id_due_on_notice_pk" PRIMARY KEY("type","object_id","due_on","notice")
);
--> statement-breakpoint
CREATE TABLE "policies"."sweeps" (
	"name" text PRIMARY KEY NOT NULL,
	"taken_until" timestamp with time zone NOT NULL,
	"deleted_transaction" "xid8",
	"deleted_seq" bigint
);
--> statement-breakpoint
ALTER TABLE "policies"."service_request_co_handlers" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "decline_reason" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "duplicate_of_id" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "suggested_id" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "extension_asked_on" date;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "commissioner_id" text;--> statement-breakpoint
ALTER TABLE "policies"."enterprise_commissioners" ADD CONSTRAINT "enterprise_commissioners_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "enterprise_commissioners_agency" ON "policies"."enterprise_commissioners" USING btree ("agency_id","enterprise_id");--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_duplicate_of_id_service_requests_id_fk" FOREIGN KEY ("duplicate_of_id") REFERENCES "policies"."service_requests"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_suggested_id_agencies_id_fk" FOREIGN KEY ("suggested_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_commissioner_id_agencies_id_fk" FOREIGN KEY ("commissioner_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "service_requests_tasks" ON "policies"."service_requests" USING btree ("stage",coalesce("due_on", 'infinity'::date),"id");--> statement-breakpoint
CREATE INDEX "service_requests_tasks_responsible" ON "policies"."service_requests" USING btree ("responsible_id","stage",coalesce("due_on", 'infinity'::date),"id");--> statement-breakpoint
CREATE INDEX "service_requests_tasks_region" ON "policies"."service_requests" USING btree ("region_code","stage",coalesce("due_on", 'infinity'::date),"id");--> statement-breakpoint
CREATE INDEX "service_requests_extension" ON "policies"."service_requests" USING btree ("stage","due_on","id") WHERE "policies"."service_requests"."extension_asked_on" is not null;--> statement-breakpoint
CREATE INDEX "service_requests_duplicate_of" ON "policies"."service_requests" USING btree ("duplicate_of_id","id");--> statement-breakpoint
CREATE INDEX "service_requests_suggested" ON "policies"."service_requests" USING btree ("suggested_id","id");--> statement-breakpoint
CREATE INDEX "service_requests_commissioner" ON "policies"."service_requests" USING btree ("commissioner_id","id");--> statement-breakpoint
CREATE INDEX "changes_type" ON "policies"."changes" USING btree ("type","transaction","seq");--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_decline_known" CHECK ("policies"."service_requests"."decline_reason" in ('OUT_OF_SCOPE', 'DUPLICATE', 'OTHER_CHANNEL'));--> statement-breakpoint
-- Wakes those who wait for changes. It carries no data: who is woken reads the outbox.
CREATE FUNCTION "policies"."tell_of_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('policies_changes', '');
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "changes_told" AFTER INSERT ON "policies"."changes"
  FOR EACH STATEMENT EXECUTE FUNCTION "policies"."tell_of_changes"();--> statement-breakpoint
-- Steps of a synthetic city have an action but no author, and may be replaced with it.
DROP TRIGGER "service_request_steps_stay" ON "policies"."service_request_steps";--> statement-breakpoint
CREATE TRIGGER "service_request_steps_stay" BEFORE UPDATE OR DELETE ON "policies"."service_request_steps"
  FOR EACH ROW WHEN (OLD.author IS NOT NULL) EXECUTE FUNCTION "policies"."refuse_change"();

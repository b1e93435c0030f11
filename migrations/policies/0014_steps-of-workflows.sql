ALTER TABLE "policies"."service_request_steps" RENAME COLUMN "request_id" TO "object_id";--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_request_id_service_requests_id_fk";
--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_agency_id_agencies_id_fk";
--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_request_id_seq_pk";--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq");--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_object_id_service_requests_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."service_requests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- The steps of a synthetic city go with it.
CREATE OR REPLACE FUNCTION "policies"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND starts_with(OLD.object_id, 'syn-') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Steps are added, and never changed.' USING ERRCODE = 'restrict_violation';
END $$;

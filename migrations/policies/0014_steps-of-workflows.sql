ALTER TABLE "policies"."service_request_steps" RENAME COLUMN "request_id" TO "object_id";--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_request_id_service_requests_id_fk";
--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_agency_id_agencies_id_fk";
--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" DROP CONSTRAINT "service_request_steps_request_id_seq_pk";--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq");--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_object_id_service_requests_id_fk" FOREIGN KEY ("object_id") REFERENCES "policies"."service_requests"("id") ON DELETE cascade ON UPDATE no action;
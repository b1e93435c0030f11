ALTER TABLE "hub"."agreements" ADD COLUMN "key_id" text;--> statement-breakpoint
ALTER TABLE "hub"."api_keys" ADD COLUMN "approvals_of" text;--> statement-breakpoint
ALTER TABLE "hub"."agreements" ADD CONSTRAINT "agreements_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "hub"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."api_keys" ADD CONSTRAINT "api_keys_approvals_of_api_keys_id_fk" FOREIGN KEY ("approvals_of") REFERENCES "hub"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agreements_key_id" ON "hub"."agreements" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "api_keys_approvals_of" ON "hub"."api_keys" USING btree ("approvals_of");
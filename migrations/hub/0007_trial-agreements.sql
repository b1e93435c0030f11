ALTER TABLE "hub"."agreements" ADD COLUMN "is_trial" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "agreements_is_trial" ON "hub"."agreements" USING btree ("is_trial","id");
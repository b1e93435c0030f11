ALTER TABLE "policies"."payouts" ADD COLUMN "region_code" text;--> statement-breakpoint
CREATE INDEX "payouts_region" ON "policies"."payouts" USING btree ("region_code","id");
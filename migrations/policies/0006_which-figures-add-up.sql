ALTER TABLE "policies"."indicators" ADD COLUMN "stock_or_flow" text;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "scope" text;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "tiers" text[];--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "levels" text[];--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "domain_codes" text[];--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "facts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "also_about_type" text;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "also_about_id" text;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "part_of_id" text;--> statement-breakpoint
CREATE INDEX "indicators_stock_or_flow" ON "policies"."indicators" USING btree ("stock_or_flow","id");--> statement-breakpoint
CREATE INDEX "indicators_scope" ON "policies"."indicators" USING btree ("scope","id");--> statement-breakpoint
CREATE INDEX "indicators_tiers" ON "policies"."indicators" USING gin ("tiers");--> statement-breakpoint
CREATE INDEX "indicators_levels" ON "policies"."indicators" USING gin ("levels");--> statement-breakpoint
CREATE INDEX "indicators_domain_codes" ON "policies"."indicators" USING gin ("domain_codes");--> statement-breakpoint
CREATE INDEX "indicators_also_about" ON "policies"."indicators" USING btree ("also_about_id","id");--> statement-breakpoint
CREATE INDEX "indicators_part_of" ON "policies"."indicators" USING btree ("part_of_id","id");
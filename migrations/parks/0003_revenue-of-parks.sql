ALTER TABLE "parks"."parks" ADD COLUMN "revenue" numeric;--> statement-breakpoint
ALTER TABLE "parks"."parks" ADD COLUMN "revenue_approx" text;--> statement-breakpoint
ALTER TABLE "parks"."parks" ADD COLUMN "revenue_period_start" date;--> statement-breakpoint
ALTER TABLE "parks"."parks" ADD COLUMN "revenue_period_end" date;--> statement-breakpoint
CREATE INDEX "parks_revenue" ON "parks"."parks" USING btree ("revenue","id");--> statement-breakpoint
CREATE INDEX "parks_revenue_from_highest" ON "parks"."parks" USING btree ("revenue" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
UPDATE "parks"."parks" SET "revenue" = last.value, "revenue_approx" = last.approx, "revenue_period_start" = last.period_start, "revenue_period_end" = last.period_end FROM (SELECT DISTINCT ON (subject_id) * FROM "parks"."indicators" WHERE subject_type = 'Park' AND metric = 'OPERATING_REVENUE' AND unit = 'CNY' AND kind = 'ACTUAL' ORDER BY subject_id, period_end DESC NULLS LAST, id) AS last WHERE last.subject_id = "parks"."id";
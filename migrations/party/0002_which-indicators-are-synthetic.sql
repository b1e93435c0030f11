ALTER TABLE "party"."indicators" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "party"."indicators" SET "synthetic" = true WHERE "id" LIKE 'syn-%';--> statement-breakpoint
CREATE INDEX "indicators_synthetic" ON "party"."indicators" USING btree ("synthetic","id");
ALTER TABLE "events"."indicators" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "events"."indicators" SET "synthetic" = true WHERE "id" LIKE 'syn-%';--> statement-breakpoint
CREATE INDEX "indicators_synthetic" ON "events"."indicators" USING btree ("synthetic","id");
ALTER TABLE "parks"."indicators" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "parks"."indicators" SET "synthetic" = true WHERE "id" LIKE 'syn-%';--> statement-breakpoint
CREATE INDEX "indicators_synthetic" ON "parks"."indicators" USING btree ("synthetic","id");
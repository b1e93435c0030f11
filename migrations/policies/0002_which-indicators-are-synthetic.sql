ALTER TABLE "policies"."indicators" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "policies"."indicators" SET "synthetic" = true WHERE "id" LIKE 'syn-%';--> statement-breakpoint
CREATE INDEX "indicators_synthetic" ON "policies"."indicators" USING btree ("synthetic","id");
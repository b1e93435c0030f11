ALTER TABLE "enterprises"."indicators" ADD COLUMN "synthetic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "enterprises"."indicators" SET "synthetic" = true WHERE "id" LIKE 'syn-%';--> statement-breakpoint
CREATE INDEX "indicators_synthetic" ON "enterprises"."indicators" USING btree ("synthetic","id");
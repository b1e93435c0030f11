ALTER TABLE "parks"."parks" ALTER COLUMN "recognitions" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "parks"."parks" ALTER COLUMN "recognitions" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "parks"."projects" ALTER COLUMN "targets" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "parks"."projects" ALTER COLUMN "targets" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "parks"."regions" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "parks"."regions" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
-- Rows from before this migration: [] stood where no source says anything. Synthetic rows have none.
UPDATE "parks"."parks" SET "recognitions" = NULL WHERE "recognitions" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "parks"."projects" SET "targets" = NULL WHERE "targets" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "parks"."regions" SET "honours" = NULL WHERE "honours" = '[]';

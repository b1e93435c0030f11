ALTER TABLE "policies"."agencies" ALTER COLUMN "services" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "policies"."agencies" ALTER COLUMN "services" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."regions" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "policies"."regions" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
-- Rows from before this migration: [] stood where no source says anything. Synthetic rows have none.
UPDATE "policies"."agencies" SET "services" = NULL WHERE "services" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "policies"."regions" SET "honours" = NULL WHERE "honours" = '[]';

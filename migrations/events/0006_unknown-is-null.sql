ALTER TABLE "events"."regions" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "events"."regions" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "events"."works" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "events"."works" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
-- Rows from before this migration: [] stood where no source says anything. Synthetic rows have none.
UPDATE "events"."works" SET "honours" = NULL WHERE "honours" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "events"."regions" SET "honours" = NULL WHERE "honours" = '[]';

ALTER TABLE "enterprises"."enterprises" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprises" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."regions" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "enterprises"."regions" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
-- Rows from before this migration: [] stood where no source says anything. Synthetic rows have none.
UPDATE "enterprises"."enterprises" SET "honours" = NULL WHERE "honours" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "enterprises"."regions" SET "honours" = NULL WHERE "honours" = '[]';

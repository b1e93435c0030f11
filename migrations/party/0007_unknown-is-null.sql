ALTER TABLE "party"."party_brands" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "party"."party_brands" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."party_units" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "party"."party_units" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."regions" ALTER COLUMN "honours" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "party"."regions" ALTER COLUMN "honours" DROP NOT NULL;--> statement-breakpoint
-- Rows from before this migration: [] stood where no source says anything. Synthetic rows have none.
UPDATE "party"."party_brands" SET "honours" = NULL WHERE "honours" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "party"."party_units" SET "honours" = NULL WHERE "honours" = '[]' AND NOT "synthetic";--> statement-breakpoint
UPDATE "party"."regions" SET "honours" = NULL WHERE "honours" = '[]';

ALTER TABLE "party"."indicators" ADD COLUMN "period_zh" text;--> statement-breakpoint
ALTER TABLE "party"."indicators" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "party"."party_brands" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "party"."party_mechanisms" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "party"."party_units" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "party"."regions" ADD COLUMN "basis_zh" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "party"."sources" ADD COLUMN "caveats_zh" text[] DEFAULT '{}' NOT NULL;
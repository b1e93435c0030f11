ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprises" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."indicators" ADD COLUMN "period_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."indicators" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "enterprises"."regions" ADD COLUMN "basis_zh" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "enterprises"."sources" ADD COLUMN "caveats_zh" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
-- The sources of these two growth rates state no period.
UPDATE "enterprises"."indicators" SET "period_label" = null, "period_start" = null, "period_end" = null WHERE "id" IN ('ind-haier-growth', 'ind-goertek-growth');

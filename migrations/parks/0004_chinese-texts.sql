ALTER TABLE "parks"."indicators" ADD COLUMN "period_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."indicators" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."parks" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."project_stages" ADD COLUMN "part_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."projects" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."projects" ADD COLUMN "current_stage_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."regions" ADD COLUMN "basis_zh" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "parks"."sources" ADD COLUMN "caveats_zh" text[] DEFAULT '{}' NOT NULL;
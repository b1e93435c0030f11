ALTER TABLE "events"."events" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "events"."indicators" ADD COLUMN "period_zh" text;--> statement-breakpoint
ALTER TABLE "events"."indicators" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "events"."regions" ADD COLUMN "basis_zh" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "events"."sources" ADD COLUMN "caveats_zh" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "events"."works" ADD COLUMN "notes_zh" text;
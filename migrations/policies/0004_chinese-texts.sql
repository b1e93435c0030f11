ALTER TABLE "policies"."agencies" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."measures" ADD COLUMN "is_paraphrase" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."measures" ADD COLUMN "frequency_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."measures" ADD COLUMN "deadline_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."policies" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "period_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."indicators" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "policies"."regions" ADD COLUMN "basis_zh" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."sources" ADD COLUMN "caveats_zh" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD COLUMN "notes_zh" text;
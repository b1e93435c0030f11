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
ALTER TABLE "policies"."star_lists" ADD COLUMN "notes_zh" text;--> statement-breakpoint
-- Texts from before this migration count as paraphrases, except those that stand in a quotation.
UPDATE "policies"."measures" SET "is_paraphrase" = true WHERE "id" NOT LIKE 'syn-%' AND "id" NOT IN (
  'pol-bj-invest-loan-award-m01',
  'pol-bj-invest-loan-award-m02',
  'pol-qd-arts-award-m01',
  'pol-qd-culture-tourism-support-m01',
  'pol-qd-consumption-2021-m01',
  'pol-ls-innovation-points-m02',
  'pol-ls-exempt-apply-m01',
  'pol-ls-policy-competitiveness-m01',
  'pol-ls-grant-to-equity-m01',
  'pol-ls-3012-m01',
  'pol-ch-precise-portrait-m01',
  'pol-ch-precise-portrait-m02',
  'pol-ch-guarantee-whitelist-m02',
  'pol-pd-land-adjustment-fund-m01',
  'pol-pd-renewal-incentive-m01',
  'pol-pd-renewal-incentive-m02',
  'pol-wh-express-m08'
);

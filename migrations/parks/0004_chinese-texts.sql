ALTER TABLE "parks"."indicators" ADD COLUMN "period_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."indicators" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."parks" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."project_stages" ADD COLUMN "part_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."projects" ADD COLUMN "notes_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."projects" ADD COLUMN "current_stage_zh" text;--> statement-breakpoint
ALTER TABLE "parks"."regions" ADD COLUMN "basis_zh" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "parks"."sources" ADD COLUMN "caveats_zh" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
-- Rows from before this migration: one word of the enum for each word that the dataset used until now.
UPDATE "parks"."project_stages" SET "stage" = words.stage, "status" = words.status, "part_zh" = words.part
FROM (VALUES
  ('PHASE1_MAIN_STRUCTURE', 'IN_PROGRESS', 'UNDER_CONSTRUCTION', 'IN_PROGRESS', '一期主体工程'),
  ('PHASE2', 'READY_TO_START', 'READY_TO_START', 'DONE', '二期工程'),
  ('DEMOLITION_AND_PRELIMINARY', 'DONE', 'PRELIMINARY_WORK_DONE', 'DONE', null),
  ('INDUSTRIAL_PLOT', 'STARTED', 'STARTED', 'DONE', '产业地块'),
  ('AGREEMENT', 'DONE', 'AGREEMENT_REACHED', 'DONE', null),
  ('RENOVATION', 'DONE', 'COMPLETED', 'DONE', '改造工程'),
  ('INVESTMENT_PROMOTION', 'STARTED', 'INVESTMENT_PROMOTION', 'IN_PROGRESS', null),
  ('DESIGN', 'BASICALLY_FIXED', 'DESIGN', 'BASICALLY_DONE', '设计方案'),
  ('PLOT_A_FARMLAND_QUOTA', 'APPROVED', 'APPROVED', 'DONE', 'A地块一级开发耕地占补平衡指标'),
  ('RESETTLEMENT_PHASE1', 'ACCEPTED', 'COMPLETED', 'DONE', '安置房一期'),
  ('BUILD', 'DONE', 'COMPLETED', 'DONE', null),
  ('CONSTRUCTION', 'IN_PROGRESS', 'UNDER_CONSTRUCTION', 'IN_PROGRESS', null),
  ('OPENING', 'DONE', 'OPENED', 'DONE', null),
  ('RELOCATION', 'BASICALLY_DONE', 'RELOCATION', 'BASICALLY_DONE', null),
  ('5A_CREATION', 'ON_LIST', 'ON_NATIONAL_LIST', 'DONE', null),
  ('FEASIBILITY', 'PASSED_PROVINCIAL_REVIEW', 'FEASIBILITY_PASSED', 'DONE', null),
  ('STRIVE_FOR_PILOT', 'DONE', 'PILOT_WON', 'DONE', null),
  ('STRIVE_FOR_EVALUATION', 'NEXT', 'EVALUATION', 'NEXT', null),
  ('STRIVE_FOR_MODEL', 'LATER', 'TITLE_HELD', 'LATER', null),
  ('RND', 'DONE', 'ROLLED_OUT', 'DONE', null),
  ('PUBLISHED', 'DONE', 'TASK_PUBLISHED', 'DONE', null),
  ('PLAN', 'DONE', 'PLANNED', 'DONE', '剩余60个片区'),
  ('FIRST_BATCH', 'STARTED', 'STARTED', 'DONE', '首批33个改造项目'),
  ('COMPLETED_2020', 'DONE', 'COMPLETED', 'DONE', '36个旧改项目'),
  ('STARTED_2021', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', '今年新启动的12个项目')
) AS words (was, status_was, stage, status, part)
WHERE "parks"."project_stages"."stage" = words.was AND "parks"."project_stages"."status" = words.status_was AND "parks"."project_stages"."project_id" NOT LIKE 'syn-%';

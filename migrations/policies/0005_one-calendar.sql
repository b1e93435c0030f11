DROP TABLE "policies"."calendar_days" CASCADE;
--> statement-breakpoint
UPDATE "policies"."agencies" SET "department" = 'RADIO_TELEVISION' WHERE "department" = 'RADIO_TV';

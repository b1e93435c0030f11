ALTER TABLE "enterprises"."findings" DROP CONSTRAINT "findings_penalty_whole";--> statement-breakpoint
DROP INDEX "enterprises"."blacklist_entries_standing";--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD COLUMN "until" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "notified_on" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "penalty_published_until" date;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD COLUMN "penalty_restored_on" date;--> statement-breakpoint
CREATE INDEX "blacklist_entries_until" ON "enterprises"."blacklist_entries" USING btree ("until","id");--> statement-breakpoint
CREATE UNIQUE INDEX "blacklist_entries_standing" ON "enterprises"."blacklist_entries" USING btree ("enterprise_id","listed_by_id") WHERE "enterprises"."blacklist_entries"."restored_on" is null and "enterprises"."blacklist_entries"."until" is null;--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD CONSTRAINT "blacklist_entries_until_later" CHECK ("enterprises"."blacklist_entries"."until" >= "enterprises"."blacklist_entries"."listed_on");--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD CONSTRAINT "findings_penalty_ends" CHECK ("enterprises"."findings"."penalty_published_until" >= "enterprises"."findings"."penalty_published_on" and "enterprises"."findings"."penalty_restored_on" >= "enterprises"."findings"."penalty_decided_on");--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD CONSTRAINT "findings_penalty_whole" CHECK ("enterprises"."findings"."penalty_kinds" is not null or num_nonnulls("enterprises"."findings"."penalty_amount", "enterprises"."findings"."penalty_decided_on", "enterprises"."findings"."penalty_document_no", "enterprises"."findings"."penalty_published_on", "enterprises"."findings"."penalty_published_until", "enterprises"."findings"."penalty_restored_on") = 0);--> statement-breakpoint
UPDATE "enterprises"."findings" SET "notified_on" = coalesce("penalty_decided_on", "exemption_decided_on", (SELECT max("stages"."on") FROM "enterprises"."finding_stages" AS "stages" WHERE "stages"."finding_id" = "findings"."id" AND "stages"."stage" IN ('WARNED', 'PENALISED', 'EXEMPTED')));
--> statement-breakpoint
DELETE FROM "enterprises"."indicators" WHERE "metric" LIKE 'PETITION%' OR ("metric" LIKE 'TAX\_%' AND "subject_type" LIKE 'ENTERPRISE%');
--> statement-breakpoint
UPDATE "enterprises"."enterprises" SET "facts" = "facts" - 'taxPaidYuan' - 'taxYear', "citations" = replace("citations"::text, ',合计纳税2.89亿元', '')::jsonb WHERE "id" = 'ent-cfg-system';

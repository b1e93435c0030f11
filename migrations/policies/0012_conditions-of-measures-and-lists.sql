CREATE TABLE "policies"."qualifying_list_members" (
	"list_id" text NOT NULL,
	"enterprise_id" text NOT NULL,
	CONSTRAINT "qualifying_list_members_list_id_enterprise_id_pk" PRIMARY KEY("list_id","enterprise_id")
);
--> statement-breakpoint
CREATE TABLE "policies"."qualifying_lists" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" text NOT NULL,
	"seq" integer NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"is_complete" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "policies"."policy_eligibility" ADD COLUMN "measure_id" text;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_list_members" ADD CONSTRAINT "qualifying_list_members_list_id_qualifying_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "policies"."qualifying_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."qualifying_lists" ADD CONSTRAINT "qualifying_lists_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "qualifying_list_members_enterprise" ON "policies"."qualifying_list_members" USING btree ("enterprise_id");--> statement-breakpoint
CREATE INDEX "qualifying_lists_policy" ON "policies"."qualifying_lists" USING btree ("policy_id","seq");--> statement-breakpoint
ALTER TABLE "policies"."policy_eligibility" ADD CONSTRAINT "policy_eligibility_own_measure" FOREIGN KEY ("measure_id","policy_id") REFERENCES "policies"."measures"("id","policy_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "policy_eligibility_measure" ON "policies"."policy_eligibility" USING btree ("measure_id");--> statement-breakpoint
INSERT INTO "policies"."qualifying_lists" ("id", "policy_id", "seq", "name_zh", "name_en")
SELECT "list"."id", "list"."policy_id", 1, "list"."name_zh", "list"."name_en" FROM (VALUES
  ('list-ch-guarantee-whitelist', 'pol-ch-guarantee-whitelist', '高成长企业融资担保“白名单”', 'White list for loan guarantees to high-growth enterprises'),
  ('list-wh-express-first', 'pol-wh-express', '首批市级“服务直通车”重点数字创意企业名单', 'First list of key digital creative enterprises of the municipal Service Express')
) AS "list" ("id", "policy_id", "name_zh", "name_en") JOIN "policies"."policies" ON "policies"."id" = "list"."policy_id";--> statement-breakpoint
UPDATE "policies"."policy_eligibility" SET "field" = 'enterprise.onList', "value" = '"list-ch-guarantee-whitelist"' WHERE "id" = 'pol-ch-guarantee-whitelist-e02';--> statement-breakpoint
UPDATE "policies"."policy_eligibility" SET "value" = '"list-wh-express-first"' WHERE "id" = 'pol-wh-express-e04';--> statement-breakpoint
UPDATE "policies"."policy_eligibility" SET "measure_id" = 'pol-ls-tolerance-period-m01' WHERE "id" = 'pol-ls-tolerance-period-e01';--> statement-breakpoint
UPDATE "policies"."policy_eligibility" SET "measure_id" = 'pol-ls-tolerance-period-m02' WHERE "id" IN ('pol-ls-tolerance-period-e02', 'pol-ls-tolerance-period-e03', 'pol-ls-tolerance-period-e04');

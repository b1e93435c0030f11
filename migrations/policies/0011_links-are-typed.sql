INSERT INTO "policies"."agency_subjects" ("owner_id", "seq", "role", "target_type", "target_id")
SELECT "owner", row_number() OVER (PARTITION BY "owner" ORDER BY "role", "other") - 1, "role", 'Agency', "other"
FROM (
  SELECT "subject_id", "role", "target_id" FROM "policies"."links" JOIN (VALUES ('MEMBER', 'MEMBER'), ('DEPUTY_HEAD_UNIT', 'DEPUTY_HEAD'), ('SUPERVISED_BY', 'SUPERVISED_BY'), ('COOPERATES_WITH', 'COOPERATES_WITH')) AS "roles"("stated", "role") ON "stated" = "type"
  UNION SELECT "target_id", 'MEMBER', "subject_id" FROM "policies"."links" WHERE "type" = 'MEMBER_UNIT_OF' AND "target_type" = 'Agency'
) AS "stated"("owner", "role", "other") JOIN "policies"."agencies" ON "agencies"."id" = "owner";--> statement-breakpoint
INSERT INTO "policies"."policy_subjects" ("policy_id", "seq", "role", "target_type", "target_id")
SELECT "policies"."id", "seq", 'ATTRACTED', 'Enterprise', "enterprise"
FROM "policies"."policies", (VALUES (1, 'ent-changxin-film'), (2, 'ent-yizhan-media'), (3, 'ent-hongwei-fund'), (4, 'ent-zhongshu-cinema'), (5, 'ent-yingke-meichen')) AS "attracted"("seq", "enterprise")
WHERE "policies"."id" = 'pol-huaiying-ten'
ON CONFLICT DO NOTHING;--> statement-breakpoint
DROP TABLE "policies"."links" CASCADE;
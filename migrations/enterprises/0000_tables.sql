CREATE SCHEMA IF NOT EXISTS "enterprises";
--> statement-breakpoint
CREATE TABLE "enterprises"."blacklist_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"enterprise_id" text NOT NULL,
	"listed_by_id" text NOT NULL,
	"reason_zh" text NOT NULL,
	"listed_on" date NOT NULL,
	"restored_on" date,
	"published_on" date,
	CONSTRAINT "blacklist_entries_restored_later" CHECK ("enterprises"."blacklist_entries"."restored_on" >= "enterprises"."blacklist_entries"."listed_on"),
	CONSTRAINT "blacklist_entries_published_later" CHECK ("enterprises"."blacklist_entries"."published_on" >= "enterprises"."blacklist_entries"."listed_on")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."dual_effect_assessments" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"enterprise_id" text NOT NULL,
	"assessed_by_id" text,
	"year" integer NOT NULL,
	"social_score" numeric,
	"economic_score" numeric,
	"total" numeric,
	"social_weight" numeric NOT NULL,
	"has_content_fault" boolean NOT NULL,
	"result_cap" numeric,
	"grade_zh" text,
	CONSTRAINT "dual_effect_assessments_enterprise_year" UNIQUE("enterprise_id","year"),
	CONSTRAINT "dual_effect_assessments_social_weight" CHECK ("enterprises"."dual_effect_assessments"."social_weight" between 50 and 100),
	CONSTRAINT "dual_effect_assessments_scores" CHECK (least("enterprises"."dual_effect_assessments"."social_score", "enterprises"."dual_effect_assessments"."economic_score", "enterprises"."dual_effect_assessments"."total", "enterprises"."dual_effect_assessments"."result_cap") >= 0),
	CONSTRAINT "dual_effect_assessments_fault_caps" CHECK ("enterprises"."dual_effect_assessments"."has_content_fault" = ("enterprises"."dual_effect_assessments"."result_cap" is not null)),
	CONSTRAINT "dual_effect_assessments_capped" CHECK ("enterprises"."dual_effect_assessments"."total" <= "enterprises"."dual_effect_assessments"."result_cap")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."dual_effect_items" (
	"assessment_id" text NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"name_zh" text NOT NULL,
	"weight" numeric NOT NULL,
	"score" numeric,
	CONSTRAINT "dual_effect_items_assessment_id_seq_pk" PRIMARY KEY("assessment_id","seq"),
	CONSTRAINT "dual_effect_items_kind_known" CHECK ("enterprises"."dual_effect_items"."kind" in ('SOCIAL', 'ECONOMIC')),
	CONSTRAINT "dual_effect_items_weight" CHECK ("enterprises"."dual_effect_items"."weight" > 0 and "enterprises"."dual_effect_items"."weight" <= 100),
	CONSTRAINT "dual_effect_items_score" CHECK ("enterprises"."dual_effect_items"."score" >= 0)
);
--> statement-breakpoint
CREATE TABLE "enterprises"."enterprise_groups" (
	"enterprise_id" text NOT NULL,
	"group_id" text NOT NULL,
	CONSTRAINT "enterprise_groups_enterprise_id_group_id_pk" PRIMARY KEY("enterprise_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."enterprise_parks" (
	"enterprise_id" text NOT NULL,
	"park_id" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "enterprise_parks_enterprise_id_park_id_role_pk" PRIMARY KEY("enterprise_id","park_id","role")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."enterprise_tiers" (
	"enterprise_id" text NOT NULL,
	"seq" integer NOT NULL,
	"tier" text NOT NULL,
	"level" text,
	"title_zh" text,
	"year" integer,
	"expires_on" date,
	CONSTRAINT "enterprise_tiers_enterprise_id_seq_pk" PRIMARY KEY("enterprise_id","seq")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."enterprises" (
	"id" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"aliases" text[] DEFAULT '{}' NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"full_name_zh" text,
	"credit_code" text,
	"kind" text NOT NULL,
	"ownership" text,
	"region_code" text,
	"region_basis" text,
	"sector_zh" text,
	"culture_domain_code" text,
	"is_culture_related" boolean,
	"is_above_scale" boolean,
	"registered_capital" numeric,
	"founded_on" date,
	"status" text,
	"tiers_checked_on" date,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "enterprises_credit_code_unique" UNIQUE("credit_code")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."finding_stages" (
	"finding_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"on" date,
	CONSTRAINT "finding_stages_finding_id_seq_pk" PRIMARY KEY("finding_id","seq"),
	CONSTRAINT "finding_stages_stage_known" CHECK ("enterprises"."finding_stages"."stage" in ('SUSPECTED', 'FILED', 'PENALISED', 'WARNED', 'EXEMPTED', 'DISMISSED', 'BLACKLISTED', 'PUBLISHED', 'RESTORED'))
);
--> statement-breakpoint
CREATE TABLE "enterprises"."findings" (
	"id" text PRIMARY KEY NOT NULL,
	"inspection_id" text NOT NULL,
	"enterprise_id" text NOT NULL,
	"title_zh" text NOT NULL,
	"basis_zh" text,
	"severity" text,
	"harm_caused" text,
	"is_first" boolean,
	"corrected_on" date,
	"penalty_kinds" text[],
	"penalty_amount" numeric,
	"penalty_decided_on" date,
	"penalty_document_no" text,
	"penalty_published_on" date,
	"exemption_kind" text,
	"exemption_basis_zh" text,
	"exemption_decided_on" date,
	"exemption_tolerance_until" date,
	CONSTRAINT "findings_severity_known" CHECK ("enterprises"."findings"."severity" in ('MINOR', 'LIGHT', 'ORDINARY', 'HEAVY', 'SERIOUS')),
	CONSTRAINT "findings_harm_known" CHECK ("enterprises"."findings"."harm_caused" in ('NONE', 'SLIGHT', 'SERIOUS')),
	CONSTRAINT "findings_penalty_known" CHECK ("enterprises"."findings"."penalty_kinds" <@ array['WARNING', 'CRITICISM', 'FINE', 'CONFISCATION', 'LICENCE_SUSPENSION', 'QUALIFICATION_DOWNGRADE', 'LICENCE_REVOCATION', 'BUSINESS_RESTRICTION', 'BUSINESS_SUSPENSION', 'CLOSURE', 'OTHER']::text[] and cardinality("enterprises"."findings"."penalty_kinds") > 0),
	CONSTRAINT "findings_penalty_whole" CHECK ("enterprises"."findings"."penalty_kinds" is not null or num_nonnulls("enterprises"."findings"."penalty_amount", "enterprises"."findings"."penalty_decided_on", "enterprises"."findings"."penalty_document_no", "enterprises"."findings"."penalty_published_on") = 0),
	CONSTRAINT "findings_penalty_amount" CHECK ("enterprises"."findings"."penalty_amount" >= 0),
	CONSTRAINT "findings_penalty_dates" CHECK ("enterprises"."findings"."penalty_published_on" >= "enterprises"."findings"."penalty_decided_on"),
	CONSTRAINT "findings_exemption_known" CHECK ("enterprises"."findings"."exemption_kind" in ('MINOR_CORRECTED', 'FIRST_CORRECTED')),
	CONSTRAINT "findings_exemption_whole" CHECK (num_nonnulls("enterprises"."findings"."exemption_kind", "enterprises"."findings"."exemption_basis_zh", "enterprises"."findings"."exemption_decided_on") in (0, 3) and ("enterprises"."findings"."exemption_kind" is not null or "enterprises"."findings"."exemption_tolerance_until" is null)),
	CONSTRAINT "findings_exemption_dates" CHECK ("enterprises"."findings"."exemption_tolerance_until" >= "enterprises"."findings"."exemption_decided_on"),
	CONSTRAINT "findings_penalised_or_exempted" CHECK ("enterprises"."findings"."penalty_kinds" is null or "enterprises"."findings"."exemption_kind" is null),
	CONSTRAINT "findings_exemption_lawful" CHECK ("enterprises"."findings"."exemption_kind" is null
        or ("enterprises"."findings"."corrected_on" is not null and case "enterprises"."findings"."exemption_kind"
          when 'MINOR_CORRECTED' then "enterprises"."findings"."severity" = 'MINOR' and "enterprises"."findings"."harm_caused" = 'NONE'
          else "enterprises"."findings"."is_first" and "enterprises"."findings"."harm_caused" in ('NONE', 'SLIGHT') end) is true)
);
--> statement-breakpoint
CREATE TABLE "enterprises"."indicators" (
	"id" text PRIMARY KEY NOT NULL,
	"topic" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"subject_zh" text NOT NULL,
	"metric" text NOT NULL,
	"metric_zh" text NOT NULL,
	"value" numeric NOT NULL,
	"unit" text NOT NULL,
	"approx" text NOT NULL,
	"value_as_printed" text NOT NULL,
	"kind" text NOT NULL,
	"period_label" text,
	"period_start" date,
	"period_end" date,
	"region_code" text,
	"growth" jsonb,
	"dims" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"notes" text,
	"is_sidebar" boolean DEFAULT false NOT NULL,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enterprises"."inspection_agencies" (
	"inspection_id" text NOT NULL,
	"agency_id" text NOT NULL,
	CONSTRAINT "inspection_agencies_inspection_id_agency_id_pk" PRIMARY KEY("inspection_id","agency_id")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."inspections" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"enterprise_id" text NOT NULL,
	"campaign_id" text,
	"method" text NOT NULL,
	"inspected_on" date NOT NULL,
	"result" text,
	CONSTRAINT "inspections_id_enterprise" UNIQUE("id","enterprise_id"),
	CONSTRAINT "inspections_method_known" CHECK ("enterprises"."inspections"."method" in ('DOUBLE_RANDOM', 'JOINT', 'ROUTINE', 'SPECIAL', 'COMPLAINT', 'FOLLOW_UP')),
	CONSTRAINT "inspections_result_known" CHECK ("enterprises"."inspections"."result" in ('NO_PROBLEM', 'SUSPECTED'))
);
--> statement-breakpoint
CREATE TABLE "enterprises"."links" (
	"subject_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "links_subject_id_seq_pk" PRIMARY KEY("subject_id","seq")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."region_closure" (
	"ancestor" text NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "region_closure_ancestor_code_pk" PRIMARY KEY("ancestor","code")
);
--> statement-breakpoint
CREATE TABLE "enterprises"."regions" (
	"code" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"level" text NOT NULL,
	"parent_code" text,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"basis" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enterprises"."sources" (
	"id" text PRIMARY KEY NOT NULL,
	"title_zh" text NOT NULL,
	"title_en" text NOT NULL,
	"kind" text NOT NULL,
	"publisher_zh" text,
	"date" date,
	"region_code" text,
	"caveats" text[] DEFAULT '{}' NOT NULL,
	"file_name" text NOT NULL,
	"sha256" text NOT NULL,
	"issuer_ids" text[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enterprises"."statistical_returns" (
	"enterprise_id" text NOT NULL,
	"period" date NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"revision_reason_zh" text,
	"status" text DEFAULT 'DRAFT' NOT NULL,
	"region_code" text NOT NULL,
	"culture_domain_code" text,
	"revenue" numeric(20, 2),
	"tax" numeric(20, 2),
	"staff" integer,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "statistical_returns_enterprise_id_period_revision_pk" PRIMARY KEY("enterprise_id","period","revision"),
	CONSTRAINT "statistical_returns_period_is_month" CHECK (extract(day from "enterprises"."statistical_returns"."period") = 1),
	CONSTRAINT "statistical_returns_revision" CHECK ("enterprises"."statistical_returns"."revision" = 1 or ("enterprises"."statistical_returns"."revision" > 1 and "enterprises"."statistical_returns"."revision_reason_zh" is not null)),
	CONSTRAINT "statistical_returns_status_known" CHECK ("enterprises"."statistical_returns"."status" in ('DRAFT', 'SUBMITTED', 'VERIFIED', 'PUBLISHED')),
	CONSTRAINT "statistical_returns_domain" CHECK ("enterprises"."statistical_returns"."culture_domain_code" ~ '^0[1-9]$'),
	CONSTRAINT "statistical_returns_figures" CHECK ("enterprises"."statistical_returns"."revenue" >= 0 and "enterprises"."statistical_returns"."staff" >= 0),
	CONSTRAINT "statistical_returns_published_whole" CHECK ("enterprises"."statistical_returns"."status" <> 'PUBLISHED' or num_nulls("enterprises"."statistical_returns"."revenue", "enterprises"."statistical_returns"."tax", "enterprises"."statistical_returns"."staff") = 0)
);
--> statement-breakpoint
ALTER TABLE "enterprises"."blacklist_entries" ADD CONSTRAINT "blacklist_entries_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_assessments" ADD CONSTRAINT "dual_effect_assessments_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."dual_effect_items" ADD CONSTRAINT "dual_effect_items_assessment_id_dual_effect_assessments_id_fk" FOREIGN KEY ("assessment_id") REFERENCES "enterprises"."dual_effect_assessments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_groups" ADD CONSTRAINT "enterprise_groups_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_groups" ADD CONSTRAINT "enterprise_groups_group_id_enterprises_id_fk" FOREIGN KEY ("group_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_parks" ADD CONSTRAINT "enterprise_parks_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_tiers" ADD CONSTRAINT "enterprise_tiers_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."finding_stages" ADD CONSTRAINT "finding_stages_finding_id_findings_id_fk" FOREIGN KEY ("finding_id") REFERENCES "enterprises"."findings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."findings" ADD CONSTRAINT "findings_inspection" FOREIGN KEY ("inspection_id","enterprise_id") REFERENCES "enterprises"."inspections"("id","enterprise_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."inspection_agencies" ADD CONSTRAINT "inspection_agencies_inspection_id_inspections_id_fk" FOREIGN KEY ("inspection_id") REFERENCES "enterprises"."inspections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."inspections" ADD CONSTRAINT "inspections_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."statistical_returns" ADD CONSTRAINT "statistical_returns_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "blacklist_entries_standing" ON "enterprises"."blacklist_entries" USING btree ("enterprise_id","listed_by_id") WHERE "enterprises"."blacklist_entries"."restored_on" is null;--> statement-breakpoint
CREATE INDEX "blacklist_entries_enterprise" ON "enterprises"."blacklist_entries" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_listed_by" ON "enterprises"."blacklist_entries" USING btree ("listed_by_id","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_listed_on" ON "enterprises"."blacklist_entries" USING btree ("listed_on","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_restored_on" ON "enterprises"."blacklist_entries" USING btree ("restored_on","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_published_on" ON "enterprises"."blacklist_entries" USING btree ("published_on","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_updated_at" ON "enterprises"."blacklist_entries" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_synthetic" ON "enterprises"."blacklist_entries" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "blacklist_entries_reason_zh_contains" ON "enterprises"."blacklist_entries" USING gin (regexp_replace(lower("reason_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "blacklist_entries_reason_zh_equals" ON "enterprises"."blacklist_entries" USING hash ("reason_zh");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_year" ON "enterprises"."dual_effect_assessments" USING btree ("year","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_assessed_by" ON "enterprises"."dual_effect_assessments" USING btree ("assessed_by_id","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_social_score" ON "enterprises"."dual_effect_assessments" USING btree ("social_score","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_economic_score" ON "enterprises"."dual_effect_assessments" USING btree ("economic_score","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_total" ON "enterprises"."dual_effect_assessments" USING btree ("total","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_content_fault" ON "enterprises"."dual_effect_assessments" USING btree ("has_content_fault","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_updated_at" ON "enterprises"."dual_effect_assessments" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_synthetic" ON "enterprises"."dual_effect_assessments" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_grade_zh_contains" ON "enterprises"."dual_effect_assessments" USING gin (regexp_replace(lower("grade_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "dual_effect_assessments_grade_zh_equals" ON "enterprises"."dual_effect_assessments" USING hash ("grade_zh");--> statement-breakpoint
CREATE INDEX "enterprise_groups_group" ON "enterprises"."enterprise_groups" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "enterprise_parks_park" ON "enterprises"."enterprise_parks" USING btree ("park_id","role","enterprise_id");--> statement-breakpoint
CREATE INDEX "enterprise_tiers_tier" ON "enterprises"."enterprise_tiers" USING btree ("tier","enterprise_id");--> statement-breakpoint
CREATE INDEX "enterprises_name" ON "enterprises"."enterprises" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "enterprises_name_zh_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_name_zh_equals" ON "enterprises"."enterprises" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "enterprises_name_en_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_name_en_equals" ON "enterprises"."enterprises" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "enterprises_full_name_zh_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(lower("full_name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_full_name_zh_equals" ON "enterprises"."enterprises" USING hash ("full_name_zh");--> statement-breakpoint
CREATE INDEX "enterprises_sector_zh_contains" ON "enterprises"."enterprises" USING gin (regexp_replace(lower("sector_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "enterprises_sector_zh_equals" ON "enterprises"."enterprises" USING hash ("sector_zh");--> statement-breakpoint
CREATE INDEX "enterprises_kind" ON "enterprises"."enterprises" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "enterprises_ownership" ON "enterprises"."enterprises" USING btree ("ownership","id");--> statement-breakpoint
CREATE INDEX "enterprises_region" ON "enterprises"."enterprises" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "enterprises_region_basis" ON "enterprises"."enterprises" USING btree ("region_basis","id");--> statement-breakpoint
CREATE INDEX "enterprises_culture_domain" ON "enterprises"."enterprises" USING btree ("culture_domain_code","id");--> statement-breakpoint
CREATE INDEX "enterprises_culture_related" ON "enterprises"."enterprises" USING btree ("is_culture_related","id");--> statement-breakpoint
CREATE INDEX "enterprises_above_scale" ON "enterprises"."enterprises" USING btree ("is_above_scale","id");--> statement-breakpoint
CREATE INDEX "enterprises_registered_capital" ON "enterprises"."enterprises" USING btree ("registered_capital","id");--> statement-breakpoint
CREATE INDEX "enterprises_founded_on" ON "enterprises"."enterprises" USING btree ("founded_on","id");--> statement-breakpoint
CREATE INDEX "enterprises_updated_at" ON "enterprises"."enterprises" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "enterprises_synthetic" ON "enterprises"."enterprises" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "finding_stages_stage" ON "enterprises"."finding_stages" USING btree ("stage","finding_id");--> statement-breakpoint
CREATE INDEX "findings_inspection" ON "enterprises"."findings" USING btree ("inspection_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "findings_one_first_exemption" ON "enterprises"."findings" USING btree ("enterprise_id") WHERE "enterprises"."findings"."exemption_kind" = 'FIRST_CORRECTED';--> statement-breakpoint
CREATE INDEX "indicators_subject" ON "enterprises"."indicators" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "indicators_topic" ON "enterprises"."indicators" USING btree ("topic","id");--> statement-breakpoint
CREATE INDEX "indicators_metric" ON "enterprises"."indicators" USING btree ("metric","id");--> statement-breakpoint
CREATE INDEX "indicators_unit" ON "enterprises"."indicators" USING btree ("unit","id");--> statement-breakpoint
CREATE INDEX "indicators_kind" ON "enterprises"."indicators" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "indicators_region" ON "enterprises"."indicators" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "indicators_value" ON "enterprises"."indicators" USING btree ("value","id");--> statement-breakpoint
CREATE INDEX "indicators_period_start" ON "enterprises"."indicators" USING btree ("period_start","id");--> statement-breakpoint
CREATE INDEX "indicators_period_end" ON "enterprises"."indicators" USING btree ("period_end","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "enterprises"."indicators" USING gin (regexp_replace(lower("metric_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_equals" ON "enterprises"."indicators" USING hash ("metric_zh");--> statement-breakpoint
CREATE INDEX "inspection_agencies_agency" ON "enterprises"."inspection_agencies" USING btree ("agency_id","inspection_id");--> statement-breakpoint
CREATE INDEX "inspections_enterprise" ON "enterprises"."inspections" USING btree ("enterprise_id","inspected_on","id");--> statement-breakpoint
CREATE INDEX "inspections_campaign" ON "enterprises"."inspections" USING btree ("campaign_id","id");--> statement-breakpoint
CREATE INDEX "inspections_method" ON "enterprises"."inspections" USING btree ("method","id");--> statement-breakpoint
CREATE INDEX "inspections_inspected_on" ON "enterprises"."inspections" USING btree ("inspected_on","id");--> statement-breakpoint
CREATE INDEX "inspections_result" ON "enterprises"."inspections" USING btree ("result","id");--> statement-breakpoint
CREATE INDEX "inspections_updated_at" ON "enterprises"."inspections" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "inspections_synthetic" ON "enterprises"."inspections" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "links_target" ON "enterprises"."links" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "region_closure_code" ON "enterprises"."region_closure" USING btree ("code");--> statement-breakpoint
CREATE INDEX "regions_parent" ON "enterprises"."regions" USING btree ("parent_code");--> statement-breakpoint
CREATE INDEX "statistical_returns_published" ON "enterprises"."statistical_returns" USING btree ("period","enterprise_id","revision") WHERE "enterprises"."statistical_returns"."status" = 'PUBLISHED';
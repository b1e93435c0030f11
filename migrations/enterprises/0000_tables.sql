CREATE SCHEMA IF NOT EXISTS "enterprises";
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
ALTER TABLE "enterprises"."enterprise_groups" ADD CONSTRAINT "enterprise_groups_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_groups" ADD CONSTRAINT "enterprise_groups_group_id_enterprises_id_fk" FOREIGN KEY ("group_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_parks" ADD CONSTRAINT "enterprise_parks_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enterprises"."enterprise_tiers" ADD CONSTRAINT "enterprise_tiers_enterprise_id_enterprises_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "enterprises"."enterprises"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
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
CREATE INDEX "links_target" ON "enterprises"."links" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "region_closure_code" ON "enterprises"."region_closure" USING btree ("code");--> statement-breakpoint
CREATE INDEX "regions_parent" ON "enterprises"."regions" USING btree ("parent_code");
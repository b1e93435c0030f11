CREATE SCHEMA IF NOT EXISTS "party";
--> statement-breakpoint
CREATE TABLE "party"."coverage_statements" (
	"target_type" text NOT NULL,
	"target_id" text PRIMARY KEY NOT NULL,
	"organisation" text,
	"work" text,
	"mode" text,
	"reason_zh" text,
	"reason_en" text
);
--> statement-breakpoint
CREATE TABLE "party"."coverages" (
	"unit_id" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "coverages_unit_id_target_id_pk" PRIMARY KEY("unit_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "party"."indicators" (
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
CREATE TABLE "party"."links" (
	"subject_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "links_subject_id_seq_pk" PRIMARY KEY("subject_id","seq")
);
--> statement-breakpoint
CREATE TABLE "party"."meeting_rules" (
	"unit_id" text NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"frequency" text,
	"rule_zh" text,
	"also_zh" text,
	CONSTRAINT "meeting_rules_unit_id_seq_pk" PRIMARY KEY("unit_id","seq")
);
--> statement-breakpoint
CREATE TABLE "party"."party_brands" (
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
	"region_code" text,
	"cultivated_by_id" text,
	"owner_type" text NOT NULL,
	"owner_id" text NOT NULL,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "party"."party_mechanisms" (
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
	"kind" text NOT NULL,
	"region_code" text,
	"proposed_by_id" text
);
--> statement-breakpoint
CREATE TABLE "party"."party_units" (
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
	"kind" text NOT NULL,
	"region_code" text,
	"parent_id" text,
	"host_id" text,
	"coverage_mode" text,
	"secretary_model_zh" text,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "party"."region_closure" (
	"ancestor" text NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "region_closure_ancestor_code_pk" PRIMARY KEY("ancestor","code")
);
--> statement-breakpoint
CREATE TABLE "party"."regions" (
	"code" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"level" text NOT NULL,
	"parent_code" text,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"basis" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "party"."sources" (
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
ALTER TABLE "party"."coverages" ADD CONSTRAINT "coverages_unit_id_party_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "party"."party_units"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."meeting_rules" ADD CONSTRAINT "meeting_rules_unit_id_party_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "party"."party_units"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_brands" ADD CONSTRAINT "party_brands_cultivated_by_id_party_units_id_fk" FOREIGN KEY ("cultivated_by_id") REFERENCES "party"."party_units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_mechanisms" ADD CONSTRAINT "party_mechanisms_proposed_by_id_party_units_id_fk" FOREIGN KEY ("proposed_by_id") REFERENCES "party"."party_units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."party_units" ADD CONSTRAINT "party_units_parent_id_party_units_id_fk" FOREIGN KEY ("parent_id") REFERENCES "party"."party_units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "coverages_target" ON "party"."coverages" USING btree ("target_id","unit_id");--> statement-breakpoint
CREATE INDEX "indicators_subject" ON "party"."indicators" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "indicators_topic" ON "party"."indicators" USING btree ("topic","id");--> statement-breakpoint
CREATE INDEX "indicators_metric" ON "party"."indicators" USING btree ("metric","id");--> statement-breakpoint
CREATE INDEX "indicators_unit" ON "party"."indicators" USING btree ("unit","id");--> statement-breakpoint
CREATE INDEX "indicators_kind" ON "party"."indicators" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "indicators_region" ON "party"."indicators" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "indicators_value" ON "party"."indicators" USING btree ("value","id");--> statement-breakpoint
CREATE INDEX "indicators_period_start" ON "party"."indicators" USING btree ("period_start","id");--> statement-breakpoint
CREATE INDEX "indicators_period_end" ON "party"."indicators" USING btree ("period_end","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "party"."indicators" USING gin (regexp_replace(lower("metric_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_equals" ON "party"."indicators" USING hash ("metric_zh");--> statement-breakpoint
CREATE INDEX "links_target" ON "party"."links" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "meeting_rules_kind" ON "party"."meeting_rules" USING btree ("kind","unit_id");--> statement-breakpoint
CREATE INDEX "party_brands_name" ON "party"."party_brands" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "party_brands_name_zh_contains" ON "party"."party_brands" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_brands_name_zh_equals" ON "party"."party_brands" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "party_brands_name_en_contains" ON "party"."party_brands" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_brands_name_en_equals" ON "party"."party_brands" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "party_brands_region" ON "party"."party_brands" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "party_brands_cultivated_by" ON "party"."party_brands" USING btree ("cultivated_by_id","id");--> statement-breakpoint
CREATE INDEX "party_brands_owner" ON "party"."party_brands" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "party_brands_updated_at" ON "party"."party_brands" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "party_brands_synthetic" ON "party"."party_brands" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "party_mechanisms_name" ON "party"."party_mechanisms" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "party_mechanisms_name_zh_contains" ON "party"."party_mechanisms" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_mechanisms_name_zh_equals" ON "party"."party_mechanisms" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "party_mechanisms_name_en_contains" ON "party"."party_mechanisms" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_mechanisms_name_en_equals" ON "party"."party_mechanisms" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "party_mechanisms_kind" ON "party"."party_mechanisms" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "party_mechanisms_region" ON "party"."party_mechanisms" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "party_mechanisms_proposed_by" ON "party"."party_mechanisms" USING btree ("proposed_by_id","id");--> statement-breakpoint
CREATE INDEX "party_mechanisms_updated_at" ON "party"."party_mechanisms" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "party_mechanisms_synthetic" ON "party"."party_mechanisms" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "party_units_name" ON "party"."party_units" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "party_units_name_zh_contains" ON "party"."party_units" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_units_name_zh_equals" ON "party"."party_units" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "party_units_name_en_contains" ON "party"."party_units" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "party_units_name_en_equals" ON "party"."party_units" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "party_units_kind" ON "party"."party_units" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "party_units_region" ON "party"."party_units" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "party_units_parent" ON "party"."party_units" USING btree ("parent_id","id");--> statement-breakpoint
CREATE INDEX "party_units_host" ON "party"."party_units" USING btree ("host_id","id");--> statement-breakpoint
CREATE INDEX "party_units_coverage_mode" ON "party"."party_units" USING btree ("coverage_mode","id");--> statement-breakpoint
CREATE INDEX "party_units_updated_at" ON "party"."party_units" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "party_units_synthetic" ON "party"."party_units" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "region_closure_code" ON "party"."region_closure" USING btree ("code");--> statement-breakpoint
CREATE INDEX "regions_parent" ON "party"."regions" USING btree ("parent_code");
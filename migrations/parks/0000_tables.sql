CREATE SCHEMA IF NOT EXISTS "parks";
--> statement-breakpoint
CREATE TABLE "parks"."indicators" (
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
CREATE TABLE "parks"."links" (
	"subject_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "links_subject_id_seq_pk" PRIMARY KEY("subject_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."parks" (
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
	"level" text,
	"recognitions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"region_code" text,
	"address_zh" text,
	"floor_area_sqm" numeric,
	"floor_area_approx" text,
	"stated_tenant_count" integer,
	"stated_tenant_approx" text,
	"stated_tenant_scope" text,
	"operator_type" text,
	"operator_id" text,
	"parent_id" text,
	"is_virtual" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "parks"."project_owners" (
	"project_id" text NOT NULL,
	"seq" integer NOT NULL,
	"owner_type" text NOT NULL,
	"owner_id" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "project_owners_project_id_seq_pk" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_parks" (
	"project_id" text NOT NULL,
	"seq" integer NOT NULL,
	"park_id" text NOT NULL,
	CONSTRAINT "project_parks_project_id_seq_pk" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_policies" (
	"project_id" text NOT NULL,
	"seq" integer NOT NULL,
	"policy_id" text NOT NULL,
	CONSTRAINT "project_policies_project_id_seq_pk" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."project_stages" (
	"project_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"status" text,
	"text_zh" text,
	"as_of" text,
	CONSTRAINT "project_stages_project_id_seq_pk" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
CREATE TABLE "parks"."projects" (
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
	"current_stage" text,
	"targets" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"planned_investment" numeric,
	"completed_investment" numeric,
	"investment_approx" text
);
--> statement-breakpoint
CREATE TABLE "parks"."region_closure" (
	"ancestor" text NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "region_closure_ancestor_code_pk" PRIMARY KEY("ancestor","code")
);
--> statement-breakpoint
CREATE TABLE "parks"."regions" (
	"code" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"level" text NOT NULL,
	"parent_code" text,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"basis" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "parks"."sources" (
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
ALTER TABLE "parks"."parks" ADD CONSTRAINT "parks_parent_id_parks_id_fk" FOREIGN KEY ("parent_id") REFERENCES "parks"."parks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_owners" ADD CONSTRAINT "project_owners_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_parks" ADD CONSTRAINT "project_parks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_parks" ADD CONSTRAINT "project_parks_park_id_parks_id_fk" FOREIGN KEY ("park_id") REFERENCES "parks"."parks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_policies" ADD CONSTRAINT "project_policies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parks"."project_stages" ADD CONSTRAINT "project_stages_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "parks"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "indicators_subject" ON "parks"."indicators" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "indicators_topic" ON "parks"."indicators" USING btree ("topic","id");--> statement-breakpoint
CREATE INDEX "indicators_metric" ON "parks"."indicators" USING btree ("metric","id");--> statement-breakpoint
CREATE INDEX "indicators_unit" ON "parks"."indicators" USING btree ("unit","id");--> statement-breakpoint
CREATE INDEX "indicators_kind" ON "parks"."indicators" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "indicators_region" ON "parks"."indicators" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "indicators_value" ON "parks"."indicators" USING btree ("value","id");--> statement-breakpoint
CREATE INDEX "indicators_period_start" ON "parks"."indicators" USING btree ("period_start","id");--> statement-breakpoint
CREATE INDEX "indicators_period_end" ON "parks"."indicators" USING btree ("period_end","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "parks"."indicators" USING gin (regexp_replace(lower("metric_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_equals" ON "parks"."indicators" USING hash ("metric_zh");--> statement-breakpoint
CREATE INDEX "links_target" ON "parks"."links" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "parks_name" ON "parks"."parks" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "parks_name_zh_contains" ON "parks"."parks" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "parks_name_zh_equals" ON "parks"."parks" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "parks_name_en_contains" ON "parks"."parks" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "parks_name_en_equals" ON "parks"."parks" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "parks_kind" ON "parks"."parks" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "parks_level" ON "parks"."parks" USING btree ("level","id");--> statement-breakpoint
CREATE INDEX "parks_region" ON "parks"."parks" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "parks_is_virtual" ON "parks"."parks" USING btree ("is_virtual","id");--> statement-breakpoint
CREATE INDEX "parks_floor_area" ON "parks"."parks" USING btree ("floor_area_sqm","id");--> statement-breakpoint
CREATE INDEX "parks_operator" ON "parks"."parks" USING btree ("operator_id","id");--> statement-breakpoint
CREATE INDEX "parks_parent" ON "parks"."parks" USING btree ("parent_id","id");--> statement-breakpoint
CREATE INDEX "parks_updated_at" ON "parks"."parks" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "parks_synthetic" ON "parks"."parks" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "project_owners_owner" ON "parks"."project_owners" USING btree ("owner_id","role","project_id");--> statement-breakpoint
CREATE INDEX "project_parks_park" ON "parks"."project_parks" USING btree ("park_id","project_id");--> statement-breakpoint
CREATE INDEX "project_policies_policy" ON "parks"."project_policies" USING btree ("policy_id","project_id");--> statement-breakpoint
CREATE INDEX "projects_name" ON "parks"."projects" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "projects_name_zh_contains" ON "parks"."projects" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "projects_name_zh_equals" ON "parks"."projects" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "projects_name_en_contains" ON "parks"."projects" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "projects_name_en_equals" ON "parks"."projects" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "projects_kind" ON "parks"."projects" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "projects_region" ON "parks"."projects" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "projects_current_stage" ON "parks"."projects" USING btree ("current_stage","id");--> statement-breakpoint
CREATE INDEX "projects_planned_investment" ON "parks"."projects" USING btree ("planned_investment","id");--> statement-breakpoint
CREATE INDEX "projects_completed_investment" ON "parks"."projects" USING btree ("completed_investment","id");--> statement-breakpoint
CREATE INDEX "projects_updated_at" ON "parks"."projects" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "projects_synthetic" ON "parks"."projects" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "region_closure_code" ON "parks"."region_closure" USING btree ("code");--> statement-breakpoint
CREATE INDEX "regions_parent" ON "parks"."regions" USING btree ("parent_code");
CREATE SCHEMA IF NOT EXISTS "policies";
--> statement-breakpoint
CREATE TABLE "policies"."agencies" (
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
	"department" text,
	"parent_id" text,
	"region_code" text,
	"park_id" text,
	"services" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."indicators" (
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
CREATE TABLE "policies"."links" (
	"subject_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "links_subject_id_seq_pk" PRIMARY KEY("subject_id","seq")
);
--> statement-breakpoint
CREATE TABLE "policies"."measure_responsible" (
	"measure_id" text NOT NULL,
	"seq" integer NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "measure_responsible_measure_id_seq_pk" PRIMARY KEY("measure_id","seq")
);
--> statement-breakpoint
CREATE TABLE "policies"."measures" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" text NOT NULL,
	"seq" integer NOT NULL,
	"title_zh" text NOT NULL,
	"title_en" text NOT NULL,
	"kind" text NOT NULL,
	"text_zh" text NOT NULL,
	"frequency" text,
	"deadline" text,
	"target_group_zh" text,
	"quantities" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."policies" (
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
	"domain" text NOT NULL,
	"status" text NOT NULL,
	"doc_no" text,
	"issued_on" date,
	"issued_year" integer,
	"region_code" text,
	CONSTRAINT "policies_doc_no_unique" UNIQUE("doc_no")
);
--> statement-breakpoint
CREATE TABLE "policies"."policy_bases" (
	"policy_id" text NOT NULL,
	"seq" integer NOT NULL,
	"basis_id" text NOT NULL,
	CONSTRAINT "policy_bases_policy_id_seq_pk" PRIMARY KEY("policy_id","seq")
);
--> statement-breakpoint
CREATE TABLE "policies"."policy_eligibility" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" text NOT NULL,
	"seq" integer NOT NULL,
	"field" text NOT NULL,
	"op" text NOT NULL,
	"value" jsonb NOT NULL,
	"text_zh" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."policy_issuers" (
	"policy_id" text NOT NULL,
	"seq" integer NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "policy_issuers_policy_id_seq_pk" PRIMARY KEY("policy_id","seq")
);
--> statement-breakpoint
CREATE TABLE "policies"."policy_subjects" (
	"policy_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "policy_subjects_policy_id_seq_pk" PRIMARY KEY("policy_id","seq")
);
--> statement-breakpoint
CREATE TABLE "policies"."region_closure" (
	"ancestor" text NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "region_closure_ancestor_code_pk" PRIMARY KEY("ancestor","code")
);
--> statement-breakpoint
CREATE TABLE "policies"."regions" (
	"code" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"level" text NOT NULL,
	"parent_code" text,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"basis" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies"."sources" (
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
ALTER TABLE "policies"."measure_responsible" ADD CONSTRAINT "measure_responsible_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "policies"."measures"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."measures" ADD CONSTRAINT "measures_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_bases" ADD CONSTRAINT "policy_bases_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_bases" ADD CONSTRAINT "policy_bases_basis_id_policies_id_fk" FOREIGN KEY ("basis_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_eligibility" ADD CONSTRAINT "policy_eligibility_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_issuers" ADD CONSTRAINT "policy_issuers_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_subjects" ADD CONSTRAINT "policy_subjects_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agencies_name" ON "policies"."agencies" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "agencies_name_zh_contains" ON "policies"."agencies" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "agencies_name_zh_equals" ON "policies"."agencies" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "agencies_name_en_contains" ON "policies"."agencies" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "agencies_name_en_equals" ON "policies"."agencies" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "agencies_kind" ON "policies"."agencies" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "agencies_department" ON "policies"."agencies" USING btree ("department","id");--> statement-breakpoint
CREATE INDEX "agencies_parent" ON "policies"."agencies" USING btree ("parent_id","id");--> statement-breakpoint
CREATE INDEX "agencies_region" ON "policies"."agencies" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "agencies_park" ON "policies"."agencies" USING btree ("park_id","id");--> statement-breakpoint
CREATE INDEX "agencies_updated_at" ON "policies"."agencies" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "agencies_synthetic" ON "policies"."agencies" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "indicators_subject" ON "policies"."indicators" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "indicators_topic" ON "policies"."indicators" USING btree ("topic","id");--> statement-breakpoint
CREATE INDEX "indicators_metric" ON "policies"."indicators" USING btree ("metric","id");--> statement-breakpoint
CREATE INDEX "indicators_unit" ON "policies"."indicators" USING btree ("unit","id");--> statement-breakpoint
CREATE INDEX "indicators_kind" ON "policies"."indicators" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "indicators_region" ON "policies"."indicators" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "indicators_value" ON "policies"."indicators" USING btree ("value","id");--> statement-breakpoint
CREATE INDEX "indicators_period_start" ON "policies"."indicators" USING btree ("period_start","id");--> statement-breakpoint
CREATE INDEX "indicators_period_end" ON "policies"."indicators" USING btree ("period_end","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "policies"."indicators" USING gin (regexp_replace(lower("metric_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_equals" ON "policies"."indicators" USING hash ("metric_zh");--> statement-breakpoint
CREATE INDEX "links_target" ON "policies"."links" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "measure_responsible_target" ON "policies"."measure_responsible" USING btree ("target_id","measure_id");--> statement-breakpoint
CREATE INDEX "measures_policy" ON "policies"."measures" USING btree ("policy_id","seq");--> statement-breakpoint
CREATE INDEX "policies_name" ON "policies"."policies" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "policies_name_zh_contains" ON "policies"."policies" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "policies_name_zh_equals" ON "policies"."policies" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "policies_name_en_contains" ON "policies"."policies" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "policies_name_en_equals" ON "policies"."policies" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "policies_doc_no_contains" ON "policies"."policies" USING gin (regexp_replace(lower("doc_no"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "policies_doc_no_equals" ON "policies"."policies" USING hash ("doc_no");--> statement-breakpoint
CREATE INDEX "policies_kind" ON "policies"."policies" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "policies_domain" ON "policies"."policies" USING btree ("domain","id");--> statement-breakpoint
CREATE INDEX "policies_status" ON "policies"."policies" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "policies_issued_on" ON "policies"."policies" USING btree ("issued_on","id");--> statement-breakpoint
CREATE INDEX "policies_issued_year" ON "policies"."policies" USING btree ("issued_year","id");--> statement-breakpoint
CREATE INDEX "policies_region" ON "policies"."policies" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "policies_updated_at" ON "policies"."policies" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "policies_synthetic" ON "policies"."policies" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "policy_bases_basis" ON "policies"."policy_bases" USING btree ("basis_id","policy_id");--> statement-breakpoint
CREATE INDEX "policy_eligibility_policy" ON "policies"."policy_eligibility" USING btree ("policy_id","seq");--> statement-breakpoint
CREATE INDEX "policy_issuers_target" ON "policies"."policy_issuers" USING btree ("target_id","policy_id");--> statement-breakpoint
CREATE INDEX "policy_subjects_target" ON "policies"."policy_subjects" USING btree ("target_id","role","policy_id");--> statement-breakpoint
CREATE INDEX "region_closure_code" ON "policies"."region_closure" USING btree ("code");--> statement-breakpoint
CREATE INDEX "regions_parent" ON "policies"."regions" USING btree ("parent_code");
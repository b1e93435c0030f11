CREATE SCHEMA IF NOT EXISTS "events";
--> statement-breakpoint
CREATE TABLE "events"."event_hosts" (
	"event_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "event_hosts_event_id_seq_pk" PRIMARY KEY("event_id","seq")
);
--> statement-breakpoint
CREATE TABLE "events"."event_likenesses" (
	"event_id" text NOT NULL,
	"other_id" text NOT NULL,
	CONSTRAINT "event_likenesses_event_id_other_id_pk" PRIMARY KEY("event_id","other_id")
);
--> statement-breakpoint
CREATE TABLE "events"."event_participants" (
	"event_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "event_participants_event_id_seq_pk" PRIMARY KEY("event_id","seq")
);
--> statement-breakpoint
CREATE TABLE "events"."event_policies" (
	"event_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"policy_id" text NOT NULL,
	"measure_id" text,
	CONSTRAINT "event_policies_event_id_seq_pk" PRIMARY KEY("event_id","seq")
);
--> statement-breakpoint
CREATE TABLE "events"."events" (
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
	"status" text NOT NULL,
	"start_date" date,
	"end_date" date,
	"period_zh" text,
	"year" integer,
	"frequency" text,
	"region_code" text,
	"venue_id" text,
	"attendance_value" numeric,
	"attendance_unit" text,
	"attendance_approx" text,
	"part_of_id" text
);
--> statement-breakpoint
CREATE TABLE "events"."indicators" (
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
CREATE TABLE "events"."links" (
	"subject_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "links_subject_id_seq_pk" PRIMARY KEY("subject_id","seq")
);
--> statement-breakpoint
CREATE TABLE "events"."region_closure" (
	"ancestor" text NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "region_closure_ancestor_code_pk" PRIMARY KEY("ancestor","code")
);
--> statement-breakpoint
CREATE TABLE "events"."regions" (
	"code" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"level" text NOT NULL,
	"parent_code" text,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"basis" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events"."sources" (
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
CREATE TABLE "events"."work_makers" (
	"work_id" text NOT NULL,
	"seq" integer NOT NULL,
	"role" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "work_makers_work_id_seq_pk" PRIMARY KEY("work_id","seq")
);
--> statement-breakpoint
CREATE TABLE "events"."works" (
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
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"support_policy_id" text
);
--> statement-breakpoint
ALTER TABLE "events"."event_hosts" ADD CONSTRAINT "event_hosts_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "events"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."event_likenesses" ADD CONSTRAINT "event_likenesses_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "events"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."event_likenesses" ADD CONSTRAINT "event_likenesses_other_id_events_id_fk" FOREIGN KEY ("other_id") REFERENCES "events"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."event_participants" ADD CONSTRAINT "event_participants_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "events"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."event_policies" ADD CONSTRAINT "event_policies_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "events"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."events" ADD CONSTRAINT "events_part_of_id_events_id_fk" FOREIGN KEY ("part_of_id") REFERENCES "events"."events"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events"."work_makers" ADD CONSTRAINT "work_makers_work_id_works_id_fk" FOREIGN KEY ("work_id") REFERENCES "events"."works"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_hosts_target" ON "events"."event_hosts" USING btree ("target_id","event_id");--> statement-breakpoint
CREATE INDEX "event_likenesses_other" ON "events"."event_likenesses" USING btree ("other_id");--> statement-breakpoint
CREATE INDEX "event_participants_target" ON "events"."event_participants" USING btree ("target_id","event_id");--> statement-breakpoint
CREATE INDEX "event_policies_policy" ON "events"."event_policies" USING btree ("policy_id","event_id");--> statement-breakpoint
CREATE INDEX "events_name" ON "events"."events" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "events_name_zh_contains" ON "events"."events" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "events_name_zh_equals" ON "events"."events" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "events_name_en_contains" ON "events"."events" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "events_name_en_equals" ON "events"."events" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "events_kind" ON "events"."events" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "events_status" ON "events"."events" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "events_start_date" ON "events"."events" USING btree ("start_date","id");--> statement-breakpoint
CREATE INDEX "events_end_date" ON "events"."events" USING btree ("end_date","id");--> statement-breakpoint
CREATE INDEX "events_year" ON "events"."events" USING btree ("year","id");--> statement-breakpoint
CREATE INDEX "events_frequency" ON "events"."events" USING btree ("frequency","id");--> statement-breakpoint
CREATE INDEX "events_region" ON "events"."events" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "events_venue" ON "events"."events" USING btree ("venue_id","id");--> statement-breakpoint
CREATE INDEX "events_part_of" ON "events"."events" USING btree ("part_of_id","id");--> statement-breakpoint
CREATE INDEX "events_updated_at" ON "events"."events" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "events_synthetic" ON "events"."events" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "indicators_subject" ON "events"."indicators" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "indicators_topic" ON "events"."indicators" USING btree ("topic","id");--> statement-breakpoint
CREATE INDEX "indicators_metric" ON "events"."indicators" USING btree ("metric","id");--> statement-breakpoint
CREATE INDEX "indicators_unit" ON "events"."indicators" USING btree ("unit","id");--> statement-breakpoint
CREATE INDEX "indicators_kind" ON "events"."indicators" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "indicators_region" ON "events"."indicators" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "indicators_value" ON "events"."indicators" USING btree ("value","id");--> statement-breakpoint
CREATE INDEX "indicators_period_start" ON "events"."indicators" USING btree ("period_start","id");--> statement-breakpoint
CREATE INDEX "indicators_period_end" ON "events"."indicators" USING btree ("period_end","id");--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_contains" ON "events"."indicators" USING gin (regexp_replace(lower("metric_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "indicators_metric_zh_equals" ON "events"."indicators" USING hash ("metric_zh");--> statement-breakpoint
CREATE INDEX "links_target" ON "events"."links" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "region_closure_code" ON "events"."region_closure" USING btree ("code");--> statement-breakpoint
CREATE INDEX "regions_parent" ON "events"."regions" USING btree ("parent_code");--> statement-breakpoint
CREATE INDEX "work_makers_target" ON "events"."work_makers" USING btree ("target_id","work_id");--> statement-breakpoint
CREATE INDEX "works_name" ON "events"."works" USING btree ("name_zh" collate "zh-x-icu","id");--> statement-breakpoint
CREATE INDEX "works_name_zh_contains" ON "events"."works" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "works_name_zh_equals" ON "events"."works" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "works_name_en_contains" ON "events"."works" USING gin (regexp_replace(lower("name_en"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "works_name_en_equals" ON "events"."works" USING hash ("name_en");--> statement-breakpoint
CREATE INDEX "works_kind" ON "events"."works" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "works_support_policy" ON "events"."works" USING btree ("support_policy_id","id");--> statement-breakpoint
CREATE INDEX "works_updated_at" ON "events"."works" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "works_synthetic" ON "events"."works" USING btree ("synthetic","id");
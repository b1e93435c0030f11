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
CREATE TABLE "policies"."calendar_days" (
	"day" date PRIMARY KEY NOT NULL,
	"is_working" boolean NOT NULL,
	"name_zh" text
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
	"quantities" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "measures_id_policy" UNIQUE("id","policy_id")
);
--> statement-breakpoint
CREATE TABLE "policies"."open_call_steps" (
	"open_call_id" text NOT NULL,
	"seq" integer NOT NULL,
	"status" text NOT NULL,
	"step_on" date NOT NULL,
	"note_zh" text,
	CONSTRAINT "open_call_steps_open_call_id_seq_pk" PRIMARY KEY("open_call_id","seq"),
	CONSTRAINT "open_call_steps_status_known" CHECK ("policies"."open_call_steps"."status" in ('PUBLISHED', 'CLAIMED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED'))
);
--> statement-breakpoint
CREATE TABLE "policies"."open_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"title_zh" text NOT NULL,
	"policy_id" text,
	"publisher_id" text,
	"reward" numeric,
	"status" text NOT NULL,
	"published_on" date NOT NULL,
	"deadline" date,
	"claimant_id" text,
	"project_id" text,
	CONSTRAINT "open_calls_status_known" CHECK ("policies"."open_calls"."status" in ('PUBLISHED', 'CLAIMED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED')),
	CONSTRAINT "open_calls_reward" CHECK ("policies"."open_calls"."reward" >= 0),
	CONSTRAINT "open_calls_deadline" CHECK ("policies"."open_calls"."deadline" >= "policies"."open_calls"."published_on"),
	CONSTRAINT "open_calls_claimed" CHECK ("policies"."open_calls"."status" in ('PUBLISHED', 'FAILED') or "policies"."open_calls"."claimant_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "policies"."payout_steps" (
	"payout_id" text NOT NULL,
	"seq" integer NOT NULL,
	"status" text NOT NULL,
	"step_on" date NOT NULL,
	CONSTRAINT "payout_steps_payout_id_seq_pk" PRIMARY KEY("payout_id","seq"),
	CONSTRAINT "payout_steps_status_known" CHECK ("policies"."payout_steps"."status" in ('MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID', 'AUDITED', 'CLAWED_BACK'))
);
--> statement-breakpoint
CREATE TABLE "policies"."payouts" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"policy_id" text NOT NULL,
	"measure_id" text,
	"enterprise_id" text NOT NULL,
	"amount" numeric,
	"status" text NOT NULL,
	"paying_agency_id" text,
	"paid_on" date,
	CONSTRAINT "payouts_status_known" CHECK ("policies"."payouts"."status" in ('MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID', 'AUDITED', 'CLAWED_BACK')),
	CONSTRAINT "payouts_amount" CHECK ("policies"."payouts"."amount" >= 0),
	CONSTRAINT "payouts_amount_set" CHECK ("policies"."payouts"."status" in ('MATCHED', 'CONFIRMED') or "policies"."payouts"."amount" is not null),
	CONSTRAINT "payouts_paid" CHECK (("policies"."payouts"."status" in ('PAID', 'AUDITED', 'CLAWED_BACK')) = ("policies"."payouts"."paid_on" is not null))
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
CREATE TABLE "policies"."service_request_co_handlers" (
	"request_id" text NOT NULL,
	"seq" integer NOT NULL,
	"agency_id" text NOT NULL,
	CONSTRAINT "service_request_co_handlers_request_id_seq_pk" PRIMARY KEY("request_id","seq"),
	CONSTRAINT "service_request_co_handlers_agency" UNIQUE("agency_id","request_id")
);
--> statement-breakpoint
CREATE TABLE "policies"."service_request_steps" (
	"request_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"step_on" date NOT NULL,
	"agency_id" text,
	"note_zh" text,
	CONSTRAINT "service_request_steps_request_id_seq_pk" PRIMARY KEY("request_id","seq"),
	CONSTRAINT "service_request_steps_stage_known" CHECK ("policies"."service_request_steps"."stage" in ('COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF'))
);
--> statement-breakpoint
CREATE TABLE "policies"."service_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"enterprise_id" text NOT NULL,
	"region_code" text,
	"kind" text NOT NULL,
	"type_zh" text,
	"title_zh" text NOT NULL,
	"text_zh" text,
	"stage" text NOT NULL,
	"submitted_on" date NOT NULL,
	"due_on" date,
	"closed_on" date,
	"responsible_id" text,
	"is_satisfied" boolean,
	"is_reopened" boolean DEFAULT false NOT NULL,
	"policy_id" text,
	CONSTRAINT "service_requests_kind_known" CHECK ("policies"."service_requests"."kind" in ('POLICY_APPLICATION', 'PROMOTION', 'STATISTICS_REGISTER', 'FINANCING', 'LISTING', 'TALENT', 'SCENE_RESOURCES', 'LAND_SPACE', 'LICENSING', 'OTHER')),
	CONSTRAINT "service_requests_stage_known" CHECK ("policies"."service_requests"."stage" in ('COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF')),
	CONSTRAINT "service_requests_closed" CHECK (("policies"."service_requests"."stage" = 'STRUCK_OFF') = ("policies"."service_requests"."closed_on" is not null)),
	CONSTRAINT "service_requests_dates" CHECK ("policies"."service_requests"."due_on" >= "policies"."service_requests"."submitted_on" and "policies"."service_requests"."closed_on" >= "policies"."service_requests"."submitted_on"),
	CONSTRAINT "service_requests_assigned" CHECK ("policies"."service_requests"."stage" = 'COLLECTED' or "policies"."service_requests"."responsible_id" is not null)
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
CREATE TABLE "policies"."star_list_entries" (
	"list_id" text NOT NULL,
	"enterprise_id" text NOT NULL,
	"rank" integer,
	"criteria" text[] NOT NULL,
	"reason_zh" text,
	"vetoed_by_id" text,
	"veto_reason_zh" text,
	CONSTRAINT "star_list_entries_list_id_enterprise_id_pk" PRIMARY KEY("list_id","enterprise_id"),
	CONSTRAINT "star_list_entries_rank_counts" CHECK ("policies"."star_list_entries"."rank" > 0),
	CONSTRAINT "star_list_entries_vetoed" CHECK ("policies"."star_list_entries"."vetoed_by_id" is null or "policies"."star_list_entries"."rank" is null),
	CONSTRAINT "star_list_entries_veto_reason" CHECK ("policies"."star_list_entries"."veto_reason_zh" is null or "policies"."star_list_entries"."vetoed_by_id" is not null),
	CONSTRAINT "star_list_entries_criteria_known" CHECK ("policies"."star_list_entries"."criteria" <@ array['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL'])
);
--> statement-breakpoint
CREATE TABLE "policies"."star_lists" (
	"id" text PRIMARY KEY NOT NULL,
	"notes" text,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"name_zh" text NOT NULL,
	"year" integer NOT NULL,
	"half" text NOT NULL,
	"status" text NOT NULL,
	"objection_until" date,
	"published_on" date,
	"region_code" text,
	"policy_id" text,
	CONSTRAINT "star_lists_half_known" CHECK ("policies"."star_lists"."half" in ('FIRST', 'SECOND')),
	CONSTRAINT "star_lists_status_known" CHECK ("policies"."star_lists"."status" in ('DRAFT', 'OBJECTION_PERIOD', 'PUBLISHED')),
	CONSTRAINT "star_lists_objection" CHECK ("policies"."star_lists"."status" <> 'OBJECTION_PERIOD' or "policies"."star_lists"."objection_until" is not null),
	CONSTRAINT "star_lists_published" CHECK (("policies"."star_lists"."status" = 'PUBLISHED') = ("policies"."star_lists"."published_on" is not null))
);
--> statement-breakpoint
ALTER TABLE "policies"."measure_responsible" ADD CONSTRAINT "measure_responsible_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "policies"."measures"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."measures" ADD CONSTRAINT "measures_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."open_call_steps" ADD CONSTRAINT "open_call_steps_open_call_id_open_calls_id_fk" FOREIGN KEY ("open_call_id") REFERENCES "policies"."open_calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD CONSTRAINT "open_calls_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."open_calls" ADD CONSTRAINT "open_calls_publisher_id_agencies_id_fk" FOREIGN KEY ("publisher_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payout_steps" ADD CONSTRAINT "payout_steps_payout_id_payouts_id_fk" FOREIGN KEY ("payout_id") REFERENCES "policies"."payouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_paying_agency_id_agencies_id_fk" FOREIGN KEY ("paying_agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."payouts" ADD CONSTRAINT "payouts_measure_of_policy" FOREIGN KEY ("measure_id","policy_id") REFERENCES "policies"."measures"("id","policy_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_bases" ADD CONSTRAINT "policy_bases_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_bases" ADD CONSTRAINT "policy_bases_basis_id_policies_id_fk" FOREIGN KEY ("basis_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_eligibility" ADD CONSTRAINT "policy_eligibility_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_issuers" ADD CONSTRAINT "policy_issuers_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."policy_subjects" ADD CONSTRAINT "policy_subjects_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_request_co_handlers" ADD CONSTRAINT "service_request_co_handlers_request_id_service_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "policies"."service_requests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_request_co_handlers" ADD CONSTRAINT "service_request_co_handlers_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_request_id_service_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "policies"."service_requests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_request_steps" ADD CONSTRAINT "service_request_steps_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_responsible_id_agencies_id_fk" FOREIGN KEY ("responsible_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."service_requests" ADD CONSTRAINT "service_requests_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD CONSTRAINT "star_list_entries_list_id_star_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "policies"."star_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_list_entries" ADD CONSTRAINT "star_list_entries_vetoed_by_id_agencies_id_fk" FOREIGN KEY ("vetoed_by_id") REFERENCES "policies"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies"."star_lists" ADD CONSTRAINT "star_lists_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "policies"."policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
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
CREATE INDEX "open_calls_title_zh_contains" ON "policies"."open_calls" USING gin (regexp_replace(lower("title_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "open_calls_title_zh_equals" ON "policies"."open_calls" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "open_calls_policy" ON "policies"."open_calls" USING btree ("policy_id","id");--> statement-breakpoint
CREATE INDEX "open_calls_publisher" ON "policies"."open_calls" USING btree ("publisher_id","id");--> statement-breakpoint
CREATE INDEX "open_calls_claimant" ON "policies"."open_calls" USING btree ("claimant_id","id");--> statement-breakpoint
CREATE INDEX "open_calls_project" ON "policies"."open_calls" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "open_calls_status" ON "policies"."open_calls" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "open_calls_reward_order" ON "policies"."open_calls" USING btree ("reward","id");--> statement-breakpoint
CREATE INDEX "open_calls_published_on" ON "policies"."open_calls" USING btree ("published_on","id");--> statement-breakpoint
CREATE INDEX "open_calls_deadline_order" ON "policies"."open_calls" USING btree ("deadline","id");--> statement-breakpoint
CREATE INDEX "open_calls_synthetic" ON "policies"."open_calls" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "payouts_policy" ON "policies"."payouts" USING btree ("policy_id","id");--> statement-breakpoint
CREATE INDEX "payouts_paid_by_policy" ON "policies"."payouts" USING btree ("policy_id","status","amount");--> statement-breakpoint
CREATE INDEX "payouts_measure" ON "policies"."payouts" USING btree ("measure_id","id");--> statement-breakpoint
CREATE INDEX "payouts_enterprise" ON "policies"."payouts" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "payouts_paying_agency" ON "policies"."payouts" USING btree ("paying_agency_id","id");--> statement-breakpoint
CREATE INDEX "payouts_status" ON "policies"."payouts" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "payouts_amount_order" ON "policies"."payouts" USING btree ("amount","id");--> statement-breakpoint
CREATE INDEX "payouts_paid_on" ON "policies"."payouts" USING btree ("paid_on","id");--> statement-breakpoint
CREATE INDEX "payouts_synthetic" ON "policies"."payouts" USING btree ("synthetic","id");--> statement-breakpoint
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
CREATE INDEX "regions_parent" ON "policies"."regions" USING btree ("parent_code");--> statement-breakpoint
CREATE INDEX "service_request_steps_agency" ON "policies"."service_request_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "service_requests_title_zh_contains" ON "policies"."service_requests" USING gin (regexp_replace(lower("title_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "service_requests_title_zh_equals" ON "policies"."service_requests" USING hash ("title_zh");--> statement-breakpoint
CREATE INDEX "service_requests_enterprise" ON "policies"."service_requests" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "service_requests_region" ON "policies"."service_requests" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "service_requests_kind" ON "policies"."service_requests" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "service_requests_stage" ON "policies"."service_requests" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "service_requests_submitted_on" ON "policies"."service_requests" USING btree ("submitted_on","id");--> statement-breakpoint
CREATE INDEX "service_requests_due_on" ON "policies"."service_requests" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "service_requests_open_due_on" ON "policies"."service_requests" USING btree ("due_on","id") WHERE "policies"."service_requests"."stage" <> 'STRUCK_OFF';--> statement-breakpoint
CREATE INDEX "service_requests_closed_on" ON "policies"."service_requests" USING btree ("closed_on","id");--> statement-breakpoint
CREATE INDEX "service_requests_responsible" ON "policies"."service_requests" USING btree ("responsible_id","id");--> statement-breakpoint
CREATE INDEX "service_requests_is_satisfied" ON "policies"."service_requests" USING btree ("is_satisfied","id");--> statement-breakpoint
CREATE INDEX "service_requests_is_reopened" ON "policies"."service_requests" USING btree ("is_reopened","id");--> statement-breakpoint
CREATE INDEX "service_requests_policy" ON "policies"."service_requests" USING btree ("policy_id","id");--> statement-breakpoint
CREATE INDEX "service_requests_synthetic" ON "policies"."service_requests" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "star_list_entries_enterprise" ON "policies"."star_list_entries" USING btree ("enterprise_id","list_id");--> statement-breakpoint
CREATE INDEX "star_list_entries_vetoed_by" ON "policies"."star_list_entries" USING btree ("vetoed_by_id");--> statement-breakpoint
CREATE INDEX "star_lists_name_zh_contains" ON "policies"."star_lists" USING gin (regexp_replace(lower("name_zh"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "star_lists_name_zh_equals" ON "policies"."star_lists" USING hash ("name_zh");--> statement-breakpoint
CREATE INDEX "star_lists_year" ON "policies"."star_lists" USING btree ("year","half","id");--> statement-breakpoint
CREATE INDEX "star_lists_half" ON "policies"."star_lists" USING btree ("half","id");--> statement-breakpoint
CREATE INDEX "star_lists_status" ON "policies"."star_lists" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "star_lists_objection_until" ON "policies"."star_lists" USING btree ("objection_until","id");--> statement-breakpoint
CREATE INDEX "star_lists_published_on" ON "policies"."star_lists" USING btree ("published_on","id");--> statement-breakpoint
CREATE INDEX "star_lists_region" ON "policies"."star_lists" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "star_lists_policy" ON "policies"."star_lists" USING btree ("policy_id","id");--> statement-breakpoint
CREATE INDEX "star_lists_synthetic" ON "policies"."star_lists" USING btree ("synthetic","id");
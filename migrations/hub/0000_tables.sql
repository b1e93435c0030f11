CREATE SCHEMA IF NOT EXISTS "hub";
--> statement-breakpoint
CREATE TABLE "hub"."agreement_events" (
	"agreement_id" text NOT NULL,
	"seq" integer NOT NULL,
	"action" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"department" text NOT NULL,
	"by" text NOT NULL,
	"reason" text,
	CONSTRAINT "agreement_events_agreement_id_seq_pk" PRIMARY KEY("agreement_id","seq"),
	CONSTRAINT "agreement_events_action_known" CHECK ("hub"."agreement_events"."action" in ('REQUEST', 'EXTEND', 'APPROVE', 'REFUSE', 'REVOKE'))
);
--> statement-breakpoint
CREATE TABLE "hub"."agreements" (
	"id" text PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'REQUESTED' NOT NULL,
	"requester" text NOT NULL,
	"owner" text NOT NULL,
	"fields" text[] DEFAULT '{}' NOT NULL,
	"purpose" text NOT NULL,
	"basis" text NOT NULL,
	"method" text,
	"region_code" text,
	"park_id" text,
	"ends_on" date NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"requested_by" text NOT NULL,
	"due_on" date NOT NULL,
	"is_extended" boolean DEFAULT false NOT NULL,
	"deliver_by" date,
	CONSTRAINT "agreements_state_known" CHECK ("hub"."agreements"."state" in ('REQUESTED', 'ACTIVE', 'REFUSED', 'REVOKED')),
	CONSTRAINT "agreements_parties" CHECK ("hub"."agreements"."requester" <> "hub"."agreements"."owner"),
	CONSTRAINT "agreements_fields" CHECK (cardinality("hub"."agreements"."fields") > 0)
);
--> statement-breakpoint
CREATE TABLE "hub"."api_key_usage" (
	"key_id" text NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "api_key_usage_key_id_day_kind_name_pk" PRIMARY KEY("key_id","day","kind","name"),
	CONSTRAINT "api_key_usage_kind_known" CHECK ("hub"."api_key_usage"."kind" in ('OPERATION', 'FIELD'))
);
--> statement-breakpoint
CREATE TABLE "hub"."api_key_uses" (
	"key_id" text PRIMARY KEY NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hub"."api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"partner" text NOT NULL,
	"contact" text NOT NULL,
	"scopes" text[] DEFAULT '{}' NOT NULL,
	"regions" text[] DEFAULT '{}' NOT NULL,
	"enterprise_id" text,
	"consent_by" text,
	"consent_on" date,
	"consent_document" text,
	"addresses" text[] DEFAULT '{}' NOT NULL,
	"cost_per_minute" integer,
	"cost_per_day" integer,
	"documents" text,
	"department" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"rotated_from" text,
	"overlap_ends_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_by" text,
	"revoked_reason" text,
	"digest" text NOT NULL,
	"pepper" text NOT NULL,
	CONSTRAINT "api_keys_environment_known" CHECK ("hub"."api_keys"."environment" in ('LIVE', 'TEST')),
	CONSTRAINT "api_keys_documents_known" CHECK ("hub"."api_keys"."documents" in ('LOG_UNKNOWN', 'ALLOW_LIST', 'IDS_ONLY')),
	CONSTRAINT "api_keys_year" CHECK ("hub"."api_keys"."expires_at" <= "hub"."api_keys"."created_at" + interval '366 days'),
	CONSTRAINT "api_keys_consent" CHECK (num_nonnulls("hub"."api_keys"."enterprise_id", "hub"."api_keys"."consent_by", "hub"."api_keys"."consent_on", "hub"."api_keys"."consent_document") in (0, 4)),
	CONSTRAINT "api_keys_revoked" CHECK (num_nonnulls("hub"."api_keys"."revoked_at", "hub"."api_keys"."revoked_by", "hub"."api_keys"."revoked_reason") in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "hub"."agreement_events" ADD CONSTRAINT "agreement_events_agreement_id_agreements_id_fk" FOREIGN KEY ("agreement_id") REFERENCES "hub"."agreements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."api_key_usage" ADD CONSTRAINT "api_key_usage_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "hub"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."api_key_uses" ADD CONSTRAINT "api_key_uses_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "hub"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."api_keys" ADD CONSTRAINT "api_keys_rotated_from_api_keys_id_fk" FOREIGN KEY ("rotated_from") REFERENCES "hub"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agreements_state" ON "hub"."agreements" USING btree ("state","ends_at");--> statement-breakpoint
CREATE INDEX "agreements_requester" ON "hub"."agreements" USING btree ("requester","id");--> statement-breakpoint
CREATE INDEX "agreements_owner" ON "hub"."agreements" USING btree ("owner","id");--> statement-breakpoint
CREATE INDEX "agreements_ends_on" ON "hub"."agreements" USING btree ("ends_on","id");--> statement-breakpoint
CREATE INDEX "agreements_requested_at" ON "hub"."agreements" USING btree ("requested_at","id");--> statement-breakpoint
CREATE INDEX "agreements_due_on" ON "hub"."agreements" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "api_keys_partner_contains" ON "hub"."api_keys" USING gin (regexp_replace(lower("partner"), '(.)', '\1\1\1', 'g') gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "api_keys_partner_equals" ON "hub"."api_keys" USING hash ("partner");--> statement-breakpoint
CREATE INDEX "api_keys_environment" ON "hub"."api_keys" USING btree ("environment","id");--> statement-breakpoint
CREATE INDEX "api_keys_department" ON "hub"."api_keys" USING btree ("department","id");--> statement-breakpoint
CREATE INDEX "api_keys_created_at" ON "hub"."api_keys" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "api_keys_expires_at" ON "hub"."api_keys" USING btree ("expires_at","id");--> statement-breakpoint
CREATE INDEX "api_keys_rotated_from" ON "hub"."api_keys" USING btree ("rotated_from");
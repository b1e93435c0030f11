CREATE TABLE "hub"."webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"webhook_id" text NOT NULL,
	"state" text NOT NULL,
	"type" text NOT NULL,
	"cursor" text NOT NULL,
	"attempts" integer DEFAULT 1 NOT NULL,
	"status" integer,
	"failure" text,
	"first_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	"next_attempt_at" timestamp with time zone,
	CONSTRAINT "webhook_deliveries_state_known" CHECK ("hub"."webhook_deliveries"."state" in ('DELIVERED', 'RETRYING', 'SKIPPED'))
);
--> statement-breakpoint
CREATE TABLE "hub"."webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"department" text NOT NULL,
	"key_id" text,
	"url" text NOT NULL,
	"state" text DEFAULT 'ACTIVE' NOT NULL,
	"types" text[],
	"region_code" text,
	"mine" boolean NOT NULL,
	"sends_synthetic" boolean,
	"set_by" text NOT NULL,
	"owner_region" text,
	"owner_agency" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"position" text,
	"look_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"last_failure" text,
	"last_status" integer,
	"last_delivered_at" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"disabled_reason" text,
	"secret" text NOT NULL,
	"old_secret" text,
	"old_secret_ends_at" timestamp with time zone,
	"lease" text,
	"leased_until" timestamp with time zone,
	CONSTRAINT "webhooks_state_known" CHECK ("hub"."webhooks"."state" in ('ACTIVE', 'PAUSED', 'DISABLED')),
	CONSTRAINT "webhooks_last_failure_known" CHECK ("hub"."webhooks"."last_failure" in ('STATUS', 'TIMEOUT', 'NAME_UNKNOWN', 'ADDRESS_REFUSED', 'TLS', 'UNREACHABLE')),
	CONSTRAINT "webhooks_disabled_reason_known" CHECK ("hub"."webhooks"."disabled_reason" in ('FAILED_FOR_LONG', 'GONE', 'CURSOR_EXPIRED', 'OWNER_ENDED', 'SECRET_UNREADABLE')),
	CONSTRAINT "webhooks_disabled" CHECK (("hub"."webhooks"."state" = 'DISABLED') = ("hub"."webhooks"."disabled_reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "hub"."webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "hub"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."webhooks" ADD CONSTRAINT "webhooks_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "hub"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook" ON "hub"."webhook_deliveries" USING btree ("webhook_id","first_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_first_at" ON "hub"."webhook_deliveries" USING btree ("first_at","id");--> statement-breakpoint
CREATE INDEX "webhooks_department" ON "hub"."webhooks" USING btree ("department","id");--> statement-breakpoint
CREATE INDEX "webhooks_key_id" ON "hub"."webhooks" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "webhooks_created_at" ON "hub"."webhooks" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "webhooks_look_at" ON "hub"."webhooks" USING btree ("look_at") WHERE "hub"."webhooks"."state" = 'ACTIVE';
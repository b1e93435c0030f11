CREATE TABLE "hub"."changes" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"action" text NOT NULL,
	"stage" text NOT NULL,
	"version" integer NOT NULL,
	"region_code" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hub"."correction_steps" (
	"object_id" text NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"step_on" date NOT NULL,
	"agency_id" text,
	"note_zh" text,
	"action" text,
	"at" timestamp with time zone,
	"department" text,
	"author" text,
	"due_on" date,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "correction_steps_object_id_seq_pk" PRIMARY KEY("object_id","seq"),
	CONSTRAINT "correction_steps_stage_known" CHECK ("hub"."correction_steps"."stage" in ('SUBMITTED', 'ACCEPTED', 'REFUSED', 'DISPUTED', 'SETTLED', 'WITHDRAWN'))
);
--> statement-breakpoint
CREATE TABLE "hub"."corrections" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"coordinate" text,
	"subject_id" text NOT NULL,
	"subject_version" integer,
	"requester" text,
	"enterprise_id" text,
	"owner" text NOT NULL,
	"region_code" text,
	"claimed_zh" text NOT NULL,
	"evidence" text NOT NULL,
	"requested_on" date NOT NULL,
	"stage" text NOT NULL,
	"due_on" date,
	"mended_in_version" integer,
	"answer_zh" text,
	"is_upheld" boolean,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "corrections_stage_known" CHECK ("hub"."corrections"."stage" in ('SUBMITTED', 'ACCEPTED', 'REFUSED', 'DISPUTED', 'SETTLED', 'WITHDRAWN')),
	CONSTRAINT "corrections_kind_known" CHECK ("hub"."corrections"."kind" in ('RECORD', 'AGREEMENT')),
	CONSTRAINT "corrections_coordinate" CHECK (("hub"."corrections"."kind" = 'RECORD') = ("hub"."corrections"."coordinate" is not null)),
	CONSTRAINT "corrections_by_one" CHECK (num_nonnulls("hub"."corrections"."requester", "hub"."corrections"."enterprise_id") = 1),
	CONSTRAINT "corrections_mended" CHECK (("hub"."corrections"."stage" = 'ACCEPTED') = ("hub"."corrections"."mended_in_version" is not null))
);
--> statement-breakpoint
CREATE TABLE "hub"."due_notices" (
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"due_on" date NOT NULL,
	"notice" text NOT NULL,
	CONSTRAINT "due_notices_type_object_id_due_on_notice_pk" PRIMARY KEY("type","object_id","due_on","notice")
);
--> statement-breakpoint
CREATE TABLE "hub"."mutation_keys" (
	"author" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" text NOT NULL,
	"object_id" text NOT NULL,
	"step" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mutation_keys_author_key_pk" PRIMARY KEY("author","key")
);
--> statement-breakpoint
CREATE TABLE "hub"."sweeps" (
	"name" text PRIMARY KEY NOT NULL,
	"taken_until" timestamp with time zone NOT NULL,
	"deleted_transaction" "xid8",
	"deleted_seq" bigint
);
--> statement-breakpoint
ALTER TABLE "hub"."correction_steps" ADD CONSTRAINT "correction_steps_object_id_corrections_id_fk" FOREIGN KEY ("object_id") REFERENCES "hub"."corrections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "changes_order" ON "hub"."changes" USING btree ("transaction","seq");--> statement-breakpoint
CREATE INDEX "changes_type" ON "hub"."changes" USING btree ("type","transaction","seq");--> statement-breakpoint
CREATE INDEX "changes_object" ON "hub"."changes" USING btree ("type","object_id");--> statement-breakpoint
CREATE INDEX "correction_steps_agency" ON "hub"."correction_steps" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "corrections_kind" ON "hub"."corrections" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "corrections_stage" ON "hub"."corrections" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "corrections_requester" ON "hub"."corrections" USING btree ("requester","id");--> statement-breakpoint
CREATE INDEX "corrections_enterprise" ON "hub"."corrections" USING btree ("enterprise_id","id");--> statement-breakpoint
CREATE INDEX "corrections_owner" ON "hub"."corrections" USING btree ("owner","id");--> statement-breakpoint
CREATE INDEX "corrections_subject" ON "hub"."corrections" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "corrections_due_on" ON "hub"."corrections" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "corrections_due_on_from_highest" ON "hub"."corrections" USING btree ("due_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "mutation_keys_at" ON "hub"."mutation_keys" USING btree ("at");--> statement-breakpoint
CREATE TRIGGER "correction_steps_stay" BEFORE UPDATE OR DELETE OR TRUNCATE ON "hub"."correction_steps"
  FOR EACH STATEMENT EXECUTE FUNCTION "hub"."refuse_change"();--> statement-breakpoint
-- Wakes those who wait for changes. It carries no data: who is woken reads the outbox.
CREATE FUNCTION "hub"."tell_of_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('hub_changes', '');
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "changes_told" AFTER INSERT ON "hub"."changes"
  FOR EACH STATEMENT EXECUTE FUNCTION "hub"."tell_of_changes"();

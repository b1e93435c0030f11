CREATE TABLE "party"."changes" (
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
CREATE TABLE "party"."mutation_keys" (
	"author" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" text NOT NULL,
	"object_id" text NOT NULL,
	"step" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mutation_keys_author_key_pk" PRIMARY KEY("author","key")
);
--> statement-breakpoint
CREATE INDEX "changes_order" ON "party"."changes" USING btree ("transaction","seq");--> statement-breakpoint
CREATE INDEX "changes_object" ON "party"."changes" USING btree ("type","object_id");--> statement-breakpoint
CREATE INDEX "mutation_keys_at" ON "party"."mutation_keys" USING btree ("at");--> statement-breakpoint
-- For the triggers of step tables: what the hub carried out stays as it was. The steps of a synthetic city go with it.
CREATE FUNCTION "party"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND starts_with(OLD.object_id, 'syn-') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Steps are added, and never changed.' USING ERRCODE = 'restrict_violation';
END $$;

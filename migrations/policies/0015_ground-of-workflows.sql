CREATE TABLE "policies"."due_notices" (
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"due_on" date NOT NULL,
	"notice" text NOT NULL,
	CONSTRAINT "due_notices_type_object_id_due_on_notice_pk" PRIMARY KEY("type","object_id","due_on","notice")
);
--> statement-breakpoint
CREATE TABLE "policies"."sweeps" (
	"name" text PRIMARY KEY NOT NULL,
	"taken_until" timestamp with time zone NOT NULL,
	"deleted_transaction" "xid8",
	"deleted_seq" bigint
);
--> statement-breakpoint
CREATE INDEX "changes_type" ON "policies"."changes" USING btree ("type","transaction","seq");--> statement-breakpoint
-- Wakes those who wait for changes. It carries no data: who is woken reads the outbox.
CREATE FUNCTION "policies"."tell_of_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('policies_changes', '');
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "changes_told" AFTER INSERT ON "policies"."changes"
  FOR EACH STATEMENT EXECUTE FUNCTION "policies"."tell_of_changes"();

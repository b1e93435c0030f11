-- Every gateway listens on the channel "hub", and is told which row is not what it was: "api_keys wk3..."
CREATE FUNCTION "hub"."announce_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('hub', TG_TABLE_NAME || ' ' || coalesce(NEW.id, OLD.id));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "api_keys_changed" AFTER INSERT OR UPDATE OR DELETE ON "hub"."api_keys"
  FOR EACH ROW EXECUTE FUNCTION "hub"."announce_change"();
--> statement-breakpoint
CREATE TRIGGER "agreements_changed" AFTER INSERT OR UPDATE OR DELETE ON "hub"."agreements"
  FOR EACH ROW EXECUTE FUNCTION "hub"."announce_change"();
--> statement-breakpoint
CREATE FUNCTION "hub"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are added, never changed or deleted.', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_events_stay" BEFORE UPDATE OR DELETE OR TRUNCATE ON "hub"."agreement_events"
  FOR EACH STATEMENT EXECUTE FUNCTION "hub"."refuse_change"();

-- Whoever may connect to the database can listen: what is announced is the table, and no row of it.
CREATE OR REPLACE FUNCTION "hub"."announce_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('hub', TG_TABLE_NAME);
  RETURN NULL;
END $$;

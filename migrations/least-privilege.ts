import type postgres from 'postgres';
import type { DatabaseName } from './database-names.ts';
import { roleOf } from './roles.ts';

/**
 * Revokes what Postgres grants to every role by default and agencies in one database must not do to each other: connect, create temporary
 * tables, use `public`, block each other by advisory locks, store large objects. Only open grants are revoked, so a start with everything
 * revoked writes nothing. LISTEN and NOTIFY have no privilege that could be revoked.
 */
const closeToPublic = `
  DO $$
  DECLARE
    open record;
  BEGIN
    IF has_database_privilege('public', current_database(), 'CONNECT, TEMP') THEN
      EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF has_schema_privilege('public', 'public', 'USAGE, CREATE') THEN
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
    END IF;
    FOR open IN
      SELECT oid::regprocedure AS name FROM pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(pg_(try_)?advisory_|lo_|loread$|lowrite$)'
        AND has_function_privilege('public', oid, 'EXECUTE')
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', open.name);
    END LOOP;
  END $$`;

/** Lists the grants that remain because the administrator lacks a privilege: a managed Postgres keeps some. */
const stillOpen = `
  SELECT what FROM (VALUES
    ('to connect to the database', has_database_privilege('public', current_database(), 'CONNECT')),
    ('to make temporary tables', has_database_privilege('public', current_database(), 'TEMP')),
    ('to use the schema public', has_schema_privilege('public', 'public', 'USAGE')),
    ('to take advisory locks', has_function_privilege('public', 'pg_advisory_lock(bigint)', 'EXECUTE')),
    ('to make large objects', has_function_privilege('public', 'lo_create(oid)', 'EXECUTE'))
  ) AS rights (what, is_open) WHERE is_open`;

/**
 * Gives each role its own schema only, and other roles nothing. Needs an administrator who owns the database; calls `warn` with the grants
 * that it could not revoke.
 */
export async function leaveLeastPrivilege(
  sql: postgres.Sql,
  members: readonly DatabaseName[],
  warn: (line: string) => void,
): Promise<void> {
  const [row] = await sql<{ name: string }[]>`select current_database() as name`;
  const database = sql(row?.name ?? '');
  // Grants come first, so that running subgraphs can connect at every moment.
  for (const name of members) {
    const role = roleOf(name);
    const [may] = await sql`select has_database_privilege(${role}, current_database(), 'CONNECT')
      and not has_database_privilege('public', current_database(), 'CONNECT') as connect`;
    if (!may?.connect) await sql`grant connect on database ${database} to ${sql(role)}`.catch(ignoreRefusal);
  }
  await sql.unsafe(closeToPublic).catch(ignoreRefusal);
  const open = await sql.unsafe<{ what: string }[]>(stillOpen);
  if (open.length === 0) return;
  warn(
    `Every role of the database server may still do this in the database ${row?.name}, because its administrator ` +
      `may not revoke it: ${open.map(({ what }) => what).join(', ')}.`,
  );
}

/** Ignores "insufficient privilege"; the remaining grants are reported. */
function ignoreRefusal(error: unknown): void {
  if ((error as { code?: unknown }).code !== '42501') throw error;
}

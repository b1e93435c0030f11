import type postgres from 'postgres';

/**
 * Runs work on tables without their indexes and foreign keys, and recreates and checks these afterwards. For millions of rows this takes a
 * fraction of the time of updating them row by row. Primary keys stay. Must run in a transaction, so that a failure changes nothing and
 * nobody else sees the tables until the end.
 */
export async function withoutIndexes(
  sql: postgres.ISql,
  tables: readonly string[],
  tell: (doing: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const keys = await sql<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text as "table", conname as "name", pg_get_constraintdef(oid) as "definition"
    from pg_constraint
    where contype = 'f' and conrelid = any(${tables}::text[]::regclass[])
    order by 1, 2`;
  const indexes = await sql<{ table: string; name: string; definition: string }[]>`
    select indrelid::regclass::text as "table", indexrelid::regclass::text as "name",
      pg_get_indexdef(indexrelid) as "definition"
    from pg_index
    where indrelid = any(${tables}::text[]::regclass[])
      and not exists (select from pg_constraint where conindid = indexrelid)
    order by 1, 2`;
  for (const { table, name } of keys) await sql.unsafe(`alter table ${table} drop constraint "${name}"`);
  if (indexes.length > 0) await sql.unsafe(`drop index ${indexes.map(({ name }) => name).join(', ')}`);
  await work();
  await sql`set local maintenance_work_mem = '256MB'`;
  for (const { name, definition } of indexes) {
    tell(`making the index ${name}`);
    await sql.unsafe(definition);
  }
  for (const { table, name, definition } of keys) {
    tell(`checking ${name}`);
    await sql.unsafe(`alter table ${table} add constraint "${name}" ${definition}`);
  }
}

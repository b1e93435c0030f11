import postgres from 'postgres';

/** Keeps a copy of all rows of a database in the database itself. Returns a function that restores them. */
export async function keepRows(adminUrl: string): Promise<() => Promise<void>> {
  const using = async (work: (sql: postgres.TransactionSql) => Promise<void>) => {
    const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
    try {
      await sql.begin(work);
    } finally {
      await sql.end();
    }
  };
  let names: readonly { readonly table: string; readonly copy: string; readonly columns: string }[] = [];
  await using(async (sql) => {
    // Postgres computes generated columns itself.
    names = await sql<{ table: string; copy: string; columns: string }[]>`
      select format('%I.%I', table_schema, table_name) as table, format('kept_rows.%I', table_schema || '_' || table_name) as copy,
        (select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns as of_table
          where of_table.table_schema = tables.table_schema and of_table.table_name = tables.table_name
            and is_generated = 'NEVER') as columns
      from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema in ('enterprises', 'events', 'parks', 'party', 'policies')`;
    await sql.unsafe('create schema kept_rows');
    for (const { table, copy } of names) await sql.unsafe(`create table ${copy} as table ${table}`);
  });
  return () =>
    using(async (sql) => {
      await sql.unsafe("set local session_replication_role = 'replica'");
      await sql.unsafe(`truncate ${names.map(({ table }) => table).join(', ')}`);
      for (const { table, copy, columns } of names)
        await sql.unsafe(`insert into ${table} (${columns}) select ${columns} from ${copy}`);
    });
}

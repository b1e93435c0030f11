import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { List } from './list.ts';

/** The columns behind the fields asked for, and always the id: as SQL, and by name. */
export function columnsFor(
  list: Pick<List, 'table' | 'id' | 'columns'>,
  fields: ReadonlySet<string>,
): { sql: SQL; names: string } {
  const own = getTableColumns(list.table) as Record<string, PgColumn>;
  const wanted = new Set<PgColumn>([list.id]);
  for (const field of fields) {
    const column = own[field];
    for (const each of list.columns[field] ?? (column ? [column] : [])) wanted.add(each);
  }
  const named = Object.entries(own).filter(([, column]) => wanted.has(column));
  return {
    sql: sql.join(
      named.map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
      sql`, `,
    ),
    names: named.map(([name]) => name).join(','),
  };
}

import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { List } from './list.ts';

type Selectable = Pick<List, 'table' | 'id' | 'columns'>;

export interface Columns {
  readonly sql: SQL;
  /** Unique name of the selection. */
  readonly names: string;
  /** Name of the id, if only the id is requested. */
  readonly onlyId: string | undefined;
}

/** Kept for each list and set of fields. The sets are kept with their documents. */
const known = new WeakMap<Selectable, WeakMap<ReadonlySet<string>, Columns>>();

/** Returns the columns for the requested fields, and always the id, as SQL and by name. */
export function columnsFor(list: Selectable, fields: ReadonlySet<string>): Columns {
  const ofList = known.get(list) ?? new WeakMap<ReadonlySet<string>, Columns>();
  known.set(list, ofList);
  let columns = ofList.get(fields);
  if (!columns) {
    columns = findColumns(list, fields);
    ofList.set(fields, columns);
  }
  return columns;
}

function findColumns(list: Selectable, fields: ReadonlySet<string>): Columns {
  const own = getTableColumns(list.table) as Record<string, PgColumn>;
  const wanted = new Set<PgColumn>([list.id]);
  for (const field of fields) {
    const column = own[field];
    for (const each of list.columns[field] ?? (column ? [column] : [])) wanted.add(each);
  }
  const named = Object.entries(own).filter(([, column]) => wanted.has(column));
  const names = named.map(([name]) => name).join(',');
  return { sql: selecting(named), names, onlyId: wanted.size === 1 ? names : undefined };
}

/** Selects every column of a table. */
export const allColumns = (table: PgTable): SQL => selecting(Object.entries(getTableColumns(table)));

const selecting = (named: readonly [string, PgColumn][]): SQL =>
  sql.join(
    named.map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
    sql`, `,
  );

/** Returns the name under which rows of a list hold their id: `code` for regions. */
export function idNameOf({ table, id }: Pick<List, 'table' | 'id'>): string {
  const found = Object.entries(getTableColumns(table)).find(([, column]) => column === id);
  return found?.[0] ?? 'id';
}

import { getTableColumns, getTableName, type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { columnsFor } from './columns.ts';
import type { Context } from './context.ts';
import { fieldsAsked } from './fields-asked.ts';
import { groupedByKey, inKeyOrder } from './in-key-order.ts';
import type { List } from './list.ts';

/** `column = any(keys)`, the keys as one array parameter, so that a batch of any size is one prepared statement. */
const isAnyOf = (column: PgColumn, keys: readonly string[]): SQL =>
  sql`${column} = any(${sql.param(keys)}::text[])`;

/**
 * The row with this key (the id, unless another unique column is given), with only
 * the columns that are asked for; `null` where there is none.
 */
export function oneByKey<Row>(
  context: Context,
  list: Pick<List, 'type' | 'table' | 'id' | 'columns'>,
  info: GraphQLResolveInfo,
  key: string,
  by: PgColumn = list.id,
): Promise<Row | null> {
  const columns = columnsFor(list, fieldsAsked(info, list.type));
  return context
    .batch<string, Row | null>(`${list.type} by ${by.name}: ${columns.names}`, async (keys) => {
      const rows = await context.db.execute(
        sql`select ${by} as "key", ${columns.sql} from ${list.table} where ${isAnyOf(by, keys)}`,
      );
      return inKeyOrder(keys, rows as unknown as (Row & { key: string })[], (row) => row.key);
    })
    .load(key);
}

/**
 * The entity that a key points to. Where nothing but the key is asked of it, the
 * pointer is the answer: whether the entity exists is its owner's to say.
 */
export function referenceByKey<Row>(
  context: Context,
  list: Pick<List, 'type' | 'table' | 'id' | 'columns'>,
  info: GraphQLResolveInfo,
  key: string,
): Promise<Row | null> | Row {
  const property = propertyOf(list.table, list.id);
  return columnsFor(list, fieldsAsked(info, list.type)).names === property
    ? ({ [property]: key } as Row)
    : oneByKey<Row>(context, list, info, key);
}

/** All rows of a table that belong to this key, in order: the stages of a project, the hosts of an event. */
export function manyByKey<Table extends PgTable>(
  context: Context,
  table: Table,
  by: PgColumn,
  key: string,
  ...orderBy: PgColumn[]
): Promise<InferSelectModel<Table>[]> {
  return context
    .batch<string, InferSelectModel<Table>[]>(`${getTableName(table)} by ${by.name}`, async (keys) => {
      const rows = await context.db
        .select()
        .from(table as PgTable)
        .where(isAnyOf(by, keys))
        .orderBy(...orderBy);
      const property = propertyOf(table, by);
      return groupedByKey(
        keys,
        rows as InferSelectModel<Table>[],
        (row) => (row as Record<string, unknown>)[property] as string,
      );
    })
    .load(key);
}

function propertyOf(table: PgTable, column: PgColumn): string {
  const found = Object.entries(getTableColumns(table)).find(([, own]) => own.name === column.name);
  if (!found) throw new Error(`${column.name} is not a column of ${getTableName(table)}.`);
  return found[0];
}

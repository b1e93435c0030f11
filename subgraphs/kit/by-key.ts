import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { allColumns, type Columns, columnsFor } from './columns.ts';
import type { Context } from './context.ts';
import { fieldsAsked } from './fields-asked.ts';
import { groupedByKey, inKeyOrder } from './in-key-order.ts';
import type { List } from './list.ts';
import { type Statement, statement } from './statement.ts';

type Source = Pick<List, 'type' | 'table' | 'id' | 'columns'>;
export type Keyed = { key: string };

/**
 * The row with this key (the id, unless another unique column is given), with only
 * the columns that are asked for; `null` where there is none.
 */
export function oneByKey<Row>(
  context: Context,
  list: Source,
  info: GraphQLResolveInfo,
  key: string,
  by: PgColumn = list.id,
): Promise<Row | null> {
  const columns = columnsFor(list, fieldsAsked(info, list.type));
  const byKey = kept(columns, by, () => selectBy<Row & Keyed>(list.table, columns.sql, by));
  return context
    .batch<string, Row | null>(byKey.text, async (keys) =>
      inKeyOrder(keys, await byKey.rows(context.db, keys), (row) => row.key),
    )
    .load(key);
}

/**
 * The entity that a key points to. Where nothing but the key is asked of it, the
 * pointer is the answer: whether the entity exists is its owner's to say.
 */
export function referenceByKey<Row>(
  context: Context,
  list: Source,
  info: GraphQLResolveInfo,
  key: string,
): Promise<Row | null> | Row {
  const { onlyId } = columnsFor(list, fieldsAsked(info, list.type));
  return onlyId ? ({ [onlyId]: key } as Row) : oneByKey<Row>(context, list, info, key);
}

/** All rows of a table that belong to this key, in order: the stages of a project, the hosts of an event. */
export function manyByKey<Table extends PgTable>(
  context: Context,
  table: Table,
  by: PgColumn,
  key: string,
  ...orderBy: PgColumn[]
): Promise<InferSelectModel<Table>[]> {
  type Row = InferSelectModel<Table>;
  const byKey = kept(table, by, () => selectBy<Row & Keyed>(table, allColumns(table), by, orderBy));
  return rowsByKey<Row>(context, byKey, key);
}

/** The rows that a statement finds for this key, which it says of each. */
export const rowsByKey = <Row>(
  context: Context,
  byKey: Statement<Row & Keyed>,
  key: string,
): Promise<Row[]> =>
  context
    .batch<string, Row[]>(byKey.text, async (keys) =>
      groupedByKey(keys, await byKey.rows(context.db, keys), (row) => row.key),
    )
    .load(key);

const selectBy = <Row>(table: PgTable, columns: SQL, by: PgColumn, orderBy: PgColumn[] = []) =>
  statement<Row>((keys) => {
    const order = orderBy.length > 0 ? sql` order by ${sql.join(orderBy, sql`, `)}` : sql``;
    return sql`select ${by} as "key", ${columns} from ${table} where ${by} = any(${keys})${order}`;
  });

const statements = new WeakMap<Columns | PgTable, Map<PgColumn, Statement<unknown>>>();

/** The statement that finds these columns, or the rows of this table, by a column; made once. */
export function kept<Row>(of: Columns | PgTable, by: PgColumn, make: () => Statement<Row>): Statement<Row> {
  const known = statements.get(of) ?? new Map<PgColumn, Statement<unknown>>();
  statements.set(of, known);
  const found = (known.get(by) as Statement<Row> | undefined) ?? make();
  known.set(by, found);
  return found;
}

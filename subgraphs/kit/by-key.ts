import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { allColumns, type Columns, columnsFor } from './columns.ts';
import type { Context, Load } from './context.ts';
import { fieldsAsked } from './fields-asked.ts';
import { groupedByKey, inKeyOrder } from './in-key-order.ts';
import type { List } from './list.ts';
import { hiding } from './row-filters.ts';
import { type Statement, statement } from './statement.ts';

type Source<Table extends PgTable = PgTable> = Pick<
  List<Table>,
  'type' | 'table' | 'id' | 'columns' | 'filter' | 'holds'
>;
export type Keyed = { key: string };

/** Returns the row with this key (the id, or another unique column), with only the requested columns; `null` if there is none. */
export function oneByKey<Table extends PgTable>(
  context: Context,
  list: Source<Table>,
  info: GraphQLResolveInfo,
  key: string,
  by: PgColumn = list.id,
): Promise<InferSelectModel<Table> | null> {
  type Row = InferSelectModel<Table>;
  const columns = columnsFor(list, fieldsAsked(info, list.type));
  const hides = hiding(context, list, info);
  if (hides) {
    const { name, load } = oneShown<Row>(list, columns, by, hides.where);
    return context
      .batch(name, load)
      .load(key)
      .then((row) => row ?? (hides.instead as null));
  }
  const { name, load } =
    known<Row | null>(columns, by) ??
    keep(columns, by, one(selectBy<Row & Keyed>(list.table, columns.sql, by)));
  return context.batch(name, load).load(key);
}

/** Statements that find the rows that the caller may see, kept as long as their condition. */
const shown = new WeakMap<SQL, Map<string, ByKey<unknown>>>();

function oneShown<Row>({ table }: Source, columns: Columns, by: PgColumn, where: SQL): ByKey<Row | null> {
  const others = shown.get(where) ?? new Map<string, ByKey<unknown>>();
  shown.set(where, others);
  const name = `${by.name} ${columns.names}`;
  const found =
    (others.get(name) as ByKey<Row | null> | undefined) ??
    one(selectBy<Row & Keyed>(table, columns.sql, by, [], where));
  others.set(name, found as ByKey<unknown>);
  return found;
}

/**
 * Returns the entity with a key. If only the key is requested, the reference itself is the answer: only the owner knows whether the entity
 * exists.
 */
export function referenceByKey<Table extends PgTable>(
  context: Context,
  list: Source<Table>,
  info: GraphQLResolveInfo,
  key: string,
): Promise<InferSelectModel<Table> | null> | InferSelectModel<Table> {
  const { onlyId } = columnsFor(list, fieldsAsked(info, list.type));
  return onlyId ? ({ [onlyId]: key } as InferSelectModel<Table>) : oneByKey(context, list, info, key);
}

/** Returns all rows of a table that belong to this key, in order, such as the stages of a project or the hosts of an event. */
export function manyByKey<Table extends PgTable>(
  context: Context,
  table: Table,
  by: PgColumn,
  key: string,
  ...orderBy: PgColumn[]
): Promise<InferSelectModel<Table>[]> {
  type Row = InferSelectModel<Table>;
  const { name, load } =
    known<Row[]>(table, by) ??
    keep(table, by, many(selectBy<Row & Keyed>(table, allColumns(table), by, orderBy)));
  return context.batch(name, load).load(key);
}

/** How a batch finds values for its keys; its name is the text of its statement. */
export interface ByKey<Value> {
  readonly name: string;
  readonly load: Load<string, Value>;
}

const one = <Row extends Keyed>({ text, rows }: Statement<Row>): ByKey<Row | null> => ({
  name: text,
  load: async (keys, db) => inKeyOrder(keys, await rows(db, keys), (row) => row.key),
});

/** Groups the rows of a statement under the key that each row holds. */
export const many = <Row extends Keyed>({ text, rows }: Statement<Row>): ByKey<Row[]> => ({
  name: text,
  load: async (keys, db) => groupedByKey(keys, await rows(db, keys), (row) => row.key),
});

const selectBy = <Row>(table: PgTable, columns: SQL, by: PgColumn, orderBy: PgColumn[] = [], where?: SQL) =>
  statement<Row>((keys) => {
    const order = orderBy.length > 0 ? sql` order by ${sql.join(orderBy, sql`, `)}` : sql``;
    return sql`select ${by} as "key", ${columns} from ${table} where ${by} = any(${keys})${where ? sql` and (${where})` : sql``}${order}`;
  });

/** Statements that find these columns, or rows of this table, by a column. */
const made = new WeakMap<Columns | PgTable, Map<PgColumn, ByKey<unknown>>>();

export const known = <Value>(of: Columns | PgTable, by: PgColumn) =>
  made.get(of)?.get(by) as ByKey<Value> | undefined;

export function keep<Value>(of: Columns | PgTable, by: PgColumn, byKey: ByKey<Value>): ByKey<Value> {
  const others = made.get(of) ?? new Map<PgColumn, ByKey<unknown>>();
  made.set(of, others.set(by, byKey as ByKey<unknown>));
  return byKey;
}

import { badInput } from '@wenshu/schema/errors.ts';
import { Column, or, type SQL, sql } from 'drizzle-orm';
import type { List } from './list.ts';
import { type RelatedOrder, relatedKey, sqlTypeOf } from './related-order.ts';
import type { SortKey } from './sort-key.ts';

/** An order by a field of the list, or by values of a related row that the gateway brings. */
export interface OrderInput {
  field?: string | null;
  direction: 'ASC' | 'DESC';
  _related?: RelatedOrder | null;
}

/** Returns the keys of the requested order; the last one is always the unique id. */
export function sortKeys(list: List, orderBy: readonly OrderInput[] | null | undefined): SortKey[] {
  const orders = orderBy ?? [];
  const keys = orders.map((order, i) => sortKey(list, order, `orderBy.${i}`, i));
  if (!orders.some(({ field }) => field && list.orderBy[field] === list.id)) {
    keys.push({
      expression: sql`${list.id}`,
      type: list.id.getSQLType(),
      notNull: true,
      descending: keys.at(-1)?.descending ?? false,
    });
  }
  return keys;
}

function sortKey(list: List, { field, direction, _related }: OrderInput, path: string, i: number): SortKey {
  const descending = direction === 'DESC';
  if (_related) return relatedKey(list, _related, descending, `related${i}`);
  if (!field) throw badInput(path, `${path} must give a field to order by.`, `${path} 须给出排序字段。`);
  const order = list.orderBy[field];
  if (!order) throw new Error(`No order is defined for ${field}.`);
  const own = order instanceof Column ? { expression: sql`${order}`, column: order } : order;
  const { expression, column, type = column.getSQLType() } = own;
  return { expression, type, notNull: column.notNull, descending };
}

/** Returns a list with the values of its sort keys, for the rows that meet a condition, as SQL before `select` and after `from`. */
export const sourceOf = (
  list: List,
  keys: readonly SortKey[],
  where: SQL | undefined,
): { with: SQL; from: SQL } => {
  const sources = keys.flatMap(({ source }) => source ?? []);
  const ids = where && sql`select ${list.id} from ${list.table} where ${where}`;
  const before = sql.join(
    sources.map((source) => source.with(ids)),
    sql`, `,
  );
  return {
    with: sources.length > 0 ? sql`with ${before} ` : sql``,
    from: sql.join([sql`${list.table}`, ...sources.map((source) => source.join)], sql` `),
  };
};

/** Returns `order by` of the keys, nulls last; reversed for a page that is read from its end. */
export const orderSql = (keys: readonly SortKey[], backward: boolean): SQL =>
  sql.join(
    keys.map(({ expression, notNull, descending }) => {
      const direction = descending !== backward ? sql` desc` : sql` asc`;
      if (notNull) return sql`${expression}${direction}`;
      return sql`${expression}${direction}${backward ? sql` nulls first` : sql` nulls last`}`;
    }),
    sql`, `,
  );

/**
 * Returns the conditions for the rows after a position in this order (before it, if `backward`), as disjoint ranges with a bound that an
 * index of the first key serves. Nulls come last: if that key may be null, they are a separate range.
 */
function rangesBeyond(
  keys: readonly SortKey[],
  position: readonly (string | null)[],
  backward: boolean,
): SQL[] {
  const [key, ...rest] = keys;
  if (!key) return [];
  const { expression, source, notNull } = key;
  const [at = null, ...restAt] = position;
  const sameAndBeyond = or(...rangesBeyond(rest, restAt, backward)) ?? sql`false`;
  const ranges =
    at === null
      ? [sql`(${expression} is null and ${sameAndBeyond})`, backward && sql`${expression} is not null`]
      : [
          rangeFrom(keys, position, backward, sameAndBeyond),
          !backward && !notNull && sql`${expression} is null`,
        ];
  const inOrder = ranges.filter((range) => range !== false);
  // Values from the gateway have no index: reading them in ranges would read them twice.
  return source ? [sql`${or(...inOrder)}`] : inOrder;
}

/** Returns the condition for rows after the position whose first key is not null; nor is the position's. */
function rangeFrom(
  keys: readonly SortKey[],
  position: readonly (string | null)[],
  backward: boolean,
  sameAndBeyond: SQL,
): SQL {
  const [first, ...rest] = keys as [SortKey, ...SortKey[]];
  const values = keys.map(({ type }, i) => sql`${position[i]}::${sqlTypeOf(type)}`);
  const beyond = sql.raw(first.descending !== backward ? '<' : '>');
  if (rest.every(({ notNull, descending }) => notNull && descending === first.descending)) {
    const columns = keys.map(({ expression }) => expression);
    return sql`(${sql.join(columns, sql`, `)}) ${beyond} (${sql.join(values, sql`, `)})`;
  }
  // The first comparison is redundant, but an index can serve it; it cannot serve the alternatives.
  return sql`(${first.expression} ${beyond}= ${values[0]} and (${first.expression} ${beyond} ${values[0]} or ${sameAndBeyond}))`;
}

/** Returns the ranges after a cursor of this order; none without a cursor. Refuses a malformed cursor. */
export const rangesFrom = (
  cursor: string | null | undefined,
  orderBy: readonly OrderInput[] | null | undefined,
  keys: readonly SortKey[],
  backward: boolean,
): SQL[] =>
  cursor
    ? rangesBeyond(keys, positionOf(cursor, orderBy, keys.length, backward ? 'before' : 'after'), backward)
    : [];

const signature = (orderBy: readonly OrderInput[] | null | undefined) =>
  (orderBy ?? [])
    .map(({ field, direction, _related }) => `${_related?.name ?? field}${direction === 'DESC' ? '-' : '+'}`)
    .join('');

/** Returns an opaque position in an order: the values of its keys, and the name of the order. */
export const cursorOf = (
  orderBy: readonly OrderInput[] | null | undefined,
  values: readonly (string | null)[],
): string => Buffer.from(JSON.stringify([signature(orderBy), ...values])).toString('base64url');

/** Returns the values of a cursor. Refuses a cursor that is malformed or belongs to another order. */
export function positionOf(
  cursor: string,
  orderBy: readonly OrderInput[] | null | undefined,
  keys: number,
  argument: string,
): (string | null)[] {
  const [order, ...values] = parsed(cursor, argument);
  if (order !== signature(orderBy)) {
    throw badInput(
      argument,
      `The cursor in "${argument}" belongs to a list in another order. Ask for the first page again.`,
      `“${argument}”中的游标属于另一种排序的列表。请重新查询第一页。`,
    );
  }
  if (values.length !== keys) throw malformed(argument);
  return values;
}

function parsed(cursor: string, argument: string): (string | null)[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw malformed(argument);
  }
  const isPosition = Array.isArray(value) && value.every((part) => part === null || typeof part === 'string');
  if (!isPosition) throw malformed(argument);
  return value as (string | null)[];
}

const malformed = (argument: string) =>
  badInput(
    argument,
    `"${argument}" is not a cursor of this list. Use a cursor from pageInfo or edges.`,
    `“${argument}”不是该列表的游标。请使用 pageInfo 或 edges 中的游标。`,
  );

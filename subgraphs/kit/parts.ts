import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { manyByKey } from './by-key.ts';
import type { Context } from './context.ts';
import { columnCondition, whereOf } from './filter.ts';
import type { Condition, List } from './list.ts';
import { nullIfNone } from './null-if-none.ts';
import type { honoursTable, subjectsTable } from './tables.ts';

type Input = Readonly<Record<string, unknown>>;

/** A condition on the parts of a row, in the words of a condition on several related rows. */
interface PartsInput {
  readonly some?: Input | null;
  readonly none?: Input | null;
  readonly every?: Input | null;
  readonly exists?: boolean | null;
}

/**
 * Returns a condition on rows of another table that belong to the list's row, such as its honours. One and the same part must meet all
 * conditions of `some`, as for an honour of this year and this level.
 */
export const havingParts =
  (rowId: AnyPgColumn, owner: AnyPgColumn, filter: List['filter']): Condition =>
  ({ some, none, every, exists }: PartsInput, path) => {
    const meets = (input: Input, name: string) =>
      whereOf({ id: owner as List['id'], filter }, input, `${path}.${name}`);
    const has = (condition?: SQL) =>
      sql`exists (select 1 from ${owner.table} where ${and(eq(owner, rowId), condition)})`;
    return (
      and(
        some ? has(meets(some, 'some')) : undefined,
        none ? sql`not ${has(meets(none, 'none'))}` : undefined,
        // A part for which the condition is unknown does not meet it.
        every ? sql`not ${has(sql`(${meets(every, 'every') ?? sql`true`}) is not true`)}` : undefined,
        exists === true ? has() : undefined,
        exists === false ? sql`not ${has()}` : undefined,
      ) ?? sql`true`
    );
  };

/** Returns a condition on the honours of the list's rows. */
export const havingHonours = (rowId: AnyPgColumn, { ownerId, titleZh, year, level }: Honours): Condition =>
  havingParts(rowId, ownerId, { titleZh, year, level });

/** Returns the resolver of the honours of a row; null if no source states any. */
export const honoursIn = (table: Honours) => async (row: Row, _args: unknown, context: Context) =>
  nullIfNone(await manyByKey(context, table, table.ownerId, row.id, table.seq));

/** Returns the resolver of the subjects that a row names, in one role or in any; null if no source names one. */
export const subjectsIn =
  (table: Subjects) =>
  async (row: Row, { role }: { readonly role?: string | null }, context: Context) => {
    const all = await manyByKey(context, table, table.ownerId, row.id, table.seq);
    return nullIfNone(role ? all.filter((each) => each.role === role) : all);
  };

/** Returns the condition that the subject in the columns of a part is of this type, and has an id that meets the caller's condition. */
export const idOf =
  (target: AnyPgColumn, type: AnyPgColumn, typeName: string): Condition =>
  (input: Input, path) =>
    and(eq(type, typeName), columnCondition(target, input, path)) ?? sql`true`;

/**
 * Returns the fields `role` and `roles` of an edge: the roles in the rows of a table that meet the condition, the asked one first, then
 * in this order.
 */
export function rolesOf(
  role: AnyPgColumn,
  orderBy: AnyPgColumn,
  asked: string | null | undefined,
  ...conditions: SQL[]
): SQL {
  const first = asked ? sql`${role} <> ${asked}, ` : sql``;
  const roles = sql`array_agg(${role} order by ${first}${orderBy})`;
  return sql`select jsonb_build_object('role', (${roles})[1], 'roles', ${roles}) from ${role.table} where ${and(...conditions)}`;
}

type Row = { readonly id: string };
type Honours = ReturnType<typeof honoursTable>;
type Subjects = ReturnType<typeof subjectsTable>;

import { type SQL, sql } from 'drizzle-orm';
import {
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNullableType,
  isListType,
  isNonNullType,
  parseValue,
  valueFromASTUntyped,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { idNameOf } from './columns.ts';
import type { Context, ShownOf } from './context.ts';
import { hidden } from './execution/hidden.ts';
import { whereOf } from './filter.ts';
import type { List } from './list.ts';
import { type Statement, statement } from './statement.ts';
import { today } from './today.ts';

type Filtered = Pick<List, 'filter' | 'id' | 'holds'>;

const filtersKept = 200;
const known = new WeakMap<Filtered, LRUCache<string, { readonly where: SQL | undefined }>>();

/** Statement for the visible rows of a list, and the value for a hidden row. */
export interface Hiding {
  readonly where: SQL;
  readonly instead: null | typeof hidden;
}

/** Returns undefined if all rows of this list are visible, or if the list cannot tell them apart; then the gateway filters. */
export function hiding(
  { rowFilters }: Pick<Context, 'rowFilters'>,
  list: Filtered & Pick<List, 'type'>,
  { returnType }: Pick<GraphQLResolveInfo, 'returnType'>,
): Hiding | undefined {
  const text = rowFilters?.[list.type];
  const instead = text === undefined ? undefined : insteadOf(returnType);
  const where = text === undefined || instead === undefined ? undefined : conditionOf(list, text);
  return where && instead !== undefined ? { where, instead } : undefined;
}

/** Returns the value for a hidden object; undefined if that would be a fault. */
function insteadOf(type: GraphQLOutputType): Hiding['instead'] | undefined {
  if (!isNonNullType(type) && !isListType(type)) return null;
  const value = getNullableType(type);
  if (!isListType(value)) return undefined;
  return isNonNullType(value.ofType) ? hidden : insteadOf(value.ofType);
}

/** Returns the condition for the visible rows of a list; undefined if all are visible, or if this subgraph cannot tell. */
export function shownOnly(
  { rowFilters }: Pick<Context, 'rowFilters'>,
  list: Filtered & Pick<List, 'type'>,
): SQL | undefined {
  const text = rowFilters?.[list.type];
  return text === undefined ? undefined : conditionOf(list, text);
}

/** Returns the ids of the visible rows. */
export function foundIds(context: Pick<Context, 'rowFilters'>, list: List | undefined): SQL | undefined {
  const where = list && shownOnly(context, list);
  return list && where && sql`select ${list.id} from ${list.table} where ${where}`;
}

/** Returns the ids of the visible rows of a list that promises to leave out all others; undefined for all. Throws if it cannot tell. */
export function shownIds(context: Pick<Context, 'rowFilters'>, list: List): SQL | undefined {
  const ids = foundIds(context, list);
  if (!ids && context.rowFilters?.[list.type] !== undefined)
    throw new Error(`The list of ${list.type} cannot tell which rows are visible.`);
  return ids;
}

function conditionOf(list: Filtered, text: string): SQL | undefined {
  const ofList = known.get(list) ?? new LRUCache({ max: filtersKept });
  known.set(list, ofList);
  // Some conditions mean another thing on the next day.
  const key = `${today()} ${text}`;
  const kept = ofList.get(key) ?? { where: conditionIn(list, valueFromASTUntyped(parseValue(text))) };
  ofList.set(key, kept);
  return kept.where;
}

/** Returns undefined if the list has no such condition. */
function conditionIn(list: Filtered, filter: unknown): SQL | undefined {
  try {
    return whereOf(list, filter as Parameters<typeof whereOf>[1]);
  } catch {
    return undefined;
  }
}

/** Creates the test for fields that are shown for some rows only, by the lists of a subgraph. */
export function createShownOf(lists: Iterable<List>): ShownOf {
  const byType = new Map([...lists].map((list) => [list.type, { list, key: idNameOf(list) }]));
  return (context, coordinate) => {
    const text = context.rowFilters?.[coordinate];
    if (text === undefined) return undefined;
    const tested = byType.get(coordinate.slice(0, coordinate.indexOf('.')));
    const where = tested && conditionOf(tested.list, text);
    if (!tested || !where) return undefined;
    const { list, key } = tested;
    const { text: name, rows } = shownAmong(list, where);
    const batch = context.batch<string, boolean>(`shown ${coordinate} ${name}`, async (keys, db) => {
      const shown = new Set((await rows(db, keys)).map(({ key }) => key));
      return keys.map((key) => shown.has(key));
    });
    return (row) => batch.load(String(row[key]));
  };
}

/** Statements by condition. A condition is kept and belongs to one list. */
const shownAmongBy = new WeakMap<SQL, Statement<{ readonly key: string }>>();

function shownAmong({ table, id }: List, where: SQL): Statement<{ readonly key: string }> {
  const kept =
    shownAmongBy.get(where) ??
    statement((keys) => sql`select ${id} as "key" from ${table} where ${id} = any(${keys}) and ${where}`);
  shownAmongBy.set(where, kept);
  return kept;
}

import { constantCase } from '@wenshu/schema/aggregates.ts';
import { denyIds } from '../governance/denials.ts';
import type { Json } from '../lib/json.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import type { KeptList, Related } from '../supergraph/relations.ts';
import { misused, tooDeep, tooMany } from './failures.ts';
import { namesHidden } from './hidden-names.ts';
import type { KeyCalls, KeyValues, Wanted } from './key-calls.ts';
import { keysBesides } from './resolve-filter.ts';
import type { Resolving } from './resolving.ts';

/** Use of related values: to order by, or to group by. */
export type Use = {
  readonly purpose: 'order' | 'group';
  /** Returns the input type of a list that names the value. */
  readonly inputOf: (list: KeptList) => string;
  readonly find: (
    calls: KeyCalls,
    list: KeptList,
    by: Json,
    wanted: Wanted,
  ) => Promise<KeyValues | undefined>;
};
export const toOrder: Use = {
  purpose: 'order',
  inputOf: ({ order }) => order,
  find: (calls, list, order, wanted) => calls.values(list, { order, ...wanted }),
};
export const toGroup: Use = {
  purpose: 'group',
  inputOf: ({ groupBy }) => groupBy,
  find: (calls, list, by, wanted) => calls.groups(list, { by, ...wanted }),
};

/** A value that a subgraph can order or group by: its own field, or values that the gateway sends. */
type ResolvedOrder = {
  /** Distinguishes it from other orders in cursors. */
  readonly name: string;
  readonly direction: unknown;
  readonly order: Json;
};

/** Returns the group of rows without a related row, if those have a value too, and which rows have a value at all. */
function valueWithout({ without = {}, among }: Related, dimension: string): Json {
  const [, value] = Object.entries(without).find(([field]) => constantCase(field) === dimension) ?? [];
  return { ...(value !== undefined && { without: value }), ...(among !== undefined && { among }) };
}

/** Resolves the order of a list, each part of which may use related data. Rejects with `ArgumentFailure`. */
export async function resolveOrders(
  orderBy: unknown,
  list: KeptList,
  resolving: Resolving,
  filter: () => Promise<Json>,
): Promise<unknown> {
  if (!Array.isArray(orderBy)) return orderBy;
  const orders = orderBy.map((each: Json, i) =>
    resolveOrder(each, list, resolving, filter, { path: `orderBy.${i}`, depth: 0 }),
  );
  return (await Promise.all(orders)).map(({ order }) => order);
}

/**
 * Resolves an order or group by related data to the values that rows are compared by. When a list has more related rows
 * than can be carried, it requests only those of rows that match its filter. Rejects with `ArgumentFailure`.
 */
export async function resolveOrder(
  order: Json,
  list: KeptList,
  resolving: Resolving,
  filter: () => Promise<Json>,
  { path, depth }: { readonly path: string; readonly depth: number },
  use: Use = toOrder,
): Promise<ResolvedOrder> {
  const { relations, calls, maxDepth } = resolving;
  const { field, direction, ...others } = order;
  const [[name, inner] = [], ...more] = Object.entries(others).filter(([, value]) => value != null);
  if (more.length > 0 || (name !== undefined) === (field != null)) {
    throw misused(path, {
      message: `${path} must give exactly one thing to ${use.purpose} by: a field or a relation.`,
      messageZh: `${path} 须恰好给出一项依据:字段或关联。`,
    });
  }
  if (name === undefined) {
    if (namesHidden(use.inputOf(list), String(field), resolving)) {
      throw ArgumentFailure.from(denyIds(path, String(field)));
    }
    return { name: String(field), direction, order: { field, direction } };
  }

  const related = relations.of(use.inputOf(list), name);
  if (!related) throw new Error(`${use.inputOf(list)}.${name} leads nowhere.`);
  if (direction !== 'ASC') {
    throw misused(`${path}.direction`, {
      message: `${path}.direction belongs beside the field, in ${path}.${name}.`,
      messageZh: `${path}.direction 应与字段写在一处,即 ${path}.${name} 之中。`,
    });
  }
  const here = `${path}.${name}`;
  if (depth >= maxDepth) throw tooDeep(here, maxDepth);
  const { other, link, inverse } = related;
  const place = { path: here, depth: depth + 1 };
  const ofOther = await resolveOrder(inner as Json, other, resolving, async () => ({}), place, use);
  const wanted = inverse ? { link, to: list.rowType } : {};
  const valuesAmong = async () => {
    const among = await keysBesides(related, await filter(), resolving);
    return among && use.find(calls, other, ofOther.order, { ...wanted, among });
  };
  const found = (await use.find(calls, other, ofOther.order, wanted)) ?? (await valuesAmong());
  if (!found) throw tooMany(here, calls.limit);
  const _related = {
    name: `${name}.${ofOther.name}`,
    ...(!inverse && { link, to: other.rowType }),
    ...found,
    ...(use.purpose === 'group' && valueWithout(related, ofOther.name)),
  };
  return {
    name: _related.name,
    direction: ofOther.direction,
    order: { _related, direction: ofOther.direction },
  };
}

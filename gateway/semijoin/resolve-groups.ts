import { isObject, type Json } from '../lib/json.ts';
import type { KeptList } from '../supergraph/relations.ts';
import { resolveOrder, toGroup } from './resolve-order.ts';
import type { Resolving } from './resolving.ts';

type Filter = () => Promise<Json>;

/** Resolves the dimensions of groups, with the values of related data. Rejects with `ArgumentFailure`. */
export async function resolveGroups(
  groupBy: readonly Json[] | null | undefined,
  list: KeptList,
  resolving: Resolving,
  filter: Filter,
): Promise<readonly Json[] | null | undefined> {
  return (
    groupBy &&
    Promise.all(groupBy.map((each, i) => resolveGroup(each, list, resolving, filter, `groupBy.${i}`)))
  );
}

/** Resolves the order of groups: `{group: {park: {field: LEVEL}}}` among orders by aggregates. */
export async function resolveGroupOrders(
  orderBy: readonly Json[] | null | undefined,
  list: KeptList,
  resolving: Resolving,
  filter: Filter,
): Promise<readonly Json[] | null | undefined> {
  const resolve = async (each: Json, i: number) =>
    isObject(each.group)
      ? { ...each, group: await resolveGroup(each.group, list, resolving, filter, `orderBy.${i}.group`) }
      : each;
  return orderBy && Promise.all(orderBy.map(resolve));
}

const resolveGroup = async (
  group: Json,
  list: KeptList,
  resolving: Resolving,
  filter: Filter,
  path: string,
) => (await resolveOrder(group, list, resolving, filter, { path, depth: 0 }, toGroup)).order;

import { getNamedType, isInputObjectType, valueFromAST } from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import { readPage } from '../planning/asked-page.ts';
import type { LiftedArgument } from '../planning/lift-arguments.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import type { KeptList } from '../supergraph/relations.ts';
import { isTooMany } from './failures.ts';
import { isRelated, resolveFilter } from './resolve-filter.ts';
import { resolveGroupOrders, resolveGroups } from './resolve-groups.ts';
import { resolveOrders } from './resolve-order.ts';
import { resolvePage } from './resolve-page.ts';
import type { Resolving } from './resolving.ts';

export type ResolvedArguments = {
  /** Values for subgraphs, by variable. */
  readonly values: Json;
  /** The failures of the others, by variable. */
  readonly failures: ReadonlyMap<string, ArgumentFailure>;
};

/** Resolves all lifted arguments of an operation with these variables concurrently. */
export async function resolveArguments(
  lifted: readonly LiftedArgument[],
  variables: Json,
  resolving: Resolving,
): Promise<ResolvedArguments> {
  const values: Json = {};
  const failures = new Map<string, ArgumentFailure>();
  const resolve = async (argument: LiftedArgument) => {
    const fail = (failure: ArgumentFailure) => void failures.set(argument.variable, failure);
    try {
      values[argument.variable] = await resolveArgument(argument, variables, resolving, fail);
    } catch (error) {
      if (!(error instanceof ArgumentFailure)) throw error;
      fail(error);
    }
  };
  await Promise.all(lifted.map(resolve));
  return { values, failures };
}

async function resolveArgument(
  { value: node, type, besides, asked }: LiftedArgument,
  variables: Json,
  resolving: Resolving,
  fail: (failure: ArgumentFailure) => void,
): Promise<unknown> {
  const { relations } = resolving;
  const named = getNamedType(type);
  const input = named.name;
  const value = valueFromAST(node, type, variables);
  const given = async (list: KeptList) => {
    // A filter of another list says nothing about the rows of this one.
    if (!besides || relations.listOfFilter(getNamedType(besides.type).name) !== list) return {};
    const filter = valueFromAST(besides.value, besides.type, variables);
    return isObject(filter) ? resolveFilter(filter, list, resolving) : {};
  };
  const grouped = relations.listOfGroupBy(input);
  if (grouped) return resolveGroups(value as Json[] | null, grouped, resolving, () => given(grouped));
  const group = isInputObjectType(named) ? named.getFields().group : undefined;
  const ordering = group && relations.listOfGroupBy(getNamedType(group.type).name);
  if (ordering) return resolveGroupOrders(value as Json[] | null, ordering, resolving, () => given(ordering));
  if (!isRelated(value, input, resolving)) return value;
  const filtered = relations.listOfFilter(input);
  if (filtered) {
    const filter = value as Json;
    const whole = () => resolveFilter(filter, filtered, resolving);
    const page = asked?.rows && readPage(asked.rows, variables);
    if (!page) return whole();
    if (asked.hasTotals) {
      try {
        return await whole();
      } catch (error) {
        if (!isTooMany(error)) throw error;
        // Totals need all keys; a page may be found without them.
        fail(error.ofTotals());
      }
    }
    const orderBy = await resolveOrders(page.orderBy, filtered, resolving, whole);
    return resolvePage(filter, filtered, { ...page, orderBy }, resolving);
  }
  const ordered = relations.listOfOrder(input);
  return ordered ? resolveOrders(value, ordered, resolving, () => given(ordered)) : value;
}

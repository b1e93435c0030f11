import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNode,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import { Kind, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import { responseKeyOf } from './collect-fields.ts';
import { operationOf, rootsOf, setOf, withSelections } from './fetch-parts.ts';

type Fetch = FetchNode | BatchFetchNode;

/** Returns the row rule of a type's field as a key; `''` if it is visible in all rows. */
export type RowsOfField = (on: string | undefined, key: string) => string;

/** Returns what a type's field answers, as far as fields of one name must answer alike in one operation. */
type ShapeOfField = (typeName: string, fieldName: string) => string | undefined;

/** Returns the key of the rows for which a part of a fetch brings the tested fields; `''` if there are none. */
export type ServedBy = (fetch: BatchFetchNode, alias: EntityBatchAlias) => string;

/**
 * Splits fetches so that fields that are visible in some rows only are fetched separately and only for these rows.
 * Each fetch then brings fields of the same rows. Types whose fields have the same name but not the same type are
 * fetched separately too, because one operation cannot ask for both.
 */
export function splitFetches(
  plan: QueryPlan,
  rowsOf: RowsOfField,
  servedBy: ServedBy,
  shapeOf: ShapeOfField,
): QueryPlan {
  const split = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map(split) };
      case 'Flatten':
        return { ...node, node: split(node.node) };
      case 'Condition':
        return {
          ...node,
          ...(node.ifClause && { ifClause: split(node.ifClause) }),
          ...(node.elseClause && { elseClause: split(node.elseClause) }),
        };
      case 'Fetch':
        return node.requires?.length ? together(partsOf(node, rowsOf, shapeOf)) : node;
      case 'BatchFetch':
        return together(
          apart(node, servedBy).flatMap((each) =>
            each.kind === 'BatchFetch' ? partsOf(each, rowsOf, shapeOf) : [each],
          ),
        );
      default:
        return node;
    }
  };
  return plan.node ? { ...plan, node: split(plan.node) } : plan;
}

const together = (parts: readonly Fetch[]): PlanNode =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: 'Parallel', nodes: [...parts] };

/** Splits a batch so that the fields that a row rule tests do not wait for the tested fields. */
function apart(fetch: BatchFetchNode, servedBy: ServedBy): readonly BatchFetchNode[] {
  const operation = operationOf(fetch.operation);
  const groups = Map.groupBy(fetch.entityBatch.aliases, (alias) => servedBy(fetch, alias));
  if (!operation || groups.size < 2) return [fetch];
  return [...groups.values()].map((aliases) => {
    const names = new Set(aliases.map(({ alias }) => alias));
    const { operation: text, used } = withSelections(
      operation,
      rootsOf(operation).filter((root) => names.has(responseKeyOf(root))),
    );
    return {
      ...fetch,
      operation: text,
      ...(fetch.variableUsages && { variableUsages: fetch.variableUsages.filter((name) => used.has(name)) }),
      entityBatch: { ...fetch.entityBatch, aliases },
    };
  });
}

function partsOf(fetch: Fetch, rowsOf: RowsOfField, shapeOf: ShapeOfField): readonly Fetch[] {
  const operation = operationOf(fetch.operation);
  if (!operation) return [fetch];
  const clashing = new Set<string>();
  for (const { selectionSet } of rootsOf(operation)) addClashing(selectionSet, shapeOf, clashing);
  const groupOf: RowsOfField = (on, key) =>
    on !== undefined && clashing.has(on) ? `${on} ${rowsOf(on, key)}` : rowsOf(on, key);
  const groups = new Set<string>();
  for (const root of rootsOf(operation)) addGroups(root.selectionSet, undefined, groupOf, groups);
  if (groups.size < 2) return [fetch];
  return [...groups].map((group) => partOf(fetch, operation, group, groupOf));
}

/** Adds the types that have a field of the same name as a type before them, but of another shape. */
function addClashing(set: SelectionSetNode | undefined, shapeOf: ShapeOfField, clashing: Set<string>): void {
  const shapeOfKey = new Map<string, string | undefined>();
  const add = (selections: readonly SelectionNode[], on: string | undefined): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(selection.selectionSet.selections, selection.typeCondition?.name.value ?? on);
      } else if (selection.kind === Kind.FIELD && on !== undefined) {
        const [key, shape] = [responseKeyOf(selection), shapeOf(on, selection.name.value)];
        if (!shapeOfKey.has(key)) shapeOfKey.set(key, shape);
        else if (shapeOfKey.get(key) !== shape) clashing.add(on);
      }
    }
  };
  add(set?.selections ?? [], undefined);
}

function addGroups(
  set: SelectionSetNode | undefined,
  on: string | undefined,
  rowsOf: RowsOfField,
  groups: Set<string>,
): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      addGroups(selection.selectionSet, selection.typeCondition?.name.value ?? on, rowsOf, groups);
    } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
      groups.add(rowsOf(on, responseKeyOf(selection)));
    }
  }
}

/** Returns a fetch with the fields of one group and the variables that they use. */
function partOf(fetch: Fetch, operation: OperationDefinitionNode, group: string, rowsOf: RowsOfField): Fetch {
  const roots = rootsOf(operation).flatMap((root) => {
    const selections = only(root.selectionSet, undefined, group, rowsOf);
    return selections.some(isMoreThanType) ? [{ ...root, selectionSet: setOf(selections) }] : [];
  });
  const { operation: text, used } = withSelections(operation, roots);
  const shared = {
    operation: text,
    ...(fetch.variableUsages && { variableUsages: fetch.variableUsages.filter((name) => used.has(name)) }),
  };
  if (fetch.kind === 'Fetch') return { ...fetch, ...shared };
  const left = new Set(roots.map(responseKeyOf));
  const aliases = fetch.entityBatch.aliases.filter(({ alias }) => left.has(alias));
  return { ...fetch, ...shared, entityBatch: { ...fetch.entityBatch, aliases } };
}

function only(
  set: SelectionSetNode | undefined,
  on: string | undefined,
  group: string,
  rowsOf: RowsOfField,
): SelectionNode[] {
  return (set?.selections ?? []).flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition?.name.value ?? on;
      const selections = only(selection.selectionSet, type, group, rowsOf);
      return selections.some(isMoreThanType) ? [{ ...selection, selectionSet: setOf(selections) }] : [];
    }
    if (selection.kind !== Kind.FIELD) return [];
    const isOfAll = selection.name.value === '__typename';
    return isOfAll || rowsOf(on, responseKeyOf(selection)) === group ? [selection] : [];
  });
}

const isMoreThanType = (selection: SelectionNode) =>
  selection.kind !== Kind.FIELD || selection.name.value !== '__typename';

import type {
  BatchFetchNode,
  FetchNode,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import {
  type FieldNode,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { RowRule } from '../request/denial.ts';
import { ownFieldsOf } from '../supergraph/own-fields.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { responseKeyOf } from './collect-fields.ts';
import { flat, operationOf, rootsOf, setOf, withSelections } from './fetch-parts.ts';
import type { ShownRows } from './operation.ts';
import { fieldsOf, inFragment } from './selections.ts';

type Path = readonly FlattenNodePathSegment[];

/** The fields that are asked of the objects at a path, relative to the fetch, after their rows are tested. */
type Cut = { readonly path: Path; readonly type: string; readonly fields: readonly SelectionNode[] };

/**
 * Cuts fetches that would read data before their rows are tested. This happens if a row rule tests fields of another
 * fetch, both for hidden rows and for fields that are visible in some rows only. The fetch then brings only the keys,
 * and a later fetch brings the rest by key. If the fetch brings the tested fields itself, its subgraph filters.
 */
export function cutFetches(
  plan: QueryPlan,
  shown: ShownRows,
  rootType: string,
  supergraph: Supergraph,
): QueryPlan {
  const visitNode = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map(visitNode) };
      case 'Flatten':
        return { ...node, node: visitNode(node.node) };
      case 'Condition':
        return {
          ...node,
          ...(node.ifClause && { ifClause: visitNode(node.ifClause) }),
          ...(node.elseClause && { elseClause: visitNode(node.elseClause) }),
        };
      case 'Fetch':
        return cutFetch(node);
      case 'BatchFetch':
        return cutBatch(node);
      default:
        return node;
    }
  };

  const cutter = (subgraph: string) => createCutter(subgraph, shown, supergraph);

  function cutFetch(fetch: FetchNode): PlanNode {
    const operation = operationOf(fetch.operation);
    if (!operation || fetch.outputRewrites?.length || fetch.operationKind === 'mutation') return fetch;
    const cuts: Cut[] = [];
    const prune = cutter(fetch.serviceName);
    const selections = fetch.requires?.length
      ? rootsOf(operation).map((root) => ({
          ...root,
          selectionSet: prune.ofEntities(root.selectionSet, [], cuts),
        }))
      : prune.of(operation.selectionSet, rootType, [], cuts, true).selections;
    if (cuts.length === 0) return fetch;
    const { operation: text, used } = withSelections(operation, selections);
    return followedBy(
      { ...fetch, operation: text, ...usages(fetch, used) },
      cuts.map((cut) => at(cut.path, cutFetch(fetchOf(cut, fetch, operation)))),
    );
  }

  function cutBatch(fetch: BatchFetchNode): PlanNode {
    const operation = operationOf(fetch.operation);
    const { aliases } = fetch.entityBatch;
    if (!operation || aliases.some(({ outputRewrites }) => outputRewrites?.length)) return fetch;
    const prune = cutter(fetch.serviceName);
    const after: PlanNode[] = [];
    const selections = rootsOf(operation).map((root) => {
      const cuts: Cut[] = [];
      const selectionSet = prune.ofEntities(root.selectionSet, [], cuts);
      const paths = aliases.find(({ alias }) => alias === responseKeyOf(root))?.paths ?? [];
      for (const cut of cuts) {
        const rest = cutFetch(fetchOf(cut, fetch, operation));
        after.push(...paths.map((path) => at([...path, ...cut.path], rest)));
      }
      return { ...root, selectionSet };
    });
    if (after.length === 0) return fetch;
    const { operation: text, used } = withSelections(operation, selections);
    return followedBy({ ...fetch, operation: text, ...usages(fetch, used) }, after);
  }

  function fetchOf(
    { type, fields }: Cut,
    { serviceName, operationName, variableUsages }: FetchNode | BatchFetchNode,
    operation: OperationDefinitionNode,
  ): FetchNode {
    const [entities] = fieldsOf('_entities(representations: $representations) { __typename }');
    // Without the type, which is known: an earlier fetch would seem to need this fetch for it.
    const selectionSet = setOf([inFragment(fields, type)]);
    const variableDefinitions = [
      ...(operation.variableDefinitions ?? []).filter(
        ({ variable }) => variable.name.value !== 'representations',
      ),
      ...representations,
    ];
    const { operation: text, used } = withSelections(
      { ...operation, variableDefinitions },
      entities?.kind === Kind.FIELD ? [{ ...entities, selectionSet }] : [],
    );
    return {
      kind: 'Fetch',
      serviceName,
      operationKind: 'query',
      ...(operationName !== undefined && { operationName }),
      ...(variableUsages && { variableUsages: variableUsages.filter((name) => used.has(name)) }),
      operation: text,
      requires: [
        {
          kind: 'InlineFragment',
          typeCondition: type,
          selections: ['__typename', ...(ownFieldsOf(supergraph).keyOf(serviceName, type) ?? [])].map(
            (name) => ({ kind: 'Field', name }) as const,
          ),
        },
      ],
    };
  }

  return plan.node ? { ...plan, node: visitNode(plan.node) } : plan;
}

const representations =
  operationOf('query ($representations: [_Any!]!) { __typename }')?.variableDefinitions ?? [];

const usages = ({ variableUsages }: FetchNode | BatchFetchNode, used: ReadonlySet<string>) =>
  variableUsages && { variableUsages: variableUsages.filter((name) => used.has(name)) };

const at = (path: Path, node: PlanNode): PlanNode => ({ kind: 'Flatten', path: [...path], node });

const followedBy = (first: PlanNode, after: readonly PlanNode[]): PlanNode => ({
  kind: 'Sequence',
  nodes: [first, after.length === 1 && after[0] ? after[0] : { kind: 'Parallel', nodes: [...after] }],
});

/** Creates the cutter, which removes from selections what has to wait until rows are tested. */
function createCutter(subgraph: string, shown: ShownRows, supergraph: Supergraph) {
  const { publicSchema: schema, typeOfField, plainKeysOf } = supergraph;
  const { keyOf: keyFieldsOf, resolves } = ownFieldsOf(supergraph);

  const ofEntities = (set: SelectionSetNode | undefined, path: Path, cuts: Cut[]): SelectionSetNode =>
    setOf(
      (set?.selections ?? []).map((selection) =>
        selection.kind === Kind.INLINE_FRAGMENT
          ? {
              ...selection,
              selectionSet: of(selection.selectionSet, selection.typeCondition?.name.value, path, cuts, true),
            }
          : selection,
      ),
    );

  /** Cuts a selection set. `above` holds the fields that row rules of outer rows test; they always stay. */
  function of(
    set: SelectionSetNode,
    type: string | undefined,
    path: Path,
    cuts: Cut[],
    isAsked: boolean,
    above: readonly SelectionNode[] = [],
  ): SelectionSetNode {
    const selections = flat(set.selections, type);
    const needed = [...above, ...neededBy(selections, type)];
    const { kept, cut } = isAsked ? { kept: selections, cut: [] } : divide(selections, type, needed);
    if (type !== undefined && cut.length > 0) cuts.push({ path, type, fields: cut });
    return setOf(kept.map((selection) => below(selection, type, path, cuts, needed)));
  }

  /** Returns the fields that the row rules of a type and of its selected fields test. */
  const neededBy = (
    selections: readonly SelectionNode[],
    type: string | undefined,
  ): readonly SelectionNode[] => {
    if (type === undefined) return [];
    const rules = selections.map((each) =>
      each.kind === Kind.FIELD ? shown.ofField(type, each.name.value) : undefined,
    );
    return [shown.ofRows(type), ...rules].flatMap((rule) => fieldsOf(rule?.needs));
  };

  function below(
    selection: SelectionNode,
    type: string | undefined,
    path: Path,
    cuts: Cut[],
    needed: readonly SelectionNode[],
  ): SelectionNode {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const to = condition === undefined ? path : [...path, { TypeCondition: [condition] }];
      const selectionSet = of(selection.selectionSet, condition ?? type, to, cuts, false, needed);
      return { ...selection, selectionSet };
    }
    if (selection.kind !== Kind.FIELD || !selection.selectionSet) return selection;
    const next = type === undefined ? undefined : typeOfField(type, selection.name.value);
    const to = [...path, { Field: responseKeyOf(selection) }];
    const selectionSet = of(selection.selectionSet, next, to, cuts, false, neededBelow(selection, needed));
    return { ...selection, selectionSet };
  }

  /** Divides the selections of a type into those that stay and those that are asked later. */
  function divide(
    selections: readonly SelectionNode[],
    type: string | undefined,
    needed: readonly SelectionNode[],
  ): Divided {
    const whole = { kept: selections, cut: [] };
    if (type === undefined || !isObjectType(schema.getType(type))) return whole;
    const key = keyFieldsOf(subgraph, type);
    if (!key) return whole;
    const keys = new Set(['__typename', ...plainKeysOf(type).flat()]);
    const waitsFor = (rule: RowRule | undefined) => rule !== undefined && !isTestedIn(selections, rule);
    const areRowsTested = !waitsFor(shown.ofRows(type));
    const parts = selections.map((selection): Divided => {
      const stays = { kept: [selection], cut: [] };
      if (selection.kind !== Kind.FIELD || !resolves(subgraph, type, selection.name.value)) return stays;
      if (!selection.alias && keys.has(selection.name.value)) return stays;
      if (areRowsTested && !waitsFor(shown.ofField(type, selection.name.value))) return stays;
      return divideByNeeds(selection, needed, type);
    });
    const cut = parts.flatMap((part) => part.cut);
    if (cut.length === 0) return whole;
    const kept = parts.flatMap((part) => part.kept);
    const has = (name: string) =>
      kept.some((each) => each.kind === Kind.FIELD && !each.alias && each.name.value === name);
    const missing = ['__typename', ...key].filter((name) => !has(name));
    return { kept: [...kept, ...missing.flatMap((name) => fieldsOf(name))], cut };
  }

  /** Divides a field that leads to tested fields: only the path to them stays. */
  function divideByNeeds(field: FieldNode, needs: readonly SelectionNode[], parent: string): Divided {
    const needed = needs.filter((each) => isNeeded(field, each));
    if (needed.length === 0) return { kept: [], cut: [field] };
    const type = typeOfField(parent, field.name.value);
    if (!field.selectionSet || type === undefined) return { kept: [field], cut: [] };
    const keys = new Set(['__typename', ...plainKeysOf(type).flat()]);
    const inner = neededBelow(field, needed);
    const parts = flat(field.selectionSet.selections, type).map((each): Divided => {
      if (each.kind !== Kind.FIELD || (!each.alias && keys.has(each.name.value)))
        return { kept: [each], cut: [] };
      return divideByNeeds(each, inner, type);
    });
    const [kept, cut] = [parts.flatMap((part) => part.kept), parts.flatMap((part) => part.cut)];
    if (kept.length === 0) return { kept: [], cut: [field] };
    return {
      kept: [{ ...field, selectionSet: setOf(kept) }],
      cut: cut.length > 0 ? [{ ...field, selectionSet: setOf(cut) }] : [],
    };
  }

  return { of, ofEntities };
}

type Divided = { readonly kept: readonly SelectionNode[]; readonly cut: readonly SelectionNode[] };

const isNeeded = (field: FieldNode, need: SelectionNode): need is FieldNode =>
  need.kind === Kind.FIELD && need.name.value === field.name.value && !field.alias;

const neededBelow = (field: FieldNode, needs: readonly SelectionNode[]): readonly SelectionNode[] =>
  needs.flatMap((need) => (isNeeded(field, need) ? (need.selectionSet?.selections ?? []) : []));

/** Returns whether selections bring all fields that a row rule tests. */
const isTestedIn = (selections: readonly SelectionNode[], { needs }: RowRule) =>
  hasAll(selections, fieldsOf(needs));

const hasAll = (selections: readonly SelectionNode[], needs: readonly SelectionNode[]): boolean =>
  needs.every((need) => {
    if (need.kind !== Kind.FIELD) return true;
    const below = need.selectionSet?.selections;
    return selections.some((each) => {
      if (each.kind === Kind.INLINE_FRAGMENT) return hasAll(each.selectionSet.selections, [need]);
      if (each.kind !== Kind.FIELD || each.alias || each.name.value !== need.name.value) return false;
      return !below || hasAll(each.selectionSet?.selections ?? [], below);
    });
  });

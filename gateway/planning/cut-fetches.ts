import type { BatchFetchNode, FetchNode, PlanNode, QueryPlan } from '@graphql-hive/router-query-planner';
import { Kind, type OperationDefinitionNode, OperationTypeNode, type SelectionNode } from 'graphql';
import { ownFieldsOf } from '../supergraph/own-fields.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { responseKeyOf } from './collect-fields.ts';
import { operationOf, rootsOf, setOf, withSelections } from './fetch-parts.ts';
import type { ShownRows } from './operation.ts';
import { type Cut, type Path, SelectionCutter } from './selection-cutter.ts';
import { fieldsOf, inFragment } from './selections.ts';

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
  const cutter = new PlanCutter(shown, rootType, supergraph);
  return plan.node ? { ...plan, node: cutter.cutNode(plan.node) } : plan;
}

class PlanCutter {
  readonly #shown: ShownRows;
  readonly #rootType: string;
  readonly #supergraph: Supergraph;

  constructor(shown: ShownRows, rootType: string, supergraph: Supergraph) {
    this.#shown = shown;
    this.#rootType = rootType;
    this.#supergraph = supergraph;
  }

  cutNode(node: PlanNode): PlanNode {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map((each) => this.cutNode(each)) };
      case 'Flatten':
        return { ...node, node: this.cutNode(node.node) };
      case 'Condition':
        return {
          ...node,
          ...(node.ifClause && { ifClause: this.cutNode(node.ifClause) }),
          ...(node.elseClause && { elseClause: this.cutNode(node.elseClause) }),
        };
      case 'Fetch':
        return this.#cutFetch(node);
      case 'BatchFetch':
        return this.#cutBatch(node);
      default:
        return node;
    }
  }

  #cutFetch(fetch: FetchNode): PlanNode {
    const operation = operationOf(fetch.operation);
    if (!operation || fetch.outputRewrites?.length || fetch.operationKind === 'mutation') return fetch;
    const cutter = this.#cutterFor(fetch);
    const selections = fetch.requires?.length
      ? rootsOf(operation).map((root) => ({ ...root, selectionSet: cutter.ofEntities(root.selectionSet) }))
      : cutter.ofRoot(operation.selectionSet, this.#rootType).selections;
    const after = cutter.cuts.map((cut) =>
      at(cut.path, this.#cutFetch(this.#fetchOf(cut, fetch, operation))),
    );
    return followedBy(fetch, operation, selections, after);
  }

  #cutBatch(fetch: BatchFetchNode): PlanNode {
    const operation = operationOf(fetch.operation);
    const { aliases } = fetch.entityBatch;
    if (!operation || aliases.some(({ outputRewrites }) => outputRewrites?.length)) return fetch;
    const after: PlanNode[] = [];
    const selections = rootsOf(operation).map((root) => {
      const cutter = this.#cutterFor(fetch);
      const selectionSet = cutter.ofEntities(root.selectionSet);
      const paths = aliases.find(({ alias }) => alias === responseKeyOf(root))?.paths ?? [];
      for (const cut of cutter.cuts) {
        const rest = this.#cutFetch(this.#fetchOf(cut, fetch, operation));
        after.push(...paths.map((path) => at([...path, ...cut.path], rest)));
      }
      return { ...root, selectionSet };
    });
    return followedBy(fetch, operation, selections, after);
  }

  #cutterFor({ serviceName }: FetchNode | BatchFetchNode): SelectionCutter {
    return new SelectionCutter(serviceName, this.#shown, this.#supergraph);
  }

  /** Makes the fetch that brings a cut part by key. */
  #fetchOf(
    { type, fields }: Cut,
    { serviceName, operationName, variableUsages }: FetchNode | BatchFetchNode,
    operation: OperationDefinitionNode,
  ): FetchNode {
    const { operation: text, used } = entitiesOperation(operation, type, fields);
    const key = ownFieldsOf(this.#supergraph).entityKeyOf(serviceName, type) ?? [];
    return {
      kind: 'Fetch',
      serviceName,
      operationKind: 'query',
      ...(operationName !== undefined && { operationName }),
      ...usages(variableUsages, used),
      operation: text,
      requires: [
        {
          kind: 'InlineFragment',
          typeCondition: type,
          selections: ['__typename', ...key].map((name) => ({ kind: 'Field', name }) as const),
        },
      ],
    };
  }
}

/** Makes the operation that asks for fields of entities, with the variables of another operation. */
function entitiesOperation(
  operation: OperationDefinitionNode,
  type: string,
  fields: readonly SelectionNode[],
) {
  const [entities] = fieldsOf('_entities(representations: $representations) { __typename }');
  // Without the type, which is known: an earlier fetch would seem to need this fetch for it.
  const selectionSet = setOf([inFragment(fields, type)]);
  const variableDefinitions = [
    ...(operation.variableDefinitions ?? []).filter(
      ({ variable }) => variable.name.value !== 'representations',
    ),
    ...representations,
  ];
  return withSelections(
    // Entities are asked for by a query, also those of a subscription's event.
    { ...operation, operation: OperationTypeNode.QUERY, variableDefinitions },
    entities?.kind === Kind.FIELD ? [{ ...entities, selectionSet }] : [],
  );
}

const representations =
  operationOf('query ($representations: [_Any!]!) { __typename }')?.variableDefinitions ?? [];

const usages = (all: readonly string[] | undefined, used: ReadonlySet<string>) =>
  all && { variableUsages: all.filter((name) => used.has(name)) };

const at = (path: Path, node: PlanNode): PlanNode => ({ kind: 'Flatten', path: [...path], node });

/** Returns a fetch with these selections, followed by the fetches of its cut parts; unchanged if nothing is cut. */
function followedBy(
  fetch: FetchNode | BatchFetchNode,
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
  after: readonly PlanNode[],
): PlanNode {
  if (after.length === 0) return fetch;
  const { operation: text, used } = withSelections(operation, selections);
  const first = { ...fetch, operation: text, ...usages(fetch.variableUsages, used) };
  const [only] = after;
  return {
    kind: 'Sequence',
    nodes: [first, after.length === 1 && only ? only : { kind: 'Parallel', nodes: [...after] }],
  };
}

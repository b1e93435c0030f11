import type {
  BatchFetchNode,
  FetchNode,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import type { Supergraph } from '../supergraph/supergraph.ts';
import {
  dependenciesOfEntityFetch,
  dependenciesOfRootFetch,
  type FetchDependencies,
} from './fetch-dependencies.ts';
import { compileEntityFetch, type EntityFetch } from './fetch-entities.ts';
import { type FetchGates, gatesTo, heeding, noGates } from './fetch-gates.ts';
import { type FetchGraphNode, linkFetch, overlap, runFetchGraph } from './fetch-graph.ts';
import { compileRootFetch } from './fetch-root.ts';
import type { PlanPaths } from './plan-paths.ts';
import type { Gate, Gates } from './row-gates.ts';
import type { Run, Step } from './run.ts';
import { type Settled, settleGates } from './settle-gates.ts';

/** Position of a node in a plan. */
type Position = {
  readonly path: readonly FlattenNodePathSegment[];
  /** Fetches before it in sequence. */
  readonly before: readonly PlannedFetch[];
  /** Whether one execution requests the node at all. */
  readonly isAskedFor?: (run: Run) => boolean;
};

/** A fetch of a plan before its dependencies are known. */
type PlannedFetch = {
  readonly operation: string;
  readonly isMutation: boolean;
  readonly dependencies: FetchDependencies;
  readonly before: readonly PlannedFetch[];
  /** Gates on the path to its objects. */
  readonly gates: readonly Gate[];
  /** Gates that test objects which this fetch brings. */
  readonly tests: readonly Gate[];
  compile(gates: FetchGates): Step;
};

/**
 * Compiles a query plan into a step, once for each operation. The plan's sequences say which fetches may depend on each
 * other; the reads and writes of the fetches say which do. When some rows are hidden, `gates` protect what follows
 * them.
 */
export function compilePlan(plan: QueryPlan, paths: PlanPaths, supergraph: Supergraph, gates?: Gates): Step {
  const collect = (node: PlanNode | undefined, position: Position): readonly PlannedFetch[] => {
    switch (node?.kind) {
      case undefined:
        return [];
      case 'Sequence':
        return inSequence(node.nodes, position);
      case 'Parallel':
        return node.nodes.flatMap((each) => collect(each, position));
      case 'Flatten':
        return collect(node.node, { ...position, path: [...position.path, ...node.path] });
      case 'Condition': {
        const { condition } = node;
        const only = (value: boolean): Position => ({
          ...position,
          isAskedFor: (run) =>
            (position.isAskedFor?.(run) ?? true) && (run.variables[condition] === true) === value,
        });
        return [...collect(node.ifClause, only(true)), ...collect(node.elseClause, only(false))];
      }
      case 'Fetch':
      case 'BatchFetch':
        return [planFetch(node, position, paths, supergraph, gates)];
      case 'Defer':
        // Deferred parts are sent with the rest: correct, but later.
        return inSequence(
          [node.primary, ...node.deferred].map((each) => each.node),
          position,
        );
      case 'Subscription':
        throw new Error('The source of a subscription is replaced by a fetch before.');
    }
  };

  const inSequence = (nodes: readonly (PlanNode | undefined)[], position: Position) => {
    const fetches: PlannedFetch[] = [];
    for (const node of nodes) {
      fetches.push(...collect(node, { ...position, before: [...position.before, ...fetches] }));
    }
    return fetches;
  };

  const fetches = collect(plan.node, { path: [], before: [] });
  return runFetchGraph(linkAll(fetches, gates));
}

function planFetch(
  node: FetchNode | BatchFetchNode,
  { path, before, isAskedFor }: Position,
  paths: PlanPaths,
  supergraph: Supergraph,
  gates: Gates | undefined,
): PlannedFetch {
  const { operation } = node;
  const document = paths.documentOf(node);
  const shared = { operation, before, isMutation: node.operationKind === 'mutation' };
  if (node.kind === 'Fetch' && !node.requires?.length) {
    return {
      ...shared,
      dependencies: dependenciesOfRootFetch(node, path, document),
      gates: gates ? gatesTo(gates, path).flat() : [],
      tests: gates?.within(path, document.tree) ?? [],
      compile: (heeded) => when(isAskedFor, compileRootFetch(node, path, paths, supergraph, heeded)),
    };
  }
  const batches = node.kind === 'Fetch' ? [asBatch(node, path)] : node.entityBatch.aliases;
  const fetch: EntityFetch = { ...node, batches };
  const gatesOf = (all: Gates) =>
    batches.flatMap(({ alias, paths: each }) =>
      each.flatMap((to) => gatesTo(all, to, document.fieldsOf(alias)).flat()),
    );
  return {
    ...shared,
    dependencies: dependenciesOfEntityFetch(fetch, document),
    gates: gates ? gatesOf(gates) : [],
    tests: batches.flatMap(({ alias, paths: each }) =>
      each.flatMap((to) => gates?.within(to, document.tree.get(alias)?.below) ?? []),
    ),
    compile: (heeded) => when(isAskedFor, compileEntityFetch(fetch, paths, supergraph, heeded)),
  };
}

/** Links each fetch to those that it waits for, including fetches of the fields that its gates read. */
function linkAll(fetches: readonly PlannedFetch[], gates: Gates | undefined): readonly FetchGraphNode[] {
  const settled = gates && settleGates(fetches);
  const linked = new Map<PlannedFetch, FetchGraphNode>();
  const link = (fetch: PlannedFetch): FetchGraphNode => {
    const known = linked.get(fetch);
    if (known) return known;
    const node = gates && settled ? linkGated(fetch, gates, settled) : linkPlain(fetch);
    linked.set(fetch, node);
    return node;
  };
  const linkPlain = ({ compile, isMutation, dependencies, before }: PlannedFetch) =>
    linkFetch(compile(noGates), isMutation, dependencies, before.map(link));
  const linkGated = (fetch: PlannedFetch, all: Gates, { heeds, waitsFor }: Settled<PlannedFetch>) => {
    const { compile, operation, isMutation, dependencies, before } = fetch;
    const keys = new Set(fetch.gates.filter((gate) => heeds(fetch, gate)).map(({ key }) => key));
    const heeded = heeding(all, operation, ({ key }) => keys.has(key));
    const needs = fetch.gates.filter(({ key }) => keys.has(key)).flatMap((gate) => gate.needs);
    const reads = new Set([...dependencies.reads, ...needs]);
    // Only fetches of `before` that bring something count. Others may wait for this one, to test its rows.
    const givers = before.filter((each) => overlap(reads, each.dependencies.writes));
    return linkFetch(
      compile(heeded),
      isMutation,
      { ...dependencies, reads },
      [...givers, ...waitsFor(fetch)].map(link),
    );
  };
  return fetches.map(link);
}

const when = (isAskedFor: Position['isAskedFor'], step: Step): Step =>
  isAskedFor ? async (run) => (isAskedFor(run) ? step(run) : undefined) : step;

/** Treats a plain fetch of entities as a batch of one. */
const asBatch = (node: FetchNode, path: readonly FlattenNodePathSegment[]) => ({
  alias: '_entities',
  representationsVariableName: 'representations',
  paths: [[...path]],
  requires: node.requires ?? [],
  ...(node.inputRewrites && { inputRewrites: node.inputRewrites }),
  ...(node.outputRewrites && { outputRewrites: node.outputRewrites }),
});

import type {
  BatchFetchNode,
  FetchNode,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import { type Access, accessOfEntityFetch, accessOfRootFetch } from './fetch-access.ts';
import { compileEntityFetch } from './fetch-entities.ts';
import { type FetchGraphNode, linkFetch, runFetchGraph } from './fetch-graph.ts';
import { compileRootFetch } from './fetch-root.ts';
import type { PlanPaths } from './plan-paths.ts';
import type { Run, Step } from './run.ts';
import type { Supergraph } from './supergraph.ts';

/** Where in a plan a node stands. */
type Position = {
  readonly path: readonly FlattenNodePathSegment[];
  /** The fetches that precede it in sequence. */
  readonly before: readonly FetchGraphNode[];
  /** Whether it is asked for at all, in one execution. */
  readonly isAskedFor?: (run: Run) => boolean;
};

/**
 * Turns a query plan into a step that only waits for values. Done once per operation.
 * The plan's sequences say which fetches may need each other; which do, is seen from what they read and bring.
 */
export function compilePlan(plan: QueryPlan, paths: PlanPaths, supergraph: Supergraph): Step {
  const collect = (node: PlanNode | undefined, position: Position): readonly FetchGraphNode[] => {
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
        return [compileFetch(node, position, paths, supergraph)];
      case 'Defer':
        // All of a deferred answer comes at once: correct, if later.
        return inSequence(
          [node.primary, ...node.deferred].map((each) => each.node),
          position,
        );
      case 'Subscription':
        throw new Error('Subscriptions are refused before they are planned.');
    }
  };

  const inSequence = (nodes: readonly (PlanNode | undefined)[], position: Position) => {
    const fetches: FetchGraphNode[] = [];
    for (const node of nodes) {
      fetches.push(...collect(node, { ...position, before: [...position.before, ...fetches] }));
    }
    return fetches;
  };

  return runFetchGraph(collect(plan.node, { path: [], before: [] }));
}

function compileFetch(
  node: FetchNode | BatchFetchNode,
  { path, before, isAskedFor }: Position,
  paths: PlanPaths,
  supergraph: Supergraph,
): FetchGraphNode {
  const link = (step: Step, access: Access) =>
    linkFetch(when(isAskedFor, step), node.operationKind === 'mutation', access, before);
  if (node.kind === 'Fetch' && !node.requires?.length) {
    const step = compileRootFetch(node, path, paths, supergraph);
    return link(step, accessOfRootFetch(node, path, paths.documentOf(node)));
  }
  const batches = node.kind === 'Fetch' ? [asBatch(node, path)] : node.entityBatch.aliases;
  const fetch = { ...node, batches };
  return link(
    compileEntityFetch(fetch, paths, supergraph),
    accessOfEntityFetch(fetch, paths.documentOf(fetch)),
  );
}

const when = (isAskedFor: Position['isAskedFor'], step: Step): Step =>
  isAskedFor ? async (run) => (isAskedFor(run) ? step(run) : undefined) : step;

/** A plain fetch of entities is a batch of one. */
const asBatch = (node: FetchNode, path: readonly FlattenNodePathSegment[]) => ({
  alias: '_entities',
  representationsVariableName: 'representations',
  paths: [[...path]],
  requires: node.requires ?? [],
  ...(node.inputRewrites && { inputRewrites: node.inputRewrites }),
  ...(node.outputRewrites && { outputRewrites: node.outputRewrites }),
});

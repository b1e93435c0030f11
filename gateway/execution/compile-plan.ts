import type {
  FetchNode,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import { compileEntityFetch } from './fetch-entities.ts';
import { compileRootFetch } from './fetch-root.ts';
import type { PlanPaths } from './plan-paths.ts';
import type { Step } from './run.ts';
import type { Supergraph } from './supergraph.ts';

/** Turns a query plan into steps that only wait for values. Done once per operation. */
export function compilePlan(plan: QueryPlan, paths: PlanPaths, supergraph: Supergraph): Step {
  const compile = (node: PlanNode | undefined, path: readonly FlattenNodePathSegment[]): Step => {
    switch (node?.kind) {
      case undefined:
        return async () => {};
      case 'Sequence':
        return inSequence(node.nodes.map((each) => compile(each, path)));
      case 'Parallel': {
        // What belongs to earlier fields of a mutation is fetched before its next field runs.
        const [mutations, queries] = partition(node.nodes, isMutation);
        const together = inParallel(queries.map((each) => compile(each, path)));
        return mutations.length === 0
          ? together
          : inSequence([together, ...mutations.map((each) => compile(each, path))]);
      }
      case 'Flatten':
        return compile(node.node, [...path, ...node.path]);
      case 'Condition': {
        const { condition } = node;
        const whenTrue = compile(node.ifClause, path);
        const whenFalse = compile(node.elseClause, path);
        return (run) => (run.variables[condition] === true ? whenTrue(run) : whenFalse(run));
      }
      case 'Fetch':
        return node.requires?.length
          ? compileEntityFetch({ ...node, batches: [asBatch(node, path)] }, paths, supergraph)
          : compileRootFetch(node, path, paths, supergraph);
      case 'BatchFetch':
        return compileEntityFetch({ ...node, batches: node.entityBatch.aliases }, paths, supergraph);
      case 'Defer':
        // All of a deferred answer comes at once: correct, if later.
        return inSequence([node.primary, ...node.deferred].map((each) => compile(each.node, path)));
      case 'Subscription':
        throw new Error('Subscriptions are refused before they are planned.');
    }
  };
  return compile(plan.node, []);
}

function inSequence(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}

function isMutation(node: PlanNode): boolean {
  if ('nodes' in node) return node.nodes.some(isMutation);
  return node.kind === 'Fetch' && node.operationKind === 'mutation';
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** A plain fetch of entities is a batch of one. */
const asBatch = (node: FetchNode, path: readonly FlattenNodePathSegment[]) => ({
  alias: '_entities',
  representationsVariableName: 'representations',
  paths: [[...path]],
  requires: node.requires ?? [],
  ...(node.inputRewrites && { inputRewrites: node.inputRewrites }),
  ...(node.outputRewrites && { outputRewrites: node.outputRewrites }),
});

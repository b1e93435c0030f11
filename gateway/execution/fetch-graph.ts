import type { FetchDependencies } from './fetch-dependencies.ts';
import type { Run, Step } from './run.ts';

/** A fetch of a plan with its dependencies. */
export type FetchGraphNode = {
  readonly step: Step;
  readonly isMutation: boolean;
  readonly writes: ReadonlySet<string>;
  /** Fetches that it waits for directly, without those that are implied. */
  readonly after: readonly FetchGraphNode[];
  /** All fetches that it waits for, directly or through others. */
  readonly follows: ReadonlySet<FetchGraphNode>;
};

/** Links a fetch to each earlier fetch that may bring what it reads. */
export function linkFetch(
  step: Step,
  isMutation: boolean,
  { reads, writes }: FetchDependencies,
  before: readonly FetchGraphNode[],
): FetchGraphNode {
  const after: FetchGraphNode[] = [];
  const follows = new Set<FetchGraphNode>();
  // Nearest first, because it may wait for others itself.
  for (const earlier of before.toReversed()) {
    if (follows.has(earlier) || !overlap(reads, earlier.writes)) continue;
    after.push(earlier);
    follows.add(earlier);
    for (const each of earlier.follows) follows.add(each);
  }
  return { step, isMutation, writes, after, follows };
}

/** Whether one fetch reads what another writes. */
export function overlap(reads: ReadonlySet<string>, writes: ReadonlySet<string>): boolean {
  for (const path of reads) if (writes.has(path)) return true;
  return false;
}

/** Runs each fetch as soon as those that it waits for have ended. */
export function runFetchGraph(nodes: readonly FetchGraphNode[]): Step {
  const afterOf = withMutationsInOrder(nodes);
  const ordered = inStartingOrder(nodes, afterOf);
  const [first] = ordered;
  if (!first) return async () => {};
  if (ordered.length === 1) return first.step;

  const starts = ordered.map((node) =>
    startAfter(
      afterOf(node).map((each) => ordered.indexOf(each)),
      node.step,
    ),
  );
  return async (run) => {
    const started: Promise<void>[] = [];
    for (const start of starts) started.push(start(run, started));
    await Promise.all(started);
  };
}

/** Starts a fetch. `started` are the earlier fetches; it waits for those at `positions`. */
type Start = (run: Run, started: readonly Promise<void>[]) => Promise<void>;

function startAfter(positions: readonly number[], step: Step): Start {
  if (positions.length === 0) return step;
  return async (run, started) => {
    for (const position of positions) await started[position];
    await step(run);
  };
}

/** Adds dependencies so that all fetches of a mutation field end before the next field runs. */
function withMutationsInOrder(nodes: readonly FetchGraphNode[]) {
  const mutations = nodes.filter((node) => node.isMutation);
  /** The last mutation field that a fetch belongs to. */
  const ownerOf = (node: FetchGraphNode) =>
    mutations.findLastIndex((mutation) => mutation === node || node.follows.has(mutation));
  const owners = new Map(mutations.length > 0 ? nodes.map((node) => [node, ownerOf(node)]) : []);

  return (node: FetchGraphNode): readonly FetchGraphNode[] => {
    if (!node.isMutation) return node.after;
    const position = mutations.indexOf(node);
    return nodes.filter((each) => (owners.get(each) ?? 0) < position);
  };
}

/** Sorts fetches so that each follows those that it waits for. */
function inStartingOrder(
  nodes: readonly FetchGraphNode[],
  afterOf: (node: FetchGraphNode) => readonly FetchGraphNode[],
): readonly FetchGraphNode[] {
  const ordered = new Set<FetchGraphNode>();
  const add = (node: FetchGraphNode) => {
    if (ordered.has(node)) return;
    afterOf(node).forEach(add);
    ordered.add(node);
  };
  nodes.forEach(add);
  return [...ordered];
}

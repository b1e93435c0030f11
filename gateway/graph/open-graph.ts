import { createExecutor, type Executor, type ExecutorOptions } from '../execution/executor.ts';
import { openPlanner, startPlanner } from '../planning/planner.ts';
import type { Authorize } from '../request/authorization.ts';
import type { RelationLimits } from '../semijoin/relation-limits.ts';
import { createSemijoin } from '../semijoin/semijoin.ts';
import { readRelations } from '../supergraph/relations.ts';
import { loadSupergraph, type Supergraph } from '../supergraph/supergraph.ts';
import { guardSubgraph, type SubgraphLimits } from '../upstream/policy.ts';
import type { GuardedSubgraph, Subgraph, SubgraphObserver } from '../upstream/subgraph.ts';

/** A supergraph in service, with all that belongs to it: connections, breakers, plans. */
export type Graph = {
  readonly supergraph: Supergraph;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly executor: Executor;
  close(): Promise<void>;
};

export type GraphOptions = Omit<
  ExecutorOptions,
  'supergraph' | 'relations' | 'semijoin' | 'planner' | 'subgraphs' | 'restrict'
> & {
  /** What conditions and orders on something related may come to; what is not named is as in `standardRelationLimits`. */
  readonly relationLimits?: Partial<RelationLimits> | undefined;
  /** How a subgraph is asked that is at this address. */
  readonly connect: (name: string, url: string) => Subgraph;
  readonly limits: SubgraphLimits;
  readonly observer: SubgraphObserver;
  /** How long planning an operation may take. */
  readonly planTimeoutMs: number;
  /** How long planning for one caller may take in a minute. */
  readonly planBudgetMs?: number | undefined;
  /** How a supergraph says who may see what; undefined where everybody sees everything. */
  readonly authorizeBy?: ((supergraph: Supergraph) => Authorize | undefined) | undefined;
};

/** Rejects where the SDL is no supergraph. No subgraph has to be up: each is connected to when it is first asked. */
export async function openGraph(sdl: string, options: GraphOptions): Promise<Graph> {
  const {
    connect,
    limits,
    observer,
    planTimeoutMs,
    planBudgetMs,
    authorizeBy,
    relationLimits,
    ...execution
  } = options;
  // It takes as long to start as the supergraph takes to be read here.
  startPlanner();
  const supergraph = loadSupergraph(sdl);
  const planner = await openPlanner(sdl, planTimeoutMs, planBudgetMs);
  const relations = readRelations(supergraph);
  const subgraphs = new Map(
    supergraph.subgraphs.map(({ name, url }) => [
      name,
      guardSubgraph(name, connect(name, url), limits, observer),
    ]),
  );
  return {
    supergraph,
    subgraphs,
    executor: createExecutor({
      ...execution,
      supergraph,
      relations,
      semijoin: createSemijoin(relations, relationLimits),
      planner,
      subgraphs,
      authorize: authorizeBy?.(supergraph),
    }),
    async close() {
      planner.close();
      await Promise.all([...subgraphs.values()].map((subgraph) => subgraph.close?.()));
    },
  };
}

import { createExecutor, type Executor, type ExecutorOptions } from '../execution/executor.ts';
import type { Log } from '../lib/log.ts';
import type { ValuesOf } from '../lib/setting.ts';
import { openPlanner, startPlanner } from '../planning/planner.ts';
import type { settings as planningSettings } from '../planning/settings.ts';
import type { Authorize } from '../request/authorization.ts';
import type { RelationLimits } from '../semijoin/relation-limits.ts';
import { createSemijoin } from '../semijoin/semijoin.ts';
import { readRelations } from '../supergraph/relations.ts';
import { loadSupergraph, type Supergraph } from '../supergraph/supergraph.ts';
import { guardSubgraph, type SubgraphLimits } from '../upstream/policy.ts';
import type { GuardedSubgraph, Subgraph, SubgraphObserver } from '../upstream/subgraph.ts';

/** A supergraph in service with its connections, breakers and plans. */
export type Graph = {
  readonly supergraph: Supergraph;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly executor: Executor;
  close(): Promise<void>;
};

export type GraphOptions = ValuesOf<typeof planningSettings> &
  Omit<ExecutorOptions, 'supergraph' | 'relations' | 'semijoin' | 'planner' | 'subgraphs'> & {
    /** Limits of conditions and orders on related data. Default: `standardRelationLimits`. */
    readonly relationLimits?: Partial<RelationLimits> | undefined;
    /** Returns how the subgraph at an address is called. */
    readonly connect: (name: string, url: string) => Subgraph;
    readonly subgraphLimits: SubgraphLimits;
    readonly observer: SubgraphObserver;
    /** Creates the authorization of a supergraph; undefined when every caller sees everything. */
    readonly authorizeBy?: ((supergraph: Supergraph) => Authorize | undefined) | undefined;
  };

/**
 * Opens a graph. Rejects when the SDL is not a supergraph. Subgraphs need not be running: each is connected at its
 * first call.
 */
export async function openGraph(sdl: string, options: GraphOptions): Promise<Graph> {
  const {
    connect,
    subgraphLimits,
    observer,
    planTimeoutMs,
    planBudgetMs,
    authorizeBy,
    relationLimits,
    ...execution
  } = options;
  // The planner's process starts while this process reads the supergraph; both take equally long.
  startPlanner();
  const supergraph = loadSupergraph(sdl);
  const planner = await openPlanner(sdl, { planTimeoutMs, planBudgetMs });
  const relations = readRelations(supergraph);
  const subgraphs = new Map(
    supergraph.subgraphs.map(({ name, url }) => [
      name,
      guardSubgraph(name, connect(name, url), subgraphLimits, observer),
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

/** Creates an observer that logs when a subgraph fails and recovers. */
export const logBreakers = (log: Log): SubgraphObserver => ({
  onStateChange(subgraph, state, before) {
    if (before === 'closed') log.warn({ subgraph }, `Subgraph "${subgraph}" fails: it is left to recover.`);
    if (state === 'closed') log.info({ subgraph }, `Subgraph "${subgraph}" answers again.`);
  },
});

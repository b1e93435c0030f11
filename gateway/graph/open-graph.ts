import { type Owners, withOwners } from '@wenshu/schema/owners.ts';
import type { Executor, ExecutorOptions } from '../execution/execution.ts';
import { createExecutor } from '../execution/executor.ts';
import { hasRegions } from '../governance/regions.ts';
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

/** The reason why a supergraph cannot be used. Another supergraph may be usable. */
export class UnusableSupergraph extends Error {}

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
 * Opens a graph. Rejects with `UnusableSupergraph` when the SDL is not a supergraph, or cannot be planned or
 * authorized. Then nothing stays open. Subgraphs need not be running: each is connected at its first call.
 */
export async function openGraph(sdl: string, options: GraphOptions): Promise<Graph> {
  const {
    connect,
    subgraphLimits,
    observer,
    planTimeoutMs,
    planBudgetMs,
    authorizeBy,
    regionsWithout,
    relationLimits,
    ...execution
  } = options;
  await using opening = new AsyncDisposableStack();
  const supergraph = readSupergraph(sdl);
  const { planner, relations, authorize } = await orUnusable(async () => {
    const planner = await openPlanner(sdl, { planTimeoutMs, planBudgetMs });
    opening.defer(planner.close);
    return {
      planner,
      relations: readRelations(supergraph),
      authorize: authorizeBy?.(supergraph),
    };
  });
  const subgraphs = new Map<string, GuardedSubgraph>();
  opening.defer(async () => {
    await Promise.all([...subgraphs.values()].map((subgraph) => subgraph.close?.()));
  });
  for (const { name, url } of supergraph.subgraphs) {
    subgraphs.set(name, guardSubgraph(name, connect(name, url), subgraphLimits, observer));
  }
  const semijoin = createSemijoin(relations, relationLimits);
  const executor = createExecutor({
    ...execution,
    supergraph,
    relations,
    semijoin,
    planner,
    subgraphs,
    authorize,
    regionsWithout: hasRegions(supergraph) ? regionsWithout : undefined,
  });
  const opened = opening.move();
  return { supergraph, subgraphs, executor, close: () => opened.disposeAsync() };
}

/** Reads a supergraph. Throws `UnusableSupergraph`. */
export function readSupergraph(sdl: string): Supergraph {
  // The planner's process starts while this process reads the supergraph; both take equally long.
  startPlanner();
  try {
    return loadSupergraph(sdl);
  } catch (cause) {
    throw unusable(cause);
  }
}

/** Puts the owners of this deployment into a supergraph. Throws `UnusableSupergraph` when it gives them nothing. */
export function assignOwners(sdl: string, owners: Owners): string {
  try {
    return withOwners(sdl, owners);
  } catch (cause) {
    throw unusable(cause);
  }
}

async function orUnusable<T>(reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (cause) {
    throw unusable(cause);
  }
}

const unusable = (cause: unknown) =>
  new UnusableSupergraph(cause instanceof Error ? cause.message : String(cause), { cause });

/** Creates an observer that logs when a subgraph fails and recovers. */
export const logBreakers = (log: Log): SubgraphObserver => ({
  onStateChange(subgraph, state, before) {
    if (before === 'closed') log.warn({ subgraph }, `Subgraph "${subgraph}" fails: it is left to recover.`);
    if (state === 'closed') log.info({ subgraph }, `Subgraph "${subgraph}" answers again.`);
  },
});

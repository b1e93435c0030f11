import { createExecutor, type Executor, type ExecutorOptions } from './executor.ts';
import type { GuardedSubgraph, Subgraph, SubgraphObserver } from './subgraph.ts';
import { guardSubgraph, type SubgraphLimits } from './subgraph-policy.ts';
import { loadSupergraph, type Supergraph } from './supergraph.ts';

/** A supergraph in service, with all that belongs to it: connections, breakers, plans. */
export type Graph = {
  readonly supergraph: Supergraph;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly executor: Executor;
  close(): Promise<void>;
};

export type GraphOptions = Omit<ExecutorOptions, 'supergraph' | 'subgraphs'> & {
  /** How a subgraph is asked that is at this address. */
  readonly connect: (name: string, url: string) => Subgraph;
  readonly limits: SubgraphLimits;
  readonly observer: SubgraphObserver;
};

/** Throws where the SDL is no supergraph. No subgraph has to be up: each is connected to when it is first asked. */
export function openGraph(sdl: string, { connect, limits, observer, ...execution }: GraphOptions): Graph {
  const supergraph = loadSupergraph(sdl);
  const subgraphs = new Map(
    supergraph.subgraphs.map(({ name, url }) => [
      name,
      guardSubgraph(name, connect(name, url), limits, observer),
    ]),
  );
  return {
    supergraph,
    subgraphs,
    executor: createExecutor({ ...execution, supergraph, subgraphs }),
    async close() {
      await Promise.all([...subgraphs.values()].map((subgraph) => subgraph.close?.()));
    },
  };
}

import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';

/** Subgraph of market regulation: enterprises, regions, and the figures of both. */
export const enterprisesSubgraph = (options: SubgraphOptions) =>
  createSubgraph('enterprises', { shared: graph, own: resolvers, lists }, options);

import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { resolvers, sharedResolvers } from './resolvers.ts';

/** Subgraph of market regulation: enterprises, regions, and the figures of both. */
export const enterprisesSubgraph = (options: SubgraphOptions) =>
  createSubgraph('enterprises', { shared: sharedResolvers, own: resolvers, lists }, options);

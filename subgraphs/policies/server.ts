import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { resolvers, sharedResolvers } from './resolvers.ts';

/** The subgraph of policies: what is issued, by which agency, with which measures and for whom. */
export const policiesSubgraph = (options: SubgraphOptions) =>
  createSubgraph('policies', { shared: sharedResolvers, own: resolvers, lists }, options);

import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';

/** Subgraph of policies: policies with their issuers, measures and addressees. */
export const policiesSubgraph = (options: SubgraphOptions) =>
  createSubgraph('policies', { shared: graph, own: resolvers, lists }, options);

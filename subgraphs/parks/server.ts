import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';

/** Subgraph of culture and tourism: parks, projects, and the figures of both. */
export const parksSubgraph = (options: SubgraphOptions) =>
  createSubgraph('parks', { shared: graph, own: resolvers, lists }, options);

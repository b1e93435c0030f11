import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';

/** Subgraph of Party building: Party organisations, their brands and mechanisms, and their coverage. */
export const partySubgraph = (options: SubgraphOptions) =>
  createSubgraph('party', { shared: graph, own: resolvers, lists }, options);

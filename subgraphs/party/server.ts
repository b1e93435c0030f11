import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { resolvers, sharedResolvers } from './resolvers.ts';

/** Subgraph of Party building: Party organisations, their brands and mechanisms, and their coverage. */
export const partySubgraph = (options: SubgraphOptions) =>
  createSubgraph('party', { shared: sharedResolvers, own: resolvers, lists }, options);

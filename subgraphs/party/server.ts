import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { resolvers, sharedResolvers } from './resolvers.ts';

/** The subgraph of Party building: Party organisations, their brands and mechanisms, and what they cover. */
export const partySubgraph = (options: SubgraphOptions) =>
  createSubgraph('party', { shared: sharedResolvers, own: resolvers, lists }, options);

import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { createResolvers, type HubRules, sharedResolvers } from './resolvers.ts';

/** The hub's own part of the graph: the API keys of partners, and the agreements between departments. */
export const hubSubgraph = (options: SubgraphOptions & HubRules) =>
  createSubgraph('hub', { shared: sharedResolvers, own: createResolvers(options) }, options);

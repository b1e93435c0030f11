import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';

/** Subgraph of culture and tourism: events, works, and the figures of events. */
export const eventsSubgraph = (options: SubgraphOptions) =>
  createSubgraph('events', { shared: graph, own: resolvers, lists }, options);

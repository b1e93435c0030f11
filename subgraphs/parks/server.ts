import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';
import { workflows } from './workflows/workflows.ts';

const member = readMember('parks', new URL('./', import.meta.url));

/** Subgraph of culture and tourism: parks, projects, and the figures of both. */
export const parksSubgraph = (options: SubgraphOptions) =>
  createSubgraph(member, { shared: graph, own: resolvers, lists, workflows }, options);

import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { lists } from './queries.ts';
import { graph, resolvers } from './resolvers.ts';
import { workflows } from './workflows/workflows.ts';

const member = readMember('party', new URL('./', import.meta.url));

/** Subgraph of Party building: Party organisations, their brands and mechanisms, and their coverage. */
export const partySubgraph = (options: SubgraphOptions) =>
  createSubgraph(member, { shared: graph, own: resolvers, lists, workflows }, options);

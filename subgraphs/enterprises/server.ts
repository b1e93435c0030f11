import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { graph } from './graph.ts';
import { lists } from './queries.ts';
import { resolvers } from './resolvers.ts';
import { workflows } from './workflows/workflows.ts';

const member = readMember('enterprises', new URL('./', import.meta.url));

/** Subgraph of market regulation: enterprises, regions, and the figures of both. */
export const enterprisesSubgraph = (options: SubgraphOptions) =>
  createSubgraph(member, { shared: graph, own: resolvers, lists, workflows }, options);

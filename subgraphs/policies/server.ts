import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { lists } from './queries.ts';
import { graph } from './references.ts';
import { resolvers } from './resolvers.ts';
import { workflows } from './workflows/workflows.ts';

const member = readMember('policies', new URL('./', import.meta.url));

/** Subgraph of policies: policies with their issuers, measures and addressees. */
export const policiesSubgraph = (options: SubgraphOptions) =>
  createSubgraph(member, { shared: graph, own: resolvers, lists, workflows }, options);

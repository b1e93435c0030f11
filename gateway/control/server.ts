import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { correctionWorkflow } from './corrections/corrections.ts';
import { type ControlRules, createResolvers, sharedResolvers } from './resolvers.ts';

export const member = readMember('control', new URL('./', import.meta.url));

/** Creates the control plane's subgraph: API keys of partners, and agreements between departments. */
export const controlSubgraph = (options: SubgraphOptions & ControlRules) =>
  createSubgraph(
    member,
    {
      shared: { resolvers: sharedResolvers },
      own: createResolvers(options),
      workflows: [correctionWorkflow],
    },
    options,
  );

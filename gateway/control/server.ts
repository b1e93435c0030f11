import { createSubgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { type ControlRules, createResolvers, sharedResolvers } from './resolvers.ts';

/** Creates the control plane's subgraph: API keys of partners, and agreements between departments. */
export const controlSubgraph = (options: SubgraphOptions & ControlRules) =>
  createSubgraph(
    'control',
    { shared: { resolvers: sharedResolvers }, own: createResolvers(options) },
    options,
  );

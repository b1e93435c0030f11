import type { SubgraphName } from './subgraph-sdl.ts';

/** The types whose objects workflows work on, each with the subgraph that keeps them. */
export const workflowTypes = {
  ServiceRequest: 'policies',
} as const satisfies Readonly<Record<string, SubgraphName>>;

export type WorkflowTypeName = keyof typeof workflowTypes;

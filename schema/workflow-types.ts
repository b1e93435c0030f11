import type { MemberName } from './subgraph-sdl.ts';

/** The types whose objects workflows work on, each with the subgraph that keeps them. */
export const workflowTypes = {
  Correction: 'control',
  PartyActivity: 'party',
  PartyBrand: 'party',
  PartyBrandPlan: 'party',
  PartyCoverageCase: 'party',
  ServiceRequest: 'policies',
} as const satisfies Readonly<Record<string, MemberName>>;

export type WorkflowTypeName = keyof typeof workflowTypes;

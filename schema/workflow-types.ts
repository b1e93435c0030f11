import type { MemberName } from './subgraph-sdl.ts';

/** The types whose objects workflows work on, each with the subgraph that keeps them. */
export const workflowTypes = {
  BlacklistEntry: 'enterprises',
  Correction: 'control',
  DualEffectAssessment: 'enterprises',
  Finding: 'enterprises',
  GuidePrice: 'enterprises',
  InspectionCampaign: 'events',
  Listing: 'policies',
  MatchingRun: 'policies',
  OpenCall: 'policies',
  OpenCallClaim: 'policies',
  PartyActivity: 'party',
  PartyBrand: 'party',
  PartyBrandPlan: 'party',
  PartyCoverageCase: 'party',
  PaymentRule: 'policies',
  Payout: 'policies',
  ProjectLedger: 'parks',
  ServiceRequest: 'policies',
  StarList: 'policies',
} as const satisfies Readonly<Record<string, MemberName>>;

export type WorkflowTypeName = keyof typeof workflowTypes;

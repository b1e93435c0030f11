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

type InCapitals<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Uppercase<First> ? `_${First}` : Uppercase<First>}${InCapitals<Rest>}`
  : '';

type WithoutFirst<Text extends string> = Text extends `_${infer Rest}` ? Rest : never;

/** The same types as values of the enum `WorkflowType`. */
export type WorkflowTypeValue = WithoutFirst<InCapitals<WorkflowTypeName>>;

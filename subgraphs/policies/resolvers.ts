import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { countBy, type PageArgs, page, pageBy } from '@wenshu/kit/page.ts';
import { factsOf, referenceOrNull } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import type { GraphQLResolveInfo } from 'graphql';
import type { PolicyMatch } from './eligibility.ts';
import { listMatches, type MatchArgs } from './matches.ts';
import {
  agencyList,
  issuedBy,
  measureList,
  naming,
  parkKey,
  policyList,
  restingOn,
  servingPark,
  subordinateTo,
} from './queries.ts';
import {
  type AgencyRow,
  agencies,
  type MeasureRow,
  measureResponsible,
  measures,
  type PolicyRow,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
  shared,
} from './tables.ts';

type Info = GraphQLResolveInfo;
type RoleArgs = PageArgs & { role?: string | null };
type TargetRow = { targetType: string; targetId: string };

/** An enterprise as the gateway hands it over, with what the register of enterprises knows of it. */
interface EnterpriseRepresentation {
  id: string;
  region?: { code: string } | null;
  regionBasis?: 'STATED' | 'CONTEXT' | null;
  tiers?: { tier: string }[] | null;
  tiersCheckedOn?: string | null;
}

/** A park as the gateway hands it over, with what the register of parks knows of it. */
interface ParkRepresentation {
  id: string;
  kind: string;
  region?: { code: string } | null;
  /** Without an id where it is not an agency. */
  operator?: { id?: string } | null;
}

const graph = sharedGraph(shared, [policyList, measureList, agencyList]);

export const sharedResolvers = graph.resolvers;

export const resolvers = {
  Query: {
    policy: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, policyList, info, id),
    policyByDocNo: (_root: unknown, { docNo }: { docNo: string }, context: Context, info: Info) =>
      oneByKey(context, policyList, info, docNo, policies.docNo),
    policies: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, policyList, args, info),
    measure: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, measureList, info, id),
    agency: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, agencyList, info, id),
    agencies: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, agencyList, args, info),
    source: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      graph.source(context, info, id),
    sources: (_root: unknown, _args: unknown, context: Context) => graph.sources(context),
    policyIndicators: (_root: unknown, args: IndicatorArgs, context: Context, info: Info) =>
      graph.indicatorPage(context, args, info),
  },

  Policy: {
    ...graph.record,
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, policyList, info, id),
    issuers: async (policy: PolicyRow, _args: unknown, context: Context, info: Info) => {
      const { policyId, seq } = policyIssuers;
      const issuers = await manyByKey(context, policyIssuers, policyId, policy.id, seq);
      return nullIfNone(issuers)?.map((issuer) => referTo(issuer, context, info));
    },
    basedOn: async (policy: PolicyRow, _args: unknown, context: Context, info: Info) => {
      const { policyId, seq } = policyBases;
      const bases = await manyByKey(context, policyBases, policyId, policy.id, seq);
      return bases.map(({ basisId }) => referenceByKey(context, policyList, info, basisId));
    },
    basisOf: (policy: PolicyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, policyList, restingOn, policy.id, args, info),
    measures: async (policy: PolicyRow, _args: unknown, context: Context) =>
      nullIfNone(await manyByKey(context, measures, measures.policyId, policy.id, measures.seq)),
    eligibility: async (policy: PolicyRow, _args: unknown, context: Context) => {
      const { policyId, seq } = policyEligibility;
      return nullIfNone(await manyByKey(context, policyEligibility, policyId, policy.id, seq));
    },
    subjects: async (policy: PolicyRow, { role }: { role?: string | null }, context: Context) => {
      const { policyId, seq } = policySubjects;
      const subjects = await manyByKey(context, policySubjects, policyId, policy.id, seq);
      return role ? subjects.filter((subject) => subject.role === role) : subjects;
    },
    indicators: graph.indicatorsOf,
  },

  PolicySubject: {
    subject: (subject: TargetRow, _args: unknown, context: Context, info: Info) =>
      referTo(subject, context, info),
  },

  Measure: {
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, measureList, info, id),
    policy: (measure: MeasureRow, _args: unknown, context: Context, info: Info) =>
      referenceByKey(context, policyList, info, measure.policyId),
    responsible: async (measure: MeasureRow, _args: unknown, context: Context, info: Info) => {
      const { measureId, seq } = measureResponsible;
      const responsible = await manyByKey(context, measureResponsible, measureId, measure.id, seq);
      return nullIfNone(responsible)?.map((actor) => referTo(actor, context, info));
    },
    quantities: (measure: MeasureRow) => factsOf(measure.quantities),
  },

  Agency: {
    ...graph.record,
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, agencyList, info, id),
    parent: (agency: AgencyRow, _args: unknown, context: Context, info: Info) =>
      agency.parentId ? referenceByKey(context, agencyList, info, agency.parentId) : null,
    subordinates: (agency: AgencyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, agencyList, subordinateTo, agency.id, args, info),
    locatedIn: (agency: AgencyRow) => referenceOrNull('Park', agency.parkId),
    issuedPolicies,
    policies: policiesNaming('Agency'),
    indicators: graph.indicatorsOf,
  },

  PolicyMatch: {
    policy: (match: PolicyMatch, _args: unknown, context: Context, info: Info) =>
      referenceByKey(context, policyList, info, match.policyId),
  },

  Enterprise: {
    policies: policiesNaming('Enterprise'),
    policyMatches: (enterprise: EnterpriseRepresentation, args: MatchArgs, context: Context) =>
      listMatches(
        context,
        {
          type: 'enterprise',
          region: enterprise.region?.code ?? null,
          regionBasis: enterprise.regionBasis ?? null,
          tiers: enterprise.tiers?.map(({ tier }) => tier) ?? null,
          areTiersComplete: Boolean(enterprise.tiersCheckedOn),
        },
        args,
      ),
  },

  Park: {
    policies: policiesNaming('Park'),
    policyMatches: (park: ParkRepresentation, args: MatchArgs, context: Context) =>
      listMatches(context, { type: 'park', region: park.region?.code ?? null, kind: park.kind }, args),
    serviceStations: (park: ParkRepresentation, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, agencyList, servingPark, parkKey(park.id, park.operator?.id ?? null), args, info),
  },

  PartyUnit: { issuedPolicies, policies: policiesNaming('PartyUnit') },
  PartyBrand: { policies: policiesNaming('PartyBrand') },
  Work: { policies: policiesNaming('Work') },

  Region: {
    policies: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, policyList, policiesIn(args.includeSubregions), region.code, args, info),
    policyCount: (region: { code: string }, _args: unknown, context: Context) =>
      countBy(context, policyList, policiesIn(true), region.code),
    agencies: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, agencyList, agenciesIn(args.includeSubregions), region.code, args, info),
    agencyCount: (region: { code: string }, _args: unknown, context: Context) =>
      countBy(context, agencyList, agenciesIn(true), region.code),
    policyIndicators: graph.indicatorsIn,
  },
};

const referTo = ({ targetType, targetId }: TargetRow, context: Context, info: Info) =>
  graph.refer(context, info, targetType, targetId);

function issuedPolicies(issuer: { id: string }, args: PageArgs, context: Context, info: Info) {
  return pageBy(context, policyList, issuedBy, issuer.id, args, info);
}

/** The policies that name a subject of this type, in one role or in any. */
function policiesNaming(type: string) {
  return (subject: { id: string }, { role, ...args }: RoleArgs, context: Context, info: Info) =>
    pageBy(context, policyList, naming(type, role), subject.id, args, info);
}

const policiesIn = (includeSubregions: boolean) =>
  graph.inRegion('policies', policies.regionCode, includeSubregions);

const agenciesIn = (includeSubregions: boolean) =>
  graph.inRegion('agencies', agencies.regionCode, includeSubregions);

/** No row means that the source says nothing, which is not to say that there is nothing. */
const nullIfNone = <Row>(rows: Row[]): Row[] | null => (rows.length > 0 ? rows : null);

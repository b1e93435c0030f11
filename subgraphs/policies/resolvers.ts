import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import type { PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { subjectsIn } from '@wenshu/kit/parts.ts';
import { factsOf, referenceOrNull } from '@wenshu/kit/reference.ts';
import { summaryFields } from '@wenshu/kit/summary-groups.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { criteriaOf } from './conditions.ts';
import { matchResolvers } from './match-resolvers.ts';
import { enterpriseSubject, parkSubject, profileSubject } from './match-subjects.ts';
import { listMatches } from './matches.ts';
import { measuresOf } from './measures.ts';
import {
  claimsOfAgency,
  claimsOfEnterpriseField,
  openCallQueries,
  openCallResolvers,
} from './open-call-resolvers.ts';
import { payoutQueries, payoutResolvers, payoutsOfMeasure } from './payout-resolvers.ts';
import { measureList, policyList } from './policy-lists.ts';
import {
  agencyList,
  openCallList,
  paidUnder,
  payoutList,
  publishedEntriesOf,
  serviceRequestList,
  starListList,
} from './queries.ts';
import { agencyById, enterpriseOf, graph, issuingAgencies, policyOf } from './references.ts';
import {
  assignedTo,
  beyondDraft,
  callsClaimedBy,
  callsOfProject,
  callsOfPublisher,
  callsUnder,
  issuedBy,
  namingPolicies,
  parkKey,
  payoutsBy,
  payoutsTo,
  payoutsUnder,
  requestsOfEnterprise,
  requestsOfProject,
  requestsUnder,
  restingOn,
  servingPark,
  starListsUnder,
  subordinateTo,
} from './relations.ts';
import type { Resolvers } from './schema-types.ts';
import { figureFields, summariseRequests } from './service-request-summary.ts';
import { byDueDay, isOnAgenda } from './service-requests.ts';
import { starListResolvers } from './star-list-resolvers.ts';
import { summariseStarLists } from './star-list-summary.ts';
import { enterprisesOfPolicy, namingsOfAgency, subjectsOfPolicy } from './subjects.ts';
import {
  agencies,
  agencySubjects,
  enterpriseCommissioners,
  measureResponsible,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  qualifyingLists,
  serviceRequests,
  starLists,
} from './tables.ts';
import { workflowResolvers } from './workflows/resolvers.ts';

type Info = GraphQLResolveInfo;
type RoleArgs = PageArgs & { role?: string | null };
type TargetRow = { targetType: string; targetId: string };

export const resolvers: Resolvers = {
  ...workflowResolvers,
  ...starListResolvers(graph),

  Query: {
    policy: (_root, { id }, context, info) => oneByKey(context, policyList, info, id),
    policyByDocNo: (_root, { docNo }, context, info) =>
      oneByKey(context, policyList, info, docNo, policies.docNo),
    policyMatchesFor: (_root, { profile, synthetic, ...args }, context) =>
      listMatches(context, profileSubject(profile), readsSynthetic(context, synthetic), args),
    policies: (_root, args, context, info) => page(context, policyList, args, info),
    measure: (_root, { id }, context, info) => oneByKey(context, measureList, info, id),
    measures: (_root, args, context, info) => page(context, measureList, args, info),
    agency: (_root, { id }, context, info) => oneByKey(context, agencyList, info, id),
    agencies: (_root, args, context, info) => page(context, agencyList, args, info),
    source: (_root, { id }, context, info) => graph.source(context, info, id),
    sources: (_root, { synthetic }, context) => graph.sources(context, synthetic),
    policyIndicators: (_root, args, context, info) => graph.indicatorPage(context, args, info),
    serviceRequest: (_root, { id }, context, info) => oneByKey(context, serviceRequestList, info, id),
    serviceRequests: (_root, args, context, info) => page(context, serviceRequestList, args, info),
    serviceRequestAgenda: (_root, { meeting, on, ...args }, context, info) =>
      page(context, serviceRequestList, { ...args, orderBy: byDueDay }, info, isOnAgenda(meeting, on)),
    serviceRequestSummary: (_root, args, context) => summariseRequests(context, args),
    starList: (_root, { id }, context, info) => oneByKey(context, starListList, info, id),
    starLists: (_root, args, context, info) => page(context, starListList, args, info),
    starListSummary: (_root, args, context) => summariseStarLists(context, args),
    ...payoutQueries,
    ...openCallQueries,
  },

  Policy: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, policyList, info, id),
    issuers: async (policy, _args, context, info) => {
      const { policyId, seq } = policyIssuers;
      const issuers = await manyByKey(context, policyIssuers, policyId, policy.id, seq);
      return nullIfNone(issuers.map((issuer) => referTo(issuer, context, info)));
    },
    issuingAgencies,
    basedOn: async (policy, _args, context, info) => {
      const { policyId, seq } = policyBases;
      const bases = await manyByKey(context, policyBases, policyId, policy.id, seq);
      return nullIfNone(bases.map(({ basisId }) => referenceByKey(context, policyList, info, basisId)));
    },
    basisOf: (policy, args, context, info) => pageBy(context, policyList, restingOn, policy.id, args, info),
    measures: async (policy, _args, context) => nullIfNone(await measuresOf(context, policy.id)),
    eligibility: async (policy, _args, context) => {
      const { policyId, seq } = policyEligibility;
      return nullIfNone(await manyByKey(context, policyEligibility, policyId, policy.id, seq));
    },
    lists: async (policy, _args, context) => {
      const { policyId, seq } = qualifyingLists;
      return nullIfNone(await manyByKey(context, qualifyingLists, policyId, policy.id, seq));
    },
    criteria: (policy, _args, context) => criteriaOf(context, policy.id),
    subjects: subjectsOfPolicy,
    enterprises: enterprisesOfPolicy,
    serviceRequests: (policy, args, context, info) =>
      pageBy(context, serviceRequestList, requestsUnder, policy.id, args, info),
    starLists: (policy, args, context, info) =>
      pageBy(context, starListList, starListsUnder, policy.id, args, info),
    payouts: (policy, args, context, info) =>
      pageBy(context, payoutList, payoutsUnder, policy.id, args, info),
    paidTotal: (policy, _args, context) => paidUnder(context, policy.id),
    openCalls: (policy, args, context, info) =>
      pageBy(context, openCallList, callsUnder, policy.id, args, info),
    indicators: graph.indicatorsOf,
  },

  PolicySubject: {
    subject: (subject, _args, context, info) => referTo(subject, context, info),
  },

  Measure: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, measureList, info, id),
    policy: (measure, _args, context, info) => referenceByKey(context, policyList, info, measure.policyId),
    responsible: async (measure, _args, context, info) => {
      const { measureId, seq } = measureResponsible;
      const responsible = await manyByKey(context, measureResponsible, measureId, measure.id, seq);
      return nullIfNone(responsible.map((actor) => referTo(actor, context, info)));
    },
    quantities: (measure) => factsOf(measure.quantities),
    ...payoutsOfMeasure,
    synthetic: ({ id }) => isSyntheticId(id),
  },

  Agency: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, agencyList, info, id),
    parent: (agency, _args, context, info) =>
      agency.parentId ? referenceByKey(context, agencyList, info, agency.parentId) : null,
    subordinates: (agency, args, context, info) =>
      pageBy(context, agencyList, subordinateTo, agency.id, args, info),
    locatedIn: (agency) => referenceOrNull('Park', agency.parkId),
    subjects: subjectsIn(agencySubjects),
    namedBy: namingsOfAgency,
    issuedPolicies,
    policies: policiesNaming('Agency'),
    assignments: (agency, { role, ...args }, context, info) =>
      pageBy(context, serviceRequestList, assignedTo(role), agency.id, args, info),
    payouts: (agency, args, context, info) => pageBy(context, payoutList, payoutsBy, agency.id, args, info),
    openCalls: (agency, args, context, info) =>
      pageBy(context, openCallList, callsOfPublisher, agency.id, args, info),
    ...claimsOfAgency,
    indicators: graph.indicatorsOf,
  },

  AgencyNaming: { agency: ({ ownerId }, _args, context, info) => agencyById(ownerId, context, info) },

  AgencySubject: {
    subject: (subject, _args, context, info) => referTo(subject, context, info),
  },

  ServiceRequestFigures: figureFields,
  ServiceRequestSummary: { ...summaryFields, region: graph.record.region },
  ServiceRequestSummaryRow: {
    region: graph.record.region,
    responsible: ({ responsibleId }, _args, context, info) => agencyById(responsibleId, context, info),
  },

  ...payoutResolvers({ agencyById, policyOf, enterpriseOf, region: graph.record.region }),

  ...openCallResolvers({ region: graph.record.region, agencyById, policyOf }),

  ...matchResolvers,

  Enterprise: {
    policies: policiesNaming('Enterprise'),
    policyMatches: (enterprise, args, context) =>
      listMatches(context, enterpriseSubject(enterprise), isSyntheticId(enterprise.id), args),
    commissioner: async (enterprise, _args, context, info) => {
      const { enterpriseId } = enterpriseCommissioners;
      const [found] = await manyByKey(
        context,
        enterpriseCommissioners,
        enterpriseId,
        enterprise.id,
        enterpriseId,
      );
      return agencyById(found?.agencyId ?? null, context, info);
    },
    serviceRequests: (enterprise, args, context, info) =>
      pageBy(context, serviceRequestList, requestsOfEnterprise, enterprise.id, args, info),
    starListEntries: async (enterprise, _args, context) =>
      nullIfNone(await publishedEntriesOf(context, enterprise.id)),
    payouts: (enterprise, args, context, info) =>
      pageBy(context, payoutList, payoutsTo, enterprise.id, args, info),
    openCalls: (enterprise, args, context, info) =>
      pageBy(context, openCallList, callsClaimedBy, enterprise.id, args, info),
    ...claimsOfEnterpriseField,
  },

  Park: {
    policies: policiesNaming('Park'),
    policyMatches: (park, args, context) =>
      listMatches(context, parkSubject(park), isSyntheticId(park.id), args),
    serviceStations: (park, args, context, info) =>
      pageBy(context, agencyList, servingPark, parkKey(park.id, park.operator?.id ?? null), args, info),
  },

  PartyUnit: { issuedPolicies, policies: policiesNaming('PartyUnit') },
  PartyBrand: { policies: policiesNaming('PartyBrand') },
  Work: { policies: policiesNaming('Work') },

  Project: {
    serviceRequests: (project, args, context, info) =>
      pageBy(context, serviceRequestList, requestsOfProject, project.id, args, info),
    openCalls: (project, args, context, info) =>
      pageBy(context, openCallList, callsOfProject, project.id, args, info),
  },

  Region: {
    policies: (region, args, context, info) =>
      pageBy(context, policyList, policiesIn(args.includeSubregions), region.code, args, info),
    policyCount: (region, args, context) =>
      countOfKind(context, policyList, beyondDraft(policiesIn(true)), region.code, args),
    agencies: (region, args, context, info) =>
      pageBy(context, agencyList, agenciesIn(args.includeSubregions), region.code, args, info),
    agencyCount: (region, args, context) =>
      countOfKind(context, agencyList, agenciesIn(true), region.code, args),
    policyIndicators: graph.indicatorsIn,
    serviceRequests: (region, args, context, info) =>
      pageBy(context, serviceRequestList, requestsIn(args.includeSubregions), region.code, args, info),
    serviceRequestCount: (region, args, context) =>
      countOfKind(context, serviceRequestList, requestsIn(true), region.code, args),
    starLists: (region, args, context, info) =>
      pageBy(context, starListList, starListsIn(args.includeSubregions), region.code, args, info),
  },
};

const referTo = ({ targetType, targetId }: TargetRow, context: Context, info: Info) =>
  graph.refer(context, info, targetType, targetId);

function issuedPolicies(issuer: { id: string }, args: PageArgs, context: Context, info: Info) {
  return pageBy(context, policyList, issuedBy, issuer.id, args, info);
}

/** Resolves the policies that name a subject of this type, in one role or in any. */
function policiesNaming(type: string) {
  return (subject: { id: string }, { role, ...args }: RoleArgs, context: Context, info: Info) =>
    pageBy(context, policyList, namingPolicies(type, role), subject.id, args, info);
}

const policiesIn = (includeSubregions: boolean) =>
  graph.inRegion('policies', policies.regionCode, includeSubregions);

const agenciesIn = (includeSubregions: boolean) =>
  graph.inRegion('agencies', agencies.regionCode, includeSubregions);

const requestsIn = (includeSubregions: boolean) =>
  graph.inRegion('service requests', serviceRequests.regionCode, includeSubregions);

const starListsIn = (includeSubregions: boolean) =>
  graph.inRegion('star lists', starLists.regionCode, includeSubregions);

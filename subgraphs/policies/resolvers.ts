import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { page } from '@wenshu/kit/page.ts';
import type { KindArgs, PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { factsOf, reference, referenceOrNull } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import type { GraphQLResolveInfo } from 'graphql';
import type { PolicyMatch } from './eligibility.ts';
import { listMatches, type MatchArgs } from './matches.ts';
import {
  agencyList,
  assignedTo,
  beyondDraft,
  callsClaimedBy,
  callsOfProject,
  callsOfPublisher,
  callsUnder,
  issuedBy,
  measureList,
  naming,
  openCallList,
  paidUnder,
  parkKey,
  payoutList,
  payoutsBy,
  payoutsTo,
  payoutsUnder,
  policyList,
  publishedEntriesOf,
  requestsOfEnterprise,
  requestsUnder,
  restingOn,
  serviceRequestList,
  servingPark,
  starListList,
  starListsUnder,
  subordinateTo,
} from './queries.ts';
import { isOverdue, type SummaryArgs, summariseRequests } from './service-requests.ts';
import {
  type AgencyRow,
  agencies,
  type MeasureRow,
  measureResponsible,
  measures,
  type OpenCallRow,
  openCallSteps,
  type PayoutRow,
  type PolicyRow,
  payoutSteps,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
  type ServiceRequestRow,
  type StarListEntryRow,
  type StarListRow,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
  shared,
  starListEntries,
  starLists,
} from './tables.ts';

type Info = GraphQLResolveInfo;
type RoleArgs = PageArgs & { role?: string | null };
type Key = { id: string };
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
    serviceRequest: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, serviceRequestList, info, id),
    serviceRequests: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, serviceRequestList, args, info),
    serviceRequestSummary: (_root: unknown, args: SummaryArgs, context: Context) =>
      summariseRequests(context, args),
    starList: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, starListList, info, id),
    starLists: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, starListList, args, info),
    payout: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, payoutList, info, id),
    payouts: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, payoutList, args, info),
    openCall: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, openCallList, info, id),
    openCalls: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, openCallList, args, info),
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
    serviceRequests: (policy: PolicyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, serviceRequestList, requestsUnder, policy.id, args, info),
    starLists: (policy: PolicyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, starListList, starListsUnder, policy.id, args, info),
    payouts: (policy: PolicyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, payoutList, payoutsUnder, policy.id, args, info),
    paidTotal: (policy: PolicyRow, _args: unknown, context: Context) => paidUnder(context, policy.id),
    openCalls: (policy: PolicyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, openCallList, callsUnder, policy.id, args, info),
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
    assignments: (agency: AgencyRow, { role, ...args }: RoleArgs, context: Context, info: Info) =>
      pageBy(context, serviceRequestList, assignedTo(role), agency.id, args, info),
    payouts: (agency: AgencyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, payoutList, payoutsBy, agency.id, args, info),
    openCalls: (agency: AgencyRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, openCallList, callsOfPublisher, agency.id, args, info),
    indicators: graph.indicatorsOf,
  },

  ServiceRequest: {
    __resolveReference: ({ id }: Key, context: Context, info: Info) =>
      oneByKey(context, serviceRequestList, info, id),
    enterprise: enterpriseOf,
    region: graph.record.region,
    responsible: (request: ServiceRequestRow, _args: unknown, context: Context, info: Info) =>
      agencyById(request.responsibleId, context, info),
    coHandlers: async (request: ServiceRequestRow, _args: unknown, context: Context, info: Info) => {
      const { requestId, seq } = serviceRequestCoHandlers;
      const handlers = await manyByKey(context, serviceRequestCoHandlers, requestId, request.id, seq);
      return handlers.map(({ agencyId }) => agencyById(agencyId, context, info));
    },
    history: (request: ServiceRequestRow, _args: unknown, context: Context) => {
      const { requestId, seq } = serviceRequestSteps;
      return manyByKey(context, serviceRequestSteps, requestId, request.id, seq);
    },
    isOverdue,
    policy: policyOf,
  },

  ServiceRequestStep: {
    agency: (step: { agencyId: string | null }, _args: unknown, context: Context, info: Info) =>
      agencyById(step.agencyId, context, info),
  },

  ServiceRequestSummary: { region: graph.record.region },

  StarList: {
    __resolveReference: ({ id }: Key, context: Context, info: Info) =>
      oneByKey(context, starListList, info, id),
    region: graph.record.region,
    policy: policyOf,
    entries: (list: StarListRow, _args: unknown, context: Context) => {
      const { listId, rank, enterpriseId } = starListEntries;
      return manyByKey(context, starListEntries, listId, list.id, rank, enterpriseId);
    },
  },

  StarListEntry: {
    list: (entry: StarListEntryRow, _args: unknown, context: Context, info: Info) =>
      referenceByKey(context, starListList, info, entry.listId),
    enterprise: enterpriseOf,
    vetoedBy: (entry: StarListEntryRow, _args: unknown, context: Context, info: Info) =>
      agencyById(entry.vetoedById, context, info),
  },

  Payout: {
    __resolveReference: ({ id }: Key, context: Context, info: Info) =>
      oneByKey(context, payoutList, info, id),
    policy: policyOf,
    measure: (payout: PayoutRow, _args: unknown, context: Context, info: Info) =>
      payout.measureId ? referenceByKey(context, measureList, info, payout.measureId) : null,
    enterprise: enterpriseOf,
    payingAgency: (payout: PayoutRow, _args: unknown, context: Context, info: Info) =>
      agencyById(payout.payingAgencyId, context, info),
    history: (payout: PayoutRow, _args: unknown, context: Context) =>
      manyByKey(context, payoutSteps, payoutSteps.payoutId, payout.id, payoutSteps.seq),
  },

  OpenCall: {
    __resolveReference: ({ id }: Key, context: Context, info: Info) =>
      oneByKey(context, openCallList, info, id),
    policy: policyOf,
    publisher: (call: OpenCallRow, _args: unknown, context: Context, info: Info) =>
      agencyById(call.publisherId, context, info),
    region: async (call: OpenCallRow, args: unknown, context: Context, info: Info) => {
      if (!call.publisherId) return null;
      const [publisher] = await manyByKey(context, agencies, agencies.id, call.publisherId, agencies.id);
      return publisher ? graph.record.region(publisher, args, context, info) : null;
    },
    claimant: (call: OpenCallRow) => referenceOrNull('Enterprise', call.claimantId),
    project: (call: OpenCallRow) => referenceOrNull('Project', call.projectId),
    history: (call: OpenCallRow, _args: unknown, context: Context) =>
      manyByKey(context, openCallSteps, openCallSteps.openCallId, call.id, openCallSteps.seq),
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
          isSynthetic: isSyntheticId(enterprise.id),
          region: enterprise.region?.code ?? null,
          regionBasis: enterprise.regionBasis ?? null,
          tiers: enterprise.tiers?.map(({ tier }) => tier) ?? null,
          areTiersComplete: Boolean(enterprise.tiersCheckedOn),
        },
        args,
      ),
    serviceRequests: (enterprise: Key, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, serviceRequestList, requestsOfEnterprise, enterprise.id, args, info),
    starListEntries: (enterprise: Key, _args: unknown, context: Context) =>
      publishedEntriesOf(context, enterprise.id),
    payouts: (enterprise: Key, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, payoutList, payoutsTo, enterprise.id, args, info),
    openCalls: (enterprise: Key, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, openCallList, callsClaimedBy, enterprise.id, args, info),
  },

  Park: {
    policies: policiesNaming('Park'),
    policyMatches: (park: ParkRepresentation, args: MatchArgs, context: Context) =>
      listMatches(
        context,
        {
          type: 'park',
          isSynthetic: isSyntheticId(park.id),
          region: park.region?.code ?? null,
          kind: park.kind,
        },
        args,
      ),
    serviceStations: (park: ParkRepresentation, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, agencyList, servingPark, parkKey(park.id, park.operator?.id ?? null), args, info),
  },

  PartyUnit: { issuedPolicies, policies: policiesNaming('PartyUnit') },
  PartyBrand: { policies: policiesNaming('PartyBrand') },
  Work: { policies: policiesNaming('Work') },

  Project: {
    openCalls: (project: Key, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, openCallList, callsOfProject, project.id, args, info),
  },

  Region: {
    policies: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, policyList, policiesIn(args.includeSubregions), region.code, args, info),
    policyCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, policyList, beyondDraft(policiesIn(true)), region.code, args),
    agencies: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, agencyList, agenciesIn(args.includeSubregions), region.code, args, info),
    agencyCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, agencyList, agenciesIn(true), region.code, args),
    policyIndicators: graph.indicatorsIn,
    serviceRequests: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, serviceRequestList, requestsIn(args.includeSubregions), region.code, args, info),
    serviceRequestCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, serviceRequestList, requestsIn(true), region.code, args),
    starLists: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, starListList, starListsIn(args.includeSubregions), region.code, args, info),
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

const requestsIn = (includeSubregions: boolean) =>
  graph.inRegion('service requests', serviceRequests.regionCode, includeSubregions);

const starListsIn = (includeSubregions: boolean) =>
  graph.inRegion('star lists', starLists.regionCode, includeSubregions);

const agencyById = (id: string | null, context: Context, info: Info) =>
  id ? referenceByKey<AgencyRow>(context, agencyList, info, id) : null;

function policyOf(row: { policyId: string | null }, _args: unknown, context: Context, info: Info) {
  return row.policyId ? referenceByKey<PolicyRow>(context, policyList, info, row.policyId) : null;
}

function enterpriseOf(row: { enterpriseId: string }) {
  return reference('Enterprise', row.enterpriseId);
}

/** No row means that the source says nothing, which is not to say that there is nothing. */
const nullIfNone = <Row>(rows: Row[]): Row[] | null => (rows.length > 0 ? rows : null);

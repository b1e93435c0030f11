import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import { candidatePage } from '@wenshu/kit/candidates.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import type { KindArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { honoursIn, subjectsIn } from '@wenshu/kit/parts.ts';
import { referenceOrNull, referenceTo } from '@wenshu/kit/reference.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { creditCodeProblem } from '@wenshu/schema/credit-code.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { summariseAssessments } from './dual-effect-summary.ts';
import { findingList, findingsOfEnterprise } from './enforcement-lists.ts';
import { enforcementMutations, enforcementQueries, enforcementResolvers } from './enforcement-resolvers.ts';
import { funnelOf } from './funnel.ts';
import { graph } from './graph.ts';
import { countedEnterprises, publishedCoverage } from './party-coverage.ts';
import {
  assessmentList,
  assessmentsOf,
  blacklist,
  enterpriseList,
  inspectionList,
  inspectionsIn,
  inspectionsOf,
  inspectionsOfCampaign,
  membersOf,
  ofPark,
  standingEntryOf,
} from './queries.ts';
import { enterpriseRegister } from './register.ts';
import { monthOf, returnsSummary } from './returns.ts';
import type { Resolvers } from './schema-types.ts';
import {
  type EnterpriseRow,
  enterpriseGroups,
  enterpriseHonours,
  enterpriseParks,
  enterpriseSubjects,
  enterprises,
  enterpriseTiers,
  findings,
  inspectionAgencies,
} from './tables.ts';
import { dualEffectMutations, dualEffectResolvers } from './workflows/dual-effect-resolvers.ts';

type Info = GraphQLResolveInfo;

interface DomainArg extends KindArgs {
  cultureDomainCode?: string | null;
}

/** Returns the enterprise of a record. */
const enterprise = (
  { enterpriseId }: { enterpriseId: string },
  _args: unknown,
  context: Context,
  info: Info,
) => referenceByKey(context, enterpriseList, info, enterpriseId);

export const resolvers: Resolvers = {
  ...enforcementResolvers,
  ...dualEffectResolvers(graph),
  Mutation: { ...enforcementMutations, ...dualEffectMutations },

  Query: {
    ...enforcementQueries,
    enterprise: (_root, { id }, context, info) => oneByKey(context, enterpriseList, info, id),
    enterpriseByCreditCode: (_root, { creditCode }: { creditCode: string }, context: Context, info: Info) => {
      const problem = creditCodeProblem(creditCode);
      if (problem) throw badInput('creditCode', problem.message, problem.messageZh);
      return oneByKey(context, enterpriseList, info, creditCode, enterprises.creditCode);
    },
    enterprises: (_root, args, context, info) => page(context, enterpriseList, args, info),
    region: (_root, { code }, context, info) => graph.region(context, info, code),
    regions: (_root, args, context, info) => graph.regionPage(context, args, info),
    enterpriseIndicators: (_root, args, context, info) => graph.indicatorPage(context, args, info),
    inspection: (_root, { id }, context, info) => oneByKey(context, inspectionList, info, id),
    inspections: (_root, args, context, info) => page(context, inspectionList, args, info),
    blacklist: (_root, args, context, info) => page(context, blacklist, args, info),
    dualEffectAssessment: (_root, { id }, context, info) => oneByKey(context, assessmentList, info, id),
    dualEffectAssessments: (_root, args, context, info) => page(context, assessmentList, args, info),
    dualEffectSummary: (_root, args, context) => summariseAssessments(context, args),
    returnsSummary: (
      _root,
      { region, period, cultureDomainCode, synthetic }: DomainArg & { region: string; period: string },
      context: Context,
    ) =>
      returnsSummary(
        context,
        region,
        `${period.slice(0, 7)}-01`,
        cultureDomainCode ?? null,
        readsSynthetic(context, synthetic),
      ),
  },

  Enterprise: {
    ...graph.record,
    __resolveReference: (key: { id: string } | { creditCode: string }, context, info) =>
      'id' in key
        ? oneByKey(context, enterpriseList, info, key.id)
        : oneByKey(context, enterpriseList, info, key.creditCode, enterprises.creditCode),
    tiers: async (enterprise, _args, context) => {
      const { enterpriseId, seq } = enterpriseTiers;
      const tiers = await manyByKey(context, enterpriseTiers, enterpriseId, enterprise.id, seq);
      // Without rows, "none" is known only if the register was checked.
      return tiers.length === 0 && !enterprise.tiersCheckedOn ? null : tiers;
    },
    honours: honoursIn(enterpriseHonours),
    subjects: subjectsIn(enterpriseSubjects),
    park: async (enterprise, _args, context) => {
      const tenancy = (await parksOf(enterprise, context)).find(({ role }) => role === 'TENANT');
      return tenancy ? referenceTo('Park', tenancy.parkId) : null;
    },
    parks: async (enterprise, _args, context) =>
      nullIfNone(
        (await parksOf(enterprise, context)).map(({ role, parkId }) => ({
          role,
          park: referenceTo('Park', parkId),
        })),
      ),
    groups: async (enterprise, _args, context, info) => {
      const { enterpriseId, groupId } = enterpriseGroups;
      const groups = await manyByKey(context, enterpriseGroups, enterpriseId, enterprise.id, groupId);
      return nullIfNone(groups.map((group) => referenceByKey(context, enterpriseList, info, group.groupId)));
    },
    members: (enterprise, args, context, info) =>
      pageBy(context, enterpriseList, membersOf, enterprise.id, args, info),
    indicators: graph.indicatorsOf,
    inspections: (enterprise, args, context, info) =>
      pageBy(context, inspectionList, inspectionsOf, enterprise.id, args, info),
    findings: (enterprise, args, context, info) =>
      pageBy(context, findingList, findingsOfEnterprise, enterprise.id, args, info),
    blacklistEntry: (enterprise, _args, context) => standingEntryOf(context, enterprise.id),
    assessments: (enterprise, args, context, info) =>
      pageBy(context, assessmentList, assessmentsOf, enterprise.id, args, info),
  },

  EnterpriseSubject: {
    subject: ({ targetType, targetId }, _args, context, info) =>
      graph.refer(context, info, targetType, targetId),
  },

  Inspection: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, inspectionList, info, id),
    enterprise,
    campaign: ({ campaignId }) => referenceOrNull('Event', campaignId),
    agencies: async (inspection, _args, context) => {
      const { inspectionId, agencyId } = inspectionAgencies;
      const agencies = await manyByKey(context, inspectionAgencies, inspectionId, inspection.id, agencyId);
      return nullIfNone(agencies.map((agency) => referenceTo('Agency', agency.agencyId)));
    },
    result: async (inspection, _args, context) => {
      const isOfEnterprise = context.caller?.kind === 'partner';
      if (!isOfEnterprise || inspection.result !== 'SUSPECTED') return inspection.result;
      const found = await findingsOf(inspection.id, context);
      return found.some(({ notifiedOn }) => notifiedOn) ? inspection.result : null;
    },
    findings: async (inspection, _args, context) => {
      const found = await findingsOf(inspection.id, context);
      return inspection.result === 'NO_PROBLEM' ? found : nullIfNone(found);
    },
  },

  ReturnsSummary: {
    region: ({ regionCode }, _args, context, info) => graph.region(context, info, regionCode),
  },

  Region: {
    enterprisesByRegion: (_region, _args, context) => countedEnterprises(context),
    ...graph.hierarchy,
    enterprises: (region, args, context, info) =>
      pageBy(context, enterpriseList, inRegion(args.includeSubregions), region.code, args, info),
    enterpriseCount: (region, args, context) =>
      countOfKind(context, enterpriseList, inRegion(true), region.code, args),
    enterpriseIndicators: graph.indicatorsIn,
    inspections: (region, args, context, info) =>
      pageBy(
        context,
        inspectionList,
        inspectionsIn(inRegion(args.includeSubregions)),
        region.code,
        args,
        info,
      ),
    inspectionCount: (region, args, context) =>
      countOfKind(context, inspectionList, inspectionsIn(inRegion(true)), region.code, args),
    returnsSummary: (
      region,
      { year, month, cultureDomainCode, synthetic }: DomainArg & { year: number; month: number },
      context: Context,
    ) =>
      returnsSummary(
        context,
        region.code,
        monthOf(year, month),
        cultureDomainCode ?? null,
        readsSynthetic(context, synthetic),
      ),
  },

  RegionPartyCoverage: {
    __resolveReference: (key) => key,
    published: ({ code, synthetic }, _args, context) => publishedCoverage(context, code, synthetic),
  },

  Event: {
    inspections: (event, args, context, info) =>
      pageBy(context, inspectionList, inspectionsOfCampaign, event.id, args, info),
    inspectionFunnel: (event, _args, context) => funnelOf(context, event.id),
  },

  Park: {
    enterprises: (park, args, context, info) =>
      pageBy(context, enterpriseList, ofPark(args.role), park.id, args, info),
  },

  Policy: {
    candidateEnterprises: (policy, { verdict, includeDrafts, ...args }, context, info) =>
      candidatePage(
        context,
        enterpriseList,
        enterpriseRegister,
        policy,
        { verdict, includeDrafts },
        args,
        info,
      ),
  },
};

const inRegion = (includeSubregions: boolean) =>
  graph.inRegion('enterprises', enterprises.regionCode, includeSubregions);

const parksOf = (enterprise: EnterpriseRow, context: Context) =>
  manyByKey(context, enterpriseParks, enterpriseParks.enterpriseId, enterprise.id, enterpriseParks.parkId);

const findingsOf = (inspectionId: string, context: Context) =>
  manyByKey(context, findings, findings.inspectionId, inspectionId, findings.id);

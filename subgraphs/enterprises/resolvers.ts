import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { EligibilityCondition } from '@wenshu/kit/candidates.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { countsByRegion } from '@wenshu/kit/counts-by-region.ts';
import { page } from '@wenshu/kit/page.ts';
import type { KindArgs, PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { reference, referenceOrNull } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { creditCodeProblem } from '@wenshu/schema/credit-code.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { funnelOf } from './funnel.ts';
import {
  assessmentList,
  assessmentsOf,
  blacklist,
  candidateKey,
  candidatesOf,
  enterpriseList,
  inspectionList,
  inspectionsIn,
  inspectionsOf,
  inspectionsOfCampaign,
  membersOf,
  ofPark,
  standingEntryOf,
} from './queries.ts';
import { monthOf, type ReturnsSummary, returnsSummary } from './returns.ts';
import {
  type BlacklistEntryRow,
  type DualEffectAssessmentRow,
  dualEffectItems,
  type EnterpriseRow,
  enterpriseGroups,
  enterpriseParks,
  enterprises,
  enterpriseTiers,
  type FindingRow,
  findingStages,
  findings,
  type InspectionRow,
  inspectionAgencies,
  shared,
} from './tables.ts';

type Info = GraphQLResolveInfo;

interface DomainArg extends KindArgs {
  cultureDomainCode?: string | null;
}

const graph = sharedGraph(shared, [enterpriseList, inspectionList, assessmentList]);

/** The enterprise that a record is about. */
const enterprise = (
  { enterpriseId }: { enterpriseId: string },
  _args: unknown,
  context: Context,
  info: Info,
) => referenceByKey(context, enterpriseList, info, enterpriseId);

export const sharedResolvers = graph.resolvers;

export const resolvers = {
  Query: {
    enterprise: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, enterpriseList, info, id),
    enterpriseByCreditCode: (
      _root: unknown,
      { creditCode }: { creditCode: string },
      context: Context,
      info: Info,
    ) => {
      const problem = creditCodeProblem(creditCode);
      if (problem) throw badInput('creditCode', problem);
      return oneByKey(context, enterpriseList, info, creditCode, enterprises.creditCode);
    },
    enterprises: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, enterpriseList, args, info),
    region: (_root: unknown, { code }: { code: string }, context: Context, info: Info) =>
      graph.region(context, info, code),
    regions: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      graph.regionPage(context, args, info),
    indicators: (_root: unknown, args: IndicatorArgs, context: Context, info: Info) =>
      graph.indicatorPage(context, args, info),
    inspection: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, inspectionList, info, id),
    inspections: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, inspectionList, args, info),
    blacklist: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, blacklist, args, info),
    dualEffectAssessment: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, assessmentList, info, id),
    dualEffectAssessments: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, assessmentList, args, info),
    returnsSummary: (
      _root: unknown,
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
    __resolveReference: (key: { id: string } | { creditCode: string }, context: Context, info: Info) =>
      'id' in key
        ? oneByKey(context, enterpriseList, info, key.id)
        : oneByKey(context, enterpriseList, info, key.creditCode, enterprises.creditCode),
    tiers: async (enterprise: EnterpriseRow, _args: unknown, context: Context) => {
      const { enterpriseId, seq } = enterpriseTiers;
      const tiers = await manyByKey(context, enterpriseTiers, enterpriseId, enterprise.id, seq);
      // No row is an answer only where the register was checked: missing data is not "none".
      return tiers.length === 0 && !enterprise.tiersCheckedOn ? null : tiers;
    },
    park: async (enterprise: EnterpriseRow, _args: unknown, context: Context) => {
      const tenancy = (await parksOf(enterprise, context)).find(({ role }) => role === 'TENANT');
      return tenancy ? reference('Park', tenancy.parkId) : null;
    },
    parks: async (enterprise: EnterpriseRow, _args: unknown, context: Context) =>
      (await parksOf(enterprise, context)).map(({ role, parkId }) => ({
        role,
        park: reference('Park', parkId),
      })),
    groups: async (enterprise: EnterpriseRow, _args: unknown, context: Context, info: Info) => {
      const { enterpriseId, groupId } = enterpriseGroups;
      const groups = await manyByKey(context, enterpriseGroups, enterpriseId, enterprise.id, groupId);
      return groups.map((group) => referenceByKey(context, enterpriseList, info, group.groupId));
    },
    members: (enterprise: EnterpriseRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, enterpriseList, membersOf, enterprise.id, args, info),
    indicators: graph.indicatorsOf,
    inspections: (enterprise: EnterpriseRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, inspectionList, inspectionsOf, enterprise.id, args, info),
    blacklistEntry: (enterprise: EnterpriseRow, _args: unknown, context: Context) =>
      standingEntryOf(context, enterprise.id),
    assessments: (enterprise: EnterpriseRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, assessmentList, assessmentsOf, enterprise.id, args, info),
  },

  Inspection: {
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, inspectionList, info, id),
    enterprise,
    campaign: ({ campaignId }: InspectionRow) => referenceOrNull('Event', campaignId),
    agencies: async (inspection: InspectionRow, _args: unknown, context: Context) => {
      const { inspectionId, agencyId } = inspectionAgencies;
      const agencies = await manyByKey(context, inspectionAgencies, inspectionId, inspection.id, agencyId);
      // Somebody inspected: no row means that it is not stated who.
      return agencies.length === 0 ? null : agencies.map((agency) => reference('Agency', agency.agencyId));
    },
    findings: (inspection: InspectionRow, _args: unknown, context: Context) =>
      manyByKey(context, findings, findings.inspectionId, inspection.id, findings.id),
  },

  Finding: {
    stage: async (finding: FindingRow, _args: unknown, context: Context) =>
      (await stagesOf(finding, context)).at(-1)?.stage ?? null,
    history: (finding: FindingRow, _args: unknown, context: Context) => stagesOf(finding, context),
    penalty: (finding: FindingRow) =>
      finding.penaltyKinds && {
        kinds: finding.penaltyKinds,
        amount: finding.penaltyAmount,
        decidedOn: finding.penaltyDecidedOn,
        documentNo: finding.penaltyDocumentNo,
        publishedOn: finding.penaltyPublishedOn,
      },
    exemption: (finding: FindingRow) =>
      finding.exemptionKind && {
        kind: finding.exemptionKind,
        basisZh: finding.exemptionBasisZh,
        decidedOn: finding.exemptionDecidedOn,
        toleranceUntil: finding.exemptionToleranceUntil,
      },
  },

  BlacklistEntry: {
    enterprise,
    listedBy: ({ listedById }: BlacklistEntryRow) => reference('Agency', listedById),
  },

  DualEffectAssessment: {
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, assessmentList, info, id),
    enterprise,
    assessedBy: ({ assessedById }: DualEffectAssessmentRow) => referenceOrNull('Agency', assessedById),
    items: ({ id }: DualEffectAssessmentRow, _args: unknown, context: Context) =>
      manyByKey(context, dualEffectItems, dualEffectItems.assessmentId, id, dualEffectItems.seq),
  },

  ReturnsSummary: {
    region: ({ regionCode }: ReturnsSummary, _args: unknown, context: Context, info: Info) =>
      graph.region(context, info, regionCode),
  },

  Region: {
    enterprisesByRegion: (_region: unknown, _args: unknown, context: Context) =>
      countsByRegion(context, enterpriseList, enterprises.regionCode),
    ...graph.hierarchy,
    enterprises: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, enterpriseList, inRegion(args.includeSubregions), region.code, args, info),
    enterpriseCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, enterpriseList, inRegion(true), region.code, args),
    indicators: graph.indicatorsIn,
    inspections: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(
        context,
        inspectionList,
        inspectionsIn(inRegion(args.includeSubregions)),
        region.code,
        args,
        info,
      ),
    inspectionCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, inspectionList, inspectionsIn(inRegion(true)), region.code, args),
    returnsSummary: (
      region: { code: string },
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

  Event: {
    inspections: (event: { id: string }, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, inspectionList, inspectionsOfCampaign, event.id, args, info),
    inspectionFunnel: (event: { id: string }, _args: unknown, context: Context) =>
      funnelOf(context, event.id),
  },

  Park: {
    enterprises: (park: { id: string }, args: PageArgs & { role?: string }, context: Context, info: Info) =>
      pageBy(context, enterpriseList, ofPark(args.role), park.id, args, info),
  },

  Policy: {
    candidateEnterprises: (
      policy: { id: string; region?: { code: string } | null; eligibility?: EligibilityCondition[] | null },
      args: PageArgs,
      context: Context,
      info: Info,
    ) =>
      pageBy(
        context,
        enterpriseList,
        { ...candidatesOf, isSynthetic: () => isSyntheticId(policy.id) },
        candidateKey(policy.region?.code, policy.eligibility ?? null),
        args,
        info,
      ),
  },
};

const inRegion = (includeSubregions: boolean) =>
  graph.inRegion('enterprises', enterprises.regionCode, includeSubregions);

const parksOf = (enterprise: EnterpriseRow, context: Context) =>
  manyByKey(context, enterpriseParks, enterpriseParks.enterpriseId, enterprise.id, enterpriseParks.parkId);

const stagesOf = (finding: FindingRow, context: Context) =>
  manyByKey(context, findingStages, findingStages.findingId, finding.id, findingStages.seq);

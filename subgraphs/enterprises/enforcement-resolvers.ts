import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { given } from '@wenshu/kit/given.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import { referenceOrNull, referenceTo } from '@wenshu/kit/reference.ts';
import { today } from '@wenshu/kit/today.ts';
import { stepsFor } from '@wenshu/kit/workflow/feed.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { figureFields, summariseEnforcement } from './enforcement-summary.ts';
import { graph } from './graph.ts';
import { blacklist, enterpriseList, findingList, guidePriceList, inspectionList } from './queries.ts';
import type { Resolvers } from './schema-types.ts';
import {
  blacklistSteps,
  type FindingRow,
  findingSteps,
  guidePriceIssuers,
  guidePriceSteps,
  inspectionAgencies,
} from './tables.ts';
import { advanceBlacklistEntry, proposeBlacklistEntry } from './workflows/blacklist-mutations.ts';
import { blacklistWorkflow, findingWorkflow, guidePriceWorkflow } from './workflows/enforcement.ts';
import { addFinding, advanceFinding, exemptFinding, penaliseFinding } from './workflows/finding-mutations.ts';
import { recordGuidePrice, withdrawGuidePrice } from './workflows/guide-price-mutations.ts';
import { recordCampaignInspection, recordInspection } from './workflows/inspection-mutations.ts';

type Info = GraphQLResolveInfo;

const regionOf = (
  { regionCode }: { regionCode: string | null },
  _args: unknown,
  context: Context,
  info: Info,
) => (regionCode === null ? null : graph.region(context, info, regionCode));

const enterpriseOf = (
  { enterpriseId }: { enterpriseId: string },
  _args: unknown,
  context: Context,
  info: Info,
) => referenceByKey(context, enterpriseList, info, enterpriseId);

const agencyOfStep = ({ agencyId }: { agencyId: string | null }) => referenceOrNull('Agency', agencyId);

export const enforcementQueries: Pick<
  Resolvers['Query'],
  'finding' | 'findings' | 'enforcementSummary' | 'blacklistEntry' | 'guidePrice' | 'guidePrices'
> = {
  finding: (_root, { id }, context, info) => oneByKey(context, findingList, info, id),
  findings: (_root, args, context, info) => page(context, findingList, args, info),
  enforcementSummary: (_root, args, context) => summariseEnforcement(context, args),
  blacklistEntry: (_root, { id }, context, info) => oneByKey(context, blacklist, info, id),
  guidePrice: (_root, { id }, context, info) => oneByKey(context, guidePriceList, info, id),
  guidePrices: (_root, args, context, info) => page(context, guidePriceList, args, info),
};

export const enforcementMutations = {
  recordInspection: (_root, { input }, context) => recordInspection(context, input),
  recordCampaignInspection: (_root, { input }, context) => recordCampaignInspection(context, input),
  addFinding: (_root, { input }, context) => addFinding(context, input),
  exemptFinding: (_root, { input }, context) => exemptFinding(context, input),
  penaliseFinding: (_root, { input }, context) => penaliseFinding(context, input),
  advanceFinding: (_root, { input }, context) => advanceFinding(context, input),
  proposeBlacklistEntry: (_root, { input }, context) => proposeBlacklistEntry(context, input),
  advanceBlacklistEntry: (_root, { input }, context) => advanceBlacklistEntry(context, input),
  recordGuidePrice: (_root, { input }, context) => recordGuidePrice(context, input),
  withdrawGuidePrice: (_root, { input }, context) => withdrawGuidePrice(context, input),
} satisfies Partial<Resolvers['Mutation']>;

/** Resolvers of law enforcement: findings, blacklist, guide prices, and what agencies and enterprises carry out. */
export const enforcementResolvers = {
  InspectionPayload: {
    inspection: ({ id }, _args, context, info) => oneByKey(context, inspectionList, info, id),
  },
  FindingPayload: { finding: ({ id }, _args, context, info) => oneByKey(context, findingList, info, id) },
  BlacklistEntryPayload: {
    blacklistEntry: ({ id }, _args, context, info) => oneByKey(context, blacklist, info, id),
  },
  GuidePricePayload: {
    guidePrice: ({ id }, _args, context, info) => oneByKey(context, guidePriceList, info, id),
  },

  Finding: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, findingList, info, id),
    inspection: ({ inspectionId }, _args, context, info) =>
      referenceByKey(context, inspectionList, info, inspectionId),
    enterprise: enterpriseOf,
    region: regionOf,
    agencies: async ({ inspectionId: id }, _args, context) => {
      const { inspectionId, agencyId } = inspectionAgencies;
      const agencies = await manyByKey(context, inspectionAgencies, inspectionId, id, agencyId);
      return nullIfNone(agencies.map((agency) => referenceTo('Agency', agency.agencyId)));
    },
    caseAgency: ({ caseAgencyId }) => referenceOrNull('Agency', caseAgencyId),
    warning: ({ warningKind }) => warningKind,
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, findingWorkflow, id),
    history: async ({ id }, _args, context) => {
      const { objectId, seq } = findingSteps;
      const steps = await manyByKey(context, findingSteps, objectId, id, seq);
      return stepsFor(context, findingWorkflow, steps);
    },
    penalty: (finding) =>
      finding.penaltyKinds && {
        kinds: finding.penaltyKinds,
        amount: finding.penaltyAmount,
        decidedOn: finding.penaltyDecidedOn,
        documentNo: finding.penaltyDocumentNo,
        publishedOn: finding.penaltyPublishedOn,
        publishedUntil: finding.penaltyPublishedUntil,
        restoredOn: finding.penaltyRestoredOn,
        publicity: publicityOf(finding),
      },
    exemption: ({
      exemptionKind: kind,
      exemptionBasisZh: basisZh,
      exemptionDecidedOn: decidedOn,
      exemptionToleranceUntil: toleranceUntil,
    }) => (kind ? { kind, basisZh: given(basisZh), decidedOn: given(decidedOn), toleranceUntil } : null),
  },
  FindingStep: { agency: agencyOfStep },

  EnforcementSummary: { region: regionOf },
  EnforcementSummaryRow: {
    agency: ({ agencyId }) => referenceOrNull('Agency', agencyId),
    region: regionOf,
    campaign: ({ campaignId }) => referenceOrNull('Event', campaignId),
  },
  EnforcementFigures: figureFields,

  BlacklistEntry: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, blacklist, info, id),
    enterprise: enterpriseOf,
    region: regionOf,
    listedBy: ({ listedById }) => referenceTo('Agency', listedById),
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, blacklistWorkflow, id),
    history: ({ id }, _args, context) =>
      manyByKey(context, blacklistSteps, blacklistSteps.objectId, id, blacklistSteps.seq),
    status: ({ restoredOn, publishedOn, until }) => {
      if (restoredOn) return 'RESTORED';
      if (!publishedOn) return 'UNPUBLISHED';
      return until && until < today() ? 'LAPSED' : 'IN_FORCE';
    },
  },
  BlacklistStep: { agency: agencyOfStep },

  GuidePrice: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, guidePriceList, info, id),
    region: regionOf,
    issuers: async ({ id }, _args, context) => {
      const { guidePriceId, agencyId } = guidePriceIssuers;
      const issuers = await manyByKey(context, guidePriceIssuers, guidePriceId, id, agencyId);
      return nullIfNone(issuers.map((issuer) => referenceTo('Agency', issuer.agencyId)));
    },
    isBelow: ({ floor, validFrom, validUntil, stage }, { offer, on }) => {
      const day = on ?? today();
      const isInForce = stage === 'IN_FORCE' && validFrom <= day && day <= validUntil;
      return isInForce ? Number(offer) < Number(floor) : null;
    },
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, guidePriceWorkflow, id),
    history: ({ id }, _args, context) =>
      manyByKey(context, guidePriceSteps, guidePriceSteps.objectId, id, guidePriceSteps.seq),
  },
  GuidePriceStep: { agency: agencyOfStep },
} satisfies Partial<Resolvers>;

/** Returns whether a penalty is published today, or why not. */
function publicityOf(finding: FindingRow) {
  const { stage, penaltyPublishedOn, penaltyPublishedUntil, penaltyRestoredOn, penaltyWithdrawnOn } = finding;
  if (penaltyWithdrawnOn) return 'WITHDRAWN';
  if (penaltyRestoredOn || stage === 'RESTORED') return 'RESTORED';
  if (!penaltyPublishedOn) return 'UNPUBLISHED';
  return penaltyPublishedUntil && penaltyPublishedUntil < today() ? 'LAPSED' : 'PUBLISHED';
}

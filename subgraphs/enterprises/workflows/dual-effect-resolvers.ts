import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { referenceOrNull } from '@wenshu/kit/reference.ts';
import type { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import { stepsFor } from '@wenshu/kit/workflow/feed.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import { dualEffectFigures, summaryFields } from '../dual-effect-summary.ts';
import { assessmentList, enterpriseList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import { dualEffectItems, dualEffectSteps } from '../tables.ts';
import {
  advanceDualEffect,
  appealDualEffect,
  decideDualEffectAppeal,
  openDualEffectAssessment,
  reportDualEffect,
  scoreDualEffect,
} from './dual-effect-mutations.ts';
import { dualEffectWorkflow } from './dual-effects.ts';

type DualEffectResolvers = Pick<
  Resolvers,
  | 'DualEffectAssessment'
  | 'DualEffectFigures'
  | 'DualEffectPayload'
  | 'DualEffectStep'
  | 'DualEffectSummary'
  | 'DualEffectSummaryRow'
>;

export const dualEffectMutations = {
  openDualEffectAssessment: (_root, { input }, context) => openDualEffectAssessment(context, input),
  reportDualEffect: (_root, { input }, context) => reportDualEffect(context, input),
  scoreDualEffect: (_root, { input }, context) => scoreDualEffect(context, input),
  appealDualEffect: (_root, { input }, context) => appealDualEffect(context, input),
  decideDualEffectAppeal: (_root, { input }, context) => decideDualEffectAppeal(context, input),
  advanceDualEffect: (_root, { input }, context) => advanceDualEffect(context, input),
} satisfies Partial<Resolvers['Mutation']>;

/** Resolvers of dual-effect assessments. */
export const dualEffectResolvers = ({
  record: { region },
}: Pick<ReturnType<typeof sharedGraph>, 'record'>): DualEffectResolvers => ({
  DualEffectPayload: {
    dualEffectAssessment: ({ id }, _args, context, info) => oneByKey(context, assessmentList, info, id),
  },

  DualEffectAssessment: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, assessmentList, info, id),
    enterprise: ({ enterpriseId }, _args, context, info) =>
      referenceByKey(context, enterpriseList, info, enterpriseId),
    assessedBy: ({ assessedById }) => referenceOrNull('Agency', assessedById),
    supervisedBy: ({ supervisedById }) => referenceOrNull('Agency', supervisedById),
    items: async ({ id }, _args, context) =>
      nullIfNone(
        await manyByKey(context, dualEffectItems, dualEffectItems.assessmentId, id, dualEffectItems.seq),
      ),
    history: async ({ id }, _args, context) => {
      const { objectId, seq } = dualEffectSteps;
      const steps = await manyByKey(context, dualEffectSteps, objectId, id, seq);
      return stepsFor(context, dualEffectWorkflow, steps);
    },
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, dualEffectWorkflow, id),
  },

  DualEffectStep: { agency: ({ agencyId }) => referenceOrNull('Agency', agencyId) },

  DualEffectFigures: dualEffectFigures,
  DualEffectSummary: { ...summaryFields, region },
  DualEffectSummaryRow: { region },
});

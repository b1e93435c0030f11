import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { referenceOrNull, referenceTo } from '@wenshu/kit/reference.ts';
import type { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import { summaryFields } from '@wenshu/kit/summary-groups.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { policyList } from './policy-lists.ts';
import { starListList } from './queries.ts';
import { agencyById } from './references.ts';
import type { Resolvers } from './schema-types.ts';
import { starListFigures } from './star-list-summary.ts';
import { byCriterion, statusOf } from './star-lists.ts';
import {
  starListEntries,
  starListObjections,
  starListSteps,
  starListVerdicts,
  starListVetters,
} from './tables.ts';
import { starListWorkflow } from './workflows/star-lists.ts';

type StarListResolvers = Pick<
  Resolvers,
  | 'StarList'
  | 'StarListEntry'
  | 'StarListFigures'
  | 'StarListObjection'
  | 'StarListStep'
  | 'StarListSummary'
  | 'StarListSummaryRow'
  | 'StarListVerdict'
>;

/** Resolvers of star lists. */
export const starListResolvers = ({
  record: { region },
}: Pick<ReturnType<typeof sharedGraph>, 'record'>): StarListResolvers => ({
  StarList: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, starListList, info, id),
    region,
    policy: ({ policyId }, _args, context, info) =>
      policyId ? referenceByKey(context, policyList, info, policyId) : null,
    weights: ({ weights }) =>
      byCriterion(weights)?.map(({ criterion, value }) => ({ criterion, weight: value })) ?? null,
    entries: ({ id }, _args, context) => {
      const { listId, rank, enterpriseId } = starListEntries;
      return manyByKey(context, starListEntries, listId, id, rank, enterpriseId);
    },
    vetters: ({ id }, _args, context, info) => vettersOf(id, context, info),
    vetoedBy: async ({ id }, _args, context, info) => {
      const { listId, rank, enterpriseId } = starListEntries;
      const entries = await manyByKey(context, starListEntries, listId, id, rank, enterpriseId);
      const ids = entries.flatMap(({ vetoedById }) => vetoedById ?? []);
      return nullIfNone([...new Set(ids)].map((each) => agencyById(each, context, info)));
    },
    objections: ({ id }, _args, context) =>
      manyByKey(context, starListObjections, starListObjections.listId, id, starListObjections.seq),
    history: ({ id }, _args, context) =>
      manyByKey(context, starListSteps, starListSteps.objectId, id, starListSteps.seq),
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, starListWorkflow, id),
  },

  StarListEntry: {
    list: ({ listId }, _args, context, info) => referenceByKey(context, starListList, info, listId),
    enterprise: ({ enterpriseId }) => referenceTo('Enterprise', enterpriseId),
    status: statusOf,
    scores: ({ scores }) =>
      byCriterion(scores)?.map(({ criterion, value }) => ({ criterion, score: value })) ?? null,
    verdicts: async ({ listId, enterpriseId }, _args, context) => {
      const { listId: of, agencyId } = starListVerdicts;
      const ofList = await manyByKey(context, starListVerdicts, of, listId, agencyId);
      return ofList.filter((verdict) => verdict.enterpriseId === enterpriseId);
    },
    vetters: ({ listId }, _args, context, info) => vettersOf(listId, context, info),
    vetoedBy: ({ vetoedById }, _args, context, info) => agencyById(vetoedById, context, info),
  },

  StarListVerdict: { agency: ({ agencyId }, _args, context, info) => agencyById(agencyId, context, info) },

  StarListObjection: {
    agency: ({ agencyId }, _args, context, info) => agencyById(agencyId, context, info),
    enterprise: ({ enterpriseId }) => referenceOrNull('Enterprise', enterpriseId),
    against: ({ againstId }) => referenceOrNull('Enterprise', againstId),
  },

  StarListStep: { agency: ({ agencyId }, _args, context, info) => agencyById(agencyId, context, info) },

  StarListFigures: starListFigures,
  StarListSummary: { ...summaryFields, region },
  StarListSummaryRow: { region },
});

async function vettersOf(listId: string, context: Context, info: GraphQLResolveInfo) {
  const { listId: of, seq } = starListVetters;
  const vetters = await manyByKey(context, starListVetters, of, listId, seq);
  return vetters.map(({ agencyId }) => agencyById(agencyId, context, info));
}

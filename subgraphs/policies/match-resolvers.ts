import { manyByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { referenceTo } from '@wenshu/kit/reference.ts';
import { matchesOfMeasures } from './eligibility.ts';
import { measureOf, measuresOf } from './measures.ts';
import { policyList } from './policy-lists.ts';
import type { Resolvers } from './schema-types.ts';
import { qualifyingListMembers } from './tables.ts';

/** Resolvers of conditions, of the lists that they name, and of the results of testing them. */
export const matchResolvers: Pick<
  Resolvers,
  'EligibilityCondition' | 'QualifyingList' | 'PolicyMatch' | 'ConditionCheck'
> = {
  EligibilityCondition: { measure: measureOf },

  QualifyingList: {
    members: async (list, _args, context) => {
      const { listId, enterpriseId } = qualifyingListMembers;
      const rows = await manyByKey(context, qualifyingListMembers, listId, list.id, enterpriseId);
      const members = rows.map((row) => referenceTo('Enterprise', row.enterpriseId));
      return list.isComplete ? members : nullIfNone(members);
    },
  },

  PolicyMatch: {
    policy: (match, _args, context, info) => referenceByKey(context, policyList, info, match.policyId),
    conditions: ({ checks }, { verdict }) =>
      checks().filter((check) => !verdict || verdict.includes(check.verdict)),
    measures: async ({ policyId, checks }, _args, context) =>
      nullIfNone(matchesOfMeasures(await measuresOf(context, policyId), checks())),
    conditionCount: ({ tally }) => tally.MET + tally.LIKELY + tally.UNKNOWN + tally.NOT_MET,
    metCount: ({ tally }) => tally.MET,
    likelyCount: ({ tally }) => tally.LIKELY,
    unknownCount: ({ tally }) => tally.UNKNOWN,
    notMetCount: ({ tally }) => tally.NOT_MET,
  },

  ConditionCheck: { measure: measureOf },
};

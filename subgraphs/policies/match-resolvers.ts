import { manyByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { referenceTo } from '@wenshu/kit/reference.ts';
import { today } from '@wenshu/kit/today.ts';
import { matchesOfMeasures } from './eligibility.ts';
import { measureOf, measuresOf } from './measures.ts';
import { policyList } from './policy-lists.ts';
import type { Resolvers } from './schema-types.ts';
import { type ListingRow, qualifyingListMembers } from './tables.ts';

const listingsOf = (context: Context, list: string) => {
  const { listId, enterpriseId, id } = qualifyingListMembers;
  return manyByKey(context, qualifyingListMembers, listId, list, enterpriseId, id);
};

/** Whether a place on a list holds today. One without days holds until somebody ends it. */
const holdsToday = ({ stage, holdsFrom, holdsUntil }: ListingRow) =>
  stage === 'LISTED' &&
  (holdsFrom === null || holdsFrom <= today()) &&
  (holdsUntil === null || holdsUntil >= today());

/** Why nobody knows who is on a list that is not recorded whole. */
const notInSource = {
  en: 'The text of the source does not hold the whole list, for example because its annex is missing. An enterprise that is not on record may be on the list.',
  zh: '来源文本未载完整名单(如附件缺失)。未记录的企业也可能在名单上。',
};

/** Resolvers of conditions, of the lists that they name, and of the results of testing them. */
export const matchResolvers: Pick<
  Resolvers,
  'EligibilityCondition' | 'QualifyingList' | 'PolicyMatch' | 'ConditionCheck'
> = {
  EligibilityCondition: { measure: measureOf },

  QualifyingList: {
    state: ({ isComplete }) => (isComplete ? 'KNOWN' : 'UNKNOWN'),
    stateReason: ({ isComplete }) => (isComplete ? null : notInSource.en),
    stateReasonZh: ({ isComplete }) => (isComplete ? null : notInSource.zh),
    members: async (list, _args, context) => {
      const rows = await listingsOf(context, list.id);
      const members = rows.filter(holdsToday).map((row) => referenceTo('Enterprise', row.enterpriseId));
      return list.isComplete ? members : nullIfNone(members);
    },
    listings: (list, _args, context) => listingsOf(context, list.id),
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

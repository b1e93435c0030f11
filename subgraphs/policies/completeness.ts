import type { CountedLists } from '@wenshu/kit/completeness/published.ts';

/** The published figures that count policies, payouts and open calls. */
export const counted: CountedLists = {
  Policy: [
    { metric: 'POLICIES', subject: 'Region', by: 'region', isWhole: false },
    { metric: 'POLICIES', subject: 'Policy', by: 'region', isWhole: false },
  ],
  Payout: [
    {
      metric: 'BENEFICIARY_ENTERPRISES',
      subject: 'Policy',
      by: 'policyId',
      // Not every benefit is a payout: a loan or an investment is none. Each enterprise that is paid has one payout at least.
      known: ({ metricZh }) => (/补助|免申即享/.test(metricZh) ? {} : undefined),
      isWhole: false,
      closed: 'COUNT_ALL',
    },
  ],
  OpenCall: [{ metric: 'TASKS_PUBLISHED', subject: 'Policy', by: 'policyId', isWhole: false }],
};

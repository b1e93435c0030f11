import type { CountedBy, CountedLists } from '@wenshu/kit/completeness/published.ts';

const cultural = { isCultureRelated: { eq: true } };
const aboveScale = { ...cultural, isAboveScale: { eq: true } };

const tenants: Omit<CountedBy, 'metric'> = {
  subject: 'Park',
  by: 'parkId',
  // The source may count only some tenants, such as those that have signed.
  isWhole: false,
  closed: 'ONLY_IF_ASKED',
};

/** The published figures that count enterprises and inspections. */
export const counted: CountedLists = {
  Enterprise: [
    {
      metric: 'CULTURAL_ENTERPRISES_TOTAL',
      subject: 'Region',
      by: 'region',
      known: () => cultural,
      isWhole: true,
    },
    {
      metric: 'ABOVE_SCALE_ENTERPRISES',
      subject: 'Region',
      by: 'region',
      known: () => aboveScale,
      isWhole: true,
    },
    {
      metric: 'TRADE_LEADING_ENTERPRISES',
      subject: 'Region',
      by: 'region',
      known: () => cultural,
      isWhole: false,
    },
    {
      metric: 'ENTERPRISES_BY_TIER',
      subject: 'Region',
      by: 'region',
      // A figure on new enterprises does not count those that held the tier before.
      known: ({ tiers, stockOrFlow }) =>
        tiers && stockOrFlow === 'STOCK' ? { tier: { in: tiers } } : undefined,
      isWhole: false,
    },
    {
      metric: 'FUNDS',
      subject: 'Region',
      by: 'region',
      rows: { kind: { eq: 'FUND' } },
      isWhole: false,
    },
    { metric: 'MEMBER_COMPANIES', subject: 'Enterprise', by: 'groupId', isWhole: true },
    // A tenant is one of the enterprises of the park in any role.
    { metric: 'TENANTS', ...tenants, known: ({ subjectId }) => ({ relatedParkId: { eq: subjectId } }) },
    { metric: 'ABOVE_SCALE_ENTERPRISES', ...tenants, by: 'relatedParkId', known: () => aboveScale },
  ],
  Inspection: [
    {
      metric: 'INSPECTED',
      subject: 'Event',
      by: 'campaignId',
      known: ({ regionCode }) => (regionCode ? { region: { within: regionCode } } : {}),
      // The source counts inspected persons too.
      isWhole: false,
      closed: 'COUNT_ALL',
    },
  ],
};

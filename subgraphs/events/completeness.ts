import type { CountedLists } from '@wenshu/kit/completeness/published.ts';

/** The published figures that count events. */
export const counted: CountedLists = {
  Event: [
    {
      metric: 'SPORT_EVENTS',
      subject: 'Region',
      by: 'region',
      rows: { kind: { eq: 'SPORT' } },
      isWhole: false,
    },
  ],
};

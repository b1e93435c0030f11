import type { CountedLists } from '@wenshu/kit/completeness/published.ts';

/** The published figures that count Party organisations. */
export const counted: CountedLists = {
  PartyUnit: [
    {
      metric: 'PARTY_CELLS',
      subject: 'PartyUnit',
      by: 'parent',
      rows: { kind: { eq: 'CELL' } },
      isWhole: true,
      closed: 'ONLY_IF_ASKED',
    },
  ],
};

import type { CountedLists } from '@wenshu/kit/completeness/published.ts';
import { onePlace } from './counted-parks.ts';

/** The published figures that count parks and projects. */
export const counted: CountedLists = {
  Park: [
    {
      metric: 'MUNICIPAL_CULTURE_PARKS',
      subject: 'Region',
      by: 'region',
      // A virtual park, a zone or a class of parks is none of the parks that the source counts.
      rows: onePlace,
      known: () => ({ level: { eq: 'MUNICIPAL' } }),
      // Municipal parks of other kinds than those of culture are possible.
      isWhole: false,
    },
    {
      metric: 'MUNICIPAL_CULTURE_PARKS',
      subject: 'Park',
      by: 'parentId',
      rows: onePlace,
      known: ({ regionCode }) => ({ level: { eq: 'MUNICIPAL' }, ...within(regionCode) }),
      isWhole: false,
    },
    {
      metric: 'MUSEUMS',
      subject: 'Region',
      by: 'region',
      rows: { kind: { eq: 'MUSEUM' } },
      isWhole: true,
    },
  ],
  Project: [
    { metric: 'KEY_PROJECTS', subject: 'Region', by: 'region', isWhole: false },
    { metric: 'KEY_PROJECTS', subject: 'Project', by: 'region', isWhole: false },
    { metric: 'PROJECTS_LANDED', subject: 'Region', by: 'region', isWhole: false },
    { metric: 'PROJECTS_SUPPORTED', subject: 'Policy', by: 'policyId', isWhole: false },
  ],
};

const within = (code: string | null) => (code ? { region: { within: code } } : {});

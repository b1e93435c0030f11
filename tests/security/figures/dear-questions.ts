/** A question that is meant to cost little and take long. */
export interface DearQuestion {
  readonly name: string;
  readonly query: string;
  readonly variables?: object;
  /** True for a question to `/export`. */
  readonly isExport?: boolean;
}

type Filter = Readonly<Record<string, unknown>>;

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/**
 * Returns a text that no row contains, so that all parts of an `or` are tested. `round` makes each question unique, so that no call is
 * shared.
 */
const absent = (round: number, i: number) => `龘${round}x${i}`;

interface Target {
  readonly list: string;
  readonly filter: string;
  readonly text: string;
  readonly number?: string;
  readonly date?: string;
  readonly order: string;
}

/** Lists with many rows, each with a text, a number, a date and an order. */
const targets: readonly Target[] = [
  {
    list: 'enterprises',
    filter: 'EnterpriseFilter',
    text: 'nameZh',
    number: 'registeredCapital',
    date: 'foundedOn',
    order: 'REGISTERED_CAPITAL',
  },
  { list: 'events', filter: 'EventFilter', text: 'nameZh', date: 'startDate', order: 'NAME' },
  { list: 'partyUnits', filter: 'PartyUnitFilter', text: 'nameZh', order: 'NAME' },
];

const countOf = ({ list, filter }: Target) =>
  `query ($f: ${filter}) { ${list}(first: 1, filter: $f) { totalCount } }`;
const rowsOf = ({ list, filter, order }: Target) =>
  `query ($f: ${filter}) { ${list}(first: 1, filter: $f, orderBy: [{field: ${order}, direction: DESC}]) { totalCount nodes { id } } }`;

/** Returns filters with many parts, by the kind of part. */
const filtersOf = ({ text, number, date }: Target, round: number): Readonly<Record<string, Filter>> => ({
  'no condition': {},
  'contains one character': { [text]: { contains: '合' } },
  'not contains one character': { not: { [text]: { contains: '合' } } },
  'not or of 10 contains': { not: { or: times(10, (i) => ({ [text]: { contains: absent(round, i) } })) } },
  'not or of 190 contains': { not: { or: times(190, (i) => ({ [text]: { contains: absent(round, i) } })) } },
  'not or of 190 startsWith': {
    not: { or: times(190, (i) => ({ [text]: { startsWith: absent(round, i) } })) },
  },
  'not or of 190 eq': { not: { or: times(190, (i) => ({ [text]: { eq: absent(round, i) } })) } },
  'not or of 7 eq': { not: { or: times(7, (i) => ({ [text]: { eq: absent(round, i) } })) } },
  'not in 5,000': { not: { [text]: { in: times(5_000, (i) => absent(round, i)) } } },
  'deep not': times(10, (i) => i).reduce<Filter>(
    (inner, i) => ({ not: { and: [inner, { [text]: { eq: absent(round, i) } }] } }),
    {},
  ),
  ...(number && {
    'not or of 7 numbers': { not: { or: times(7, (i) => ({ [number]: { eq: `${i}.${round}` } })) } },
    'not or of 190 numbers': { not: { or: times(190, (i) => ({ [number]: { eq: `${i}.${round}` } })) } },
  }),
  ...(date && {
    'not or of 190 dates': {
      not: { or: times(190, (i) => ({ [date]: { eq: `1${700 + i}-01-0${1 + (round % 9)}` } })) },
    },
  }),
});

const ofTarget = (target: Target, round: number): DearQuestion[] =>
  Object.entries(filtersOf(target, round)).flatMap(([name, f]) => [
    { name: `${target.list}: count, ${name}`, query: countOf(target), variables: { f } },
    { name: `${target.list}: row and count, ${name}`, query: rowsOf(target), variables: { f } },
  ]);

const ofEnterprises = (name: string, f: Filter): DearQuestion => ({
  name: `enterprises: ${name}`,
  query: 'query ($f: EnterpriseFilter) { enterprises(first: 1, filter: $f) { totalCount } }',
  variables: { f },
});

/** Returns conditions on other tables and on other agencies. */
const related = (round: number): DearQuestion[] => [
  ofEnterprises('190 blacklisted', {
    not: {
      or: times(190, () => ({ isBlacklisted: { eq: true }, nameZh: { eq: absent(round, 0) } })).slice(0, 95),
    },
  }),
  ofEnterprises('7 blacklisted', { or: times(7, () => ({ isBlacklisted: { eq: true } })) }),
  ofEnterprises('190 tiers', { not: { or: times(190, () => ({ tier: { in: ['UNICORN'] } })) } }),
  ofEnterprises('190 inspected', {
    not: { or: times(190, (i) => ({ inspectedOn: { eq: `1${700 + i}-01-01` } })) },
  }),
  ofEnterprises('190 regions', {
    not: { or: times(190, (i) => ({ region: { within: `9${90_000 + i}` } })) },
  }),
  ofEnterprises('without party unit', { partyUnit: { exists: false } }),
  ofEnterprises('no event contains', { events: { none: { nameZh: { contains: '合' } } } }),
  ofEnterprises('every event contains', { events: { every: { nameZh: { contains: '合' } } } }),
  ofEnterprises('five anti-joins', {
    and: [
      { events: { none: { nameZh: { contains: '合' } } } },
      { partyUnit: { exists: false } },
      { park: { exists: false } },
      { hostedEvents: { exists: false } },
      { inspections: { exists: false } },
    ],
  }),
  ofEnterprises('five relations in a row', {
    park: { enterprises: { some: { park: { enterprises: { some: { partyUnit: { exists: true } } } } } } },
  }),
];

const orders = '[{park: {field: FLOOR_AREA}}, {park: {field: NAME}}, {field: NAME}]';
const dimensions = ['REGION_COUNTY', 'FOUNDED_ON_MONTH', 'TIER', 'IS_BLACKLISTED', 'INSPECTED_ON_MONTH'];
const measures = 'count share registeredCapital { count sum avg min max share } foundedOn { min max }';
const groups = (names: readonly string[], figures = 'count', rest = '') =>
  `{ enterprises(first: 0) { aggregates(first: 1${names.length > 0 ? `, groupBy: [${names.map((name) => `{field: ${name}}`).join()}]` : ''}${rest}) { ${figures} } } }`;

const orderedAndGrouped = (round: number): DearQuestion[] => [
  {
    name: 'enterprises: three orders',
    query: `{ enterprises(first: 1, orderBy: ${orders}) { nodes { id } } }`,
  },
  {
    name: 'enterprises: five own orders',
    query:
      '{ enterprises(first: 1, orderBy: [{field: FOUNDED_ON}, {field: NAME}, {field: REGISTERED_CAPITAL}, {field: UPDATED_AT}]) { nodes { id } } }',
  },
  { name: 'groups: none', query: groups([], measures, `, having: {count: {gt: ${round}}}`) },
  ...dimensions.map((name) => ({ name: `groups: ${name}`, query: groups([name]) })),
  ...[2, 3, 4].map((count) => ({
    name: `groups: ${count}, with measures`,
    query: groups(dimensions.slice(0, count), measures),
  })),
  {
    name: 'groups: 4 of many values',
    query: groups(['RELATED_PARK_ID', 'TIER', 'INSPECTED_ON_MONTH', 'GROUP_ID'], measures),
  },
  {
    name: 'groups: 15 aliases',
    query: `{ enterprises(first: 0) { ${times(15, (i) => `a${i}: aggregates(first: 1, groupBy: [{field: TIER}], having: {count: {gt: ${i + round}}}) { count share }`).join(' ')} } }`,
  },
  {
    name: 'counts: 10 at the root',
    query: `{ ${times(10, (i) => `a${i}: enterprises(first: 0, filter: {not: {nameZh: {eq: "${absent(round, i)}"}}}) { totalCount }`).join(' ')} }`,
  },
];

const ofParents = (round: number): DearQuestion[] => [
  {
    name: 'regions: counts of enterprises, filtered',
    query:
      'query ($f: EnterpriseFilter) { regions(first: 150) { nodes { enterprises(first: 0, filter: $f) { totalCount } } } }',
    variables: { f: { not: { nameZh: { contains: absent(round, 0) } } } },
  },
  {
    name: 'regions: all counts',
    query:
      '{ regions(first: 150) { nodes { enterpriseCount inspectionCount eventCount parkCount projectCount policyCount partyUnitCount } } }',
  },
  {
    name: 'region: all counts',
    query:
      '{ region(code: "110000") { enterpriseCount inspectionCount eventCount parkCount projectCount policyCount partyUnitCount partyCoverage { parks { organisation { rate } } } } }',
  },
  {
    name: 'policies: candidates',
    query: '{ policies(first: 20) { nodes { candidateEnterprises(first: 1) { totalCount } } } }',
  },
  {
    name: 'enterprises: policies that fit',
    query: '{ enterprises(first: 20) { nodes { policyMatches(first: 1) { totalCount } } } }',
  },
];

const exported = (round: number): DearQuestion[] =>
  [0, 20].map((count) => ({
    name: `export: ${count} contains that no row meets`,
    query: 'query ($f: EnterpriseFilter) { enterprises(filter: $f) { nodes { id } } }',
    variables: {
      f: { and: times(count || 1, (i) => ({ not: { not: { nameZh: { contains: absent(round, i) } } } })) },
    },
    isExport: true,
  }));

/** Returns the questions of which the dearest are reported. Another `round` asks the same with other values. */
export const dearQuestions = (round: number): DearQuestion[] => [
  ...targets.flatMap((target) => ofTarget(target, round)),
  ...related(round),
  ...orderedAndGrouped(round),
  ...ofParents(round),
  ...exported(round),
];

import type { Context } from '@wenshu/kit/context.ts';
import { searchable } from '@wenshu/kit/searchable.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { Json } from '../../lib/json.ts';
import type { Fields, SearchType } from '../schema-types.ts';
import type { AskAgencies } from './ask-agencies.ts';
import { type Edge, mergedPage, type Row, startOf, withGaps } from './merged-page.ts';
import { matchesIn } from './search-matches.ts';

type Args = Fields['Query']['search']['args'];

/** How the records of a type are found. */
type Searched = {
  readonly typeName: string;
  /** The list at the root of the graph. */
  readonly list: string;
  /** The conditions that find the text. `nameZh` finds aliases too. */
  readonly by: readonly string[];
  /** The fields in which the text can be found. */
  readonly fields: readonly string[];
  /** The condition on the region; undefined for records without one. */
  readonly region?: string;
  readonly key?: string;
  readonly hasSynthetic: boolean;
};

const record = (typeName: string, list: string): Searched => ({
  typeName,
  list,
  by: ['nameZh', 'nameEn'],
  fields: ['nameZh', 'nameEn', 'aliases'],
  region: 'region',
  hasSynthetic: true,
});

const titled = (typeName: string, list: string, title: string): Searched => ({
  ...record(typeName, list),
  by: [title],
  fields: [title],
});

const withoutRegion = ({ region: _region, ...others }: Searched): Searched => others;

const searched: Readonly<Record<SearchType, Searched>> = {
  AGENCY: record('Agency', 'agencies'),
  ENTERPRISE: {
    ...record('Enterprise', 'enterprises'),
    by: ['nameZh', 'nameEn', 'fullNameZh'],
    fields: ['nameZh', 'nameEn', 'fullNameZh', 'aliases'],
  },
  EVENT: record('Event', 'events'),
  MEASURE: {
    ...record('Measure', 'measures'),
    by: ['titleZh', 'textZh'],
    fields: ['titleZh', 'textZh'],
  },
  OPEN_CALL: titled('OpenCall', 'openCalls', 'titleZh'),
  PARK: record('Park', 'parks'),
  PARTY_BRAND: record('PartyBrand', 'partyBrands'),
  PARTY_MECHANISM: record('PartyMechanism', 'partyMechanisms'),
  PARTY_UNIT: record('PartyUnit', 'partyUnits'),
  POLICY: record('Policy', 'policies'),
  PROJECT: record('Project', 'projects'),
  REGION: { ...titled('Region', 'regions', 'nameZh'), region: 'code', key: 'code', hasSynthetic: false },
  STAR_LIST: titled('StarList', 'starLists', 'nameZh'),
  WORK: withoutRegion(record('Work', 'works')),
};

const allTypes = Object.keys(searched) as readonly SearchType[];

/** How well a name matches: names that begin with the text come before names that hold it elsewhere. */
const ranks = ['BEGINS', 'HOLDS'] as const;
type Rank = (typeof ranks)[number];

/** A list that is searched: the records of one type with one rank. */
type Source = { readonly name: string; readonly rank: Rank; readonly type: SearchType };

const sourcesOf = (types: readonly SearchType[]): readonly Source[] =>
  ranks.flatMap((rank) => types.map((type) => ({ name: `${rank}_${type}`, rank, type })));

type List = {
  readonly edges: readonly Edge<Json>[];
  readonly pageInfo: { readonly hasNextPage: boolean };
};

const maxHits = 100;
const maxCharacters = 100;

/** Returns a page of the records of all agencies whose names hold a text. */
export async function searchAcross(ask: AskAgencies, context: Context, args: Args) {
  const text = searchable(args.text);
  if (text === '')
    throw badInput(
      'text',
      'The text to find must hold a letter, a digit or another sign.',
      '请给出要查找的文字。',
    );
  if (args.text.length > maxCharacters)
    throw badInput(
      'text',
      `The text to find must have at most ${maxCharacters} characters.`,
      `要查找的文字至多 ${maxCharacters} 个字符。`,
    );
  const start = startOf(args, maxHits);
  const sources = sourcesOf(typesOf(args));
  const { region, synthetic } = args;
  const variables = { ...start.positions, text: args.text, region, synthetic, first: start.size };
  // Without a purpose no agreement applies: the names that a search shows are not on record as read under one.
  const { caller, requestId, signal } = context;
  const asker = { ...(caller && { caller }), ...(requestId && { requestId }), ...(signal && { signal }) };
  const { data, gaps } = await ask(asker, questionOf(sources, args), variables);
  const parts = sources.flatMap(({ name, type }) => {
    const list = data[name] as List | null | undefined;
    if (!list) return [];
    const edges = list.edges.map(({ cursor, node }) => ({ cursor, node: hitOf(type, node, text) }));
    return { source: name, edges, hasNextPage: list.pageInfo.hasNextPage };
  });
  const placeOf = new Map(sources.map(({ name }, i) => [name, i]));
  // The rows of one source are in its own order already, and sorting is stable.
  const compare = (a: Row<unknown>, b: Row<unknown>) =>
    (placeOf.get(a.source) ?? 0) - (placeOf.get(b.source) ?? 0);
  return withGaps(mergedPage(parts, args, start, compare), parts.length, gaps);
}

function hitOf(type: SearchType, row: Json, text: string) {
  const { typeName, fields, key = 'id' } = searched[type];
  return {
    type,
    node: { __typename: typeName, id: String(row[key]), [key]: row[key] },
    matches: matchesIn(row, fields, text),
  };
}

/** Returns the types to search. With a region, types without one have nothing to find. */
function typesOf({ types, region }: Args): readonly SearchType[] {
  const asked = types ? allTypes.filter((each) => types.includes(each)) : allTypes;
  return region == null ? asked : asked.filter((each) => searched[each].region !== undefined);
}

function questionOf(sources: readonly Source[], { region }: Args): string {
  const lists = sources.map(({ name, rank, type }) => {
    const { list, fields, key = 'id', ...how } = searched[type];
    return `${name}: ${list}(first: $first, after: $${name}, orderBy: { field: ${key.toUpperCase()} }, filter: { and: [${conditions(rank, how, region != null)}] }) {
      edges { cursor node { ${key} ${fields.join(' ')} } } pageInfo { hasNextPage }
    }`;
  });
  const positions = sources.map(({ name }) => `$${name}: String`);
  return `query Search($text: String!, $region: ID, $synthetic: Boolean, $first: Int, ${positions.join(', ')}) { ${lists.join('\n')} }`;
}

function conditions(
  rank: Rank,
  { by, region, hasSynthetic }: Omit<Searched, 'list' | 'fields'>,
  inRegion: boolean,
): string {
  const some = (operator: string) =>
    `or: [${by.map((field) => `{ ${field}: { ${operator}: $text } }`).join(', ')}]`;
  const begins = some('startsWith');
  return [
    rank === 'BEGINS' ? `{ ${begins} }` : `{ ${some('contains')}, not: { ${begins} } }`,
    inRegion ? `{ ${region}: { within: $region } }` : '',
    hasSynthetic ? '{ synthetic: { eq: $synthetic } }' : '',
  ].join(' ');
}

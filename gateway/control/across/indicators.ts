import type { Context } from '@wenshu/kit/context.ts';
import { fieldsAsked } from '@wenshu/kit/fields-asked.ts';
import { positionOf } from '@wenshu/kit/order.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import { inBatches } from '../../lib/batches.ts';
import type { Json } from '../../lib/json.ts';
import type { Fields } from '../schema-types.ts';
import type { AskAgencies } from './ask-agencies.ts';
import { type Edge, mergedPage, type Row, startOf, withGaps } from './merged-page.ts';
import { rowSelection } from './row-selection.ts';

type Args = Fields['Query']['indicators']['args'];
type ArgsInRegion = Fields['Region']['indicators']['args'];

/** The list of each agency, at the root and of a region. */
const listOf: Readonly<Record<SubgraphName, string>> = {
  enterprises: 'enterpriseIndicators',
  events: 'eventIndicators',
  parks: 'parkIndicators',
  party: 'partyIndicators',
  policies: 'policyIndicators',
};

type List = {
  readonly edges: readonly Edge<Json>[];
  readonly pageInfo: { readonly hasNextPage: boolean };
  readonly totalCount?: number | null;
};

type Lists = { readonly [Name in SubgraphName]?: List | null };

/** Creates the resolvers of the published figures of all agencies, as one list. */
export const indicatorsAcross = (ask: AskAgencies) => ({
  page: async (context: Context, args: Args, info: GraphQLResolveInfo) => {
    const query = `query IndicatorsOfAll(${parameters}) { ${listsFor(info)} }`;
    const { data, gaps } = await ask(context, query, variablesOf(args));
    return pageOf(data as Lists, args, gaps);
  },

  /** Returns the figures in a region. One question covers all regions of a request. */
  inRegion: (context: Context, code: string, args: ArgsInRegion, info: GraphQLResolveInfo) => {
    const query = `query IndicatorsOfRegions($codes: [ID!], $includeSubregions: Boolean!, ${parameters}) {
      regions(first: ${regionsAtOnce}, filter: { code: { in: $codes } }) {
        nodes { code ${listsFor(info, 'includeSubregions: $includeSubregions,')} }
      }
    }`;
    const askFor = async (codes: readonly string[]) => {
      const { data, gaps } = await ask(context, query, { ...args, ...variablesOf(args), codes });
      const { nodes = [] } = (data.regions ?? {}) as { nodes?: readonly (Lists & { code: string })[] };
      const listsIn = new Map(nodes.map((region) => [region.code, region]));
      return codes.map((each) => () => pageOf(listsIn.get(each) ?? {}, args, gaps));
    };
    const regions = context.batch<string, () => ReturnType<typeof pageOf>>(
      `${query} ${JSON.stringify(args)}`,
      async (codes) => (await inBatches(codes, regionsAtOnce, askFor)).flat(),
    );
    return regions.load(code).then((page) => page());
  },
});

/** Maximum number of regions of one question: the size of a page. */
const regionsAtOnce = 500;

const parameters = `$first: Int, $filter: IndicatorFilter, $orderBy: [IndicatorOrder!], $includeSidebar: Boolean!, ${subgraphNames
  .map((name) => `$${name}: String`)
  .join(', ')}`;

/** Returns the lists of all agencies, each under the agency's name. */
function listsFor(info: GraphQLResolveInfo, further = ''): string {
  const total = fieldsAsked(info, 'IndicatorsOfAllConnection').has('totalCount') ? 'totalCount' : '';
  const row = rowSelection(info);
  const lists = subgraphNames.map(
    (name) =>
      `${name}: ${listOf[name]}(${further} first: $first, after: $${name}, filter: $filter, orderBy: $orderBy, includeSidebar: $includeSidebar) {
        edges { cursor node ${row} } pageInfo { hasNextPage } ${total}
      }`,
  );
  return lists.join('\n');
}

const variablesOf = ({ filter, orderBy, includeSidebar, ...paging }: Args): Json => {
  const { size, positions } = startOf(paging);
  return { ...positions, filter, orderBy, includeSidebar, first: size };
};

function pageOf(lists: Lists, args: Args, gaps: readonly GraphQLError[]) {
  const parts = subgraphNames.flatMap((source) => {
    const list = lists[source];
    return list
      ? { source, edges: list.edges, hasNextPage: list.pageInfo.hasNextPage, total: list.totalCount }
      : [];
  });
  const page = {
    ...mergedPage(parts, args, startOf(args), compareBy(args.orderBy)),
    totalCount: () => {
      if (gaps[0]) throw gaps[0];
      return parts.reduce((sum, { total }) => sum + (total ?? 0), 0);
    },
  };
  return withGaps(page, parts.length, gaps);
}

/** Compares rows by the values that their agencies ordered them by, which their cursors hold. Nulls come last. */
function compareBy(orderBy: Args['orderBy']) {
  const orders = orderBy ?? [];
  const isById = orders.some(({ field }) => field === 'ID');
  const keys = isById ? orders : [...orders, { field: 'ID', direction: orders.at(-1)?.direction ?? 'ASC' }];
  const compareKeys = keys.map(({ field, direction }) => compareKey(field === 'VALUE', direction === 'DESC'));
  const valuesOf = ({ cursor }: Row<Json>) => positionOf(cursor, orderBy, keys.length, 'after');
  return (a: Row<Json>, b: Row<Json>): number => {
    const [ofA, ofB] = [valuesOf(a), valuesOf(b)];
    for (const [i, compare] of compareKeys.entries()) {
      const order = compare(ofA[i] ?? null, ofB[i] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  };
}

const compareKey = (isNumber: boolean, isDescending: boolean) => (a: string | null, b: string | null) => {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = isNumber ? Number(a) - Number(b) : Number(a > b) - Number(a < b);
  return isDescending ? -order : order;
};

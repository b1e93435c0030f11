import fc from 'fast-check';
import { relationOf, type Table, tableOf, tables, whereSql } from './oracle.ts';
import { insideSql, isSumSql } from './overlaps.ts';
import { anyFilter, choices, type Question, ways } from './questions.ts';

/** What rows can be grouped by: the value of a column, or the year or month of a day. */
type Dimension = { readonly name: string; readonly column: string; readonly of?: 'year' | 'month' };

const yearAnd = (name: string, column: string): Dimension[] => [
  { name: `${name}_YEAR`, column, of: 'year' },
  { name: `${name}_MONTH`, column, of: 'month' },
];
const by = (name: string): Dimension => ({ name, column: name.toLowerCase() });

const dimensions: Readonly<Record<string, readonly Dimension[]>> = {
  enterprises: [by('IS_ABOVE_SCALE'), by('KIND'), ...yearAnd('FOUNDED_ON', 'founded_on')],
  parks: [by('LEVEL'), by('IS_VIRTUAL'), by('OPERATOR_ID'), by('PARENT_ID')],
  events: [
    { name: 'YEAR', column: 'year', of: 'year' },
    by('VENUE_ID'),
    ...yearAnd('START_DATE', 'start_date'),
  ],
  projects: [by('KIND')],
  policies: [by('STATUS'), { name: 'ISSUED_YEAR', column: 'issued_year', of: 'year' }],
  agencies: [by('KIND'), by('PARENT_ID')],
  partyUnits: [by('KIND')],
  works: [by('SUPPORT_POLICY_ID')],
  inspections: [by('RESULT'), by('ENTERPRISE_ID'), ...yearAnd('INSPECTED_ON', 'inspected_on')],
  blacklist: [by('LISTED_BY_ID'), ...yearAnd('PUBLISHED_ON', 'published_on')],
  payouts: [by('STAGE'), by('POLICY_ID')],
};

/** By a dimension of the list, or of what a path of relations leads to. */
type GroupBy = {
  readonly path: readonly string[];
  readonly dimension: Dimension;
  readonly direction: 'ASC' | 'DESC';
};

export type Sums = {
  readonly list: string;
  readonly filter: Question['filter'];
  readonly groupBy: readonly GroupBy[];
  readonly having: keyof typeof havings;
  readonly orderBy: keyof typeof orders;
  readonly first: number;
  readonly way: Question['way'];
};

/** What stands in both: the field of a sum, and the words of SQL. */
const havings = {
  none: { asked: () => null, sql: 'true' },
  several: { asked: () => ({ count: { gt: 1 } }), sql: 'n > 1' },
  much: { asked: (sum?: string) => sum && { [sum]: { sum: { gt: '1000' } } }, sql: 'total > 1000' },
  grown: { asked: () => ({ growth: { gte: '0' } }), sql: 'growth >= 0' },
} as const;
const orders = {
  none: { asked: () => [], sql: [] },
  count: { asked: () => [{ count: 'DESC' }], sql: ['n desc nulls last'] },
  sum: {
    asked: (sum?: string) => (sum ? [{ [sum]: { sum: 'ASC' } }] : []),
    sql: ['compared.total asc nulls last'],
  },
} as const;

/** The column of a list that has a sum. */
export const summedIn = (table: Table) =>
  Object.entries(table.columns).find(([, { of }]) => of === 'Yuan' || of === 'Decimal');

export const anySums: fc.Arbitrary<Sums> = fc.gen().map((draw) => {
  const { below, chance, among } = choices(draw);
  const [list, table] = among(Object.entries(tables));
  const group = (list: string, deep: number): Omit<GroupBy, 'direction'> => {
    if (deep === 0 || chance(30)) return { path: [], dimension: among(dimensions[list] ?? []) };
    const [name, { to }] = among(Object.entries(tableOf(list).relations));
    const { path, dimension } = group(to, deep - 1);
    return { path: [name, ...path], dimension };
  };
  const groupBy = Array.from({ length: below(4) }, () => ({
    ...group(list, 2),
    direction: among(['ASC', 'DESC'] as const),
  }));
  return {
    list,
    filter: anyFilter(draw, table),
    groupBy: [...new Map(groupBy.map((each) => [nameOf(each), each])).values()],
    having: among(Object.keys(havings) as (keyof typeof havings)[]),
    orderBy: among(Object.keys(orders) as (keyof typeof orders)[]),
    first: among([2, 1000]),
    way: among(ways),
  };
});

/** As the hub says it: `park.LEVEL`. */
export const nameOf = ({ path, dimension }: Pick<GroupBy, 'path' | 'dimension'>) =>
  [...path, dimension.name].join('.');

export const askedOf = ({ list, groupBy, having, orderBy }: Sums) => {
  const [sum] = summedIn(tableOf(list)) ?? [];
  return {
    groupBy: groupBy.map(({ path, dimension, direction }) =>
      path.reduceRight<object>((inner, name) => ({ [name]: inner }), { field: dimension.name, direction }),
    ),
    having: havings[having].asked(sum) || null,
    orderBy: orders[orderBy].asked(sum),
  };
};

const valueSql = ({ column, of }: Dimension, a: string) => {
  if (column === 'year' || column === 'issued_year' || !of) return `${a}.${column}`;
  return of === 'year'
    ? `date_part('year', ${a}.${column})::int`
    : `date_trunc('month', ${a}.${column})::date`;
};

/** The ids of the rows of a list that match, with each value that they have. */
function valuesSql(list: string, { path, dimension }: GroupBy): string {
  let [table, a] = [tableOf(list), 'r'];
  const joins = path.map((name, i) => {
    const { to, on } = relationOf(table, name);
    const b = `b${i}`;
    const { from, rows } = tableOf(to);
    const join = `join ${from} ${b} on ${on(a, b)} and ${rows?.(b) ?? 'true'}`;
    [table, a] = [tableOf(to), b];
    return join;
  });
  const value = valueSql(dimension, a);
  return `select distinct r.id, ${value} as value from matching r ${joins.join(' ')} where ${value} is not null`;
}

/** So many decimals make Postgres divide as exactly. */
const [one, hundred] = ['1::numeric(50, 30)', '100::numeric(50, 30)'];

/**
 * Each row once for each combination of its values; then sums, where the figures may be added; then shares, and growth by a join with the
 * year before.
 */
export function sumsSql({ list, filter, groupBy, having, orderBy, first }: Sums): string {
  const table = tableOf(list);
  const [, summed] = summedIn(table) ?? [];
  const sum = summed ? `x.${summed.sql}` : 'null::numeric';
  const digits = summed?.of === 'Decimal' ? 4 : 2;
  const summedIds = `array_agg(x.id) filter (where ${sum} is not null)`;
  const keys = groupBy.map((_, i) => `g${i}`);
  const periods = groupBy.filter(({ dimension }) => dimension.of);
  const yearBefore = groupBy.map(({ dimension: { of } }, i) => {
    if (of === undefined || periods.length !== 1) return `p.g${i} is not distinct from s.g${i}`;
    return `p.g${i} = s.g${i} - ${of === 'year' ? '1' : `interval '1 year'`}`;
  });
  const growth = (figure: string) =>
    periods.length === 1
      ? `round((s.${figure}::numeric - p.${figure}) * ${hundred} / nullif(abs(p.${figure}), 0), 2)`
      : 'null::numeric';
  const [asked] = [orders[orderBy].sql.filter((each) => summed || !each.includes('total'))];
  const order = [...asked, ...groupBy.map(({ direction }, i) => `g${i} ${direction} nulls last`)];
  return `
    with recursive ${insideSql(list)}, matching as (
      select a.* from ${table.from} a where ${table.rows?.('a') ?? 'true'} and (${whereSql(table, filter, 'a')}) is true
    ), grouped as (
      select ${keys.map((key, i) => `v${i}.value as ${key}, `).join('')} count(*)::int as n, sum(${sum}) as added,
        min(${sum}) as least, max(${sum}) as most, count(${sum})::int as counted, ${summedIds} as ids
      from matching x ${groupBy.map((each, i) => `left join (${valuesSql(list, each)}) v${i} on v${i}.id = x.id`).join(' ')}
      ${keys.length > 0 ? `group by ${keys.join(', ')}` : ''}
    ), sums as (
      select *, round(total * ${one} / nullif(counted, 0), ${digits}) as mean
      from (select *, case when ${isSumSql(list, 'ids')} then added end as total from grouped) g
    ), whole as (
      select case when ${isSumSql(list, 'ids')} then added end as total
      from (select sum(${sum}) as added, ${summedIds} as ids from matching x) g
    ), compared as (
      select s.*, round(s.n * ${hundred} / nullif((select count(*) from matching), 0), 2) as share,
        round(s.total * ${hundred} / nullif((select total from whole), 0), 2) as total_share,
        ${growth('n')} as growth, ${growth('total')} as total_growth
      from sums s ${periods.length === 1 ? `left join sums p on ${yearBefore.join(' and ')}` : ''}
    )
    select ${keys.map((key) => `${key}::text, `).join('')} n, share::text, growth::text, count(*) over ()::int as groups,
      counted, trim_scale(total)::text as total, mean::text, trim_scale(least)::text as least,
      trim_scale(most)::text as most, total_share::text, total_growth::text
    from compared where ${having === 'much' && !summed ? 'true' : havings[having].sql}
    ${order.length > 0 ? `order by ${order.join(', ').replaceAll(/\bg(\d)\b/g, 'compared.g$1')}` : ''} limit ${first}`;
}

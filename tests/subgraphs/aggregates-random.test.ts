import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import fc from 'fast-check';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';

/** How the hand-written SQL comes to a dimension: rows of `e`, joined to what else there is. */
const dimensions = {
  KIND: { value: 'e.kind' },
  OWNERSHIP: { value: 'e.ownership' },
  IS_ABOVE_SCALE: { value: 'e.is_above_scale' },
  REGION: { value: 'e.region_code' },
  REGION_PROVINCE: { value: above('PROVINCE') },
  REGION_PREFECTURE: { value: above('PREFECTURE') },
  REGION_COUNTY: { value: above('COUNTY') },
  FOUNDED_ON_YEAR: { value: `date_part('year', e.founded_on)::int`, before: (g: string) => `${g} - 1` },
  FOUNDED_ON_MONTH: {
    value: `to_char(e.founded_on, 'YYYY-MM-01')`,
    before: (g: string) => `to_char(${g}::date - interval '1 year', 'YYYY-MM-01')`,
  },
  TIER: { value: 't.tier', join: 'left join enterprise_tiers t on t.enterprise_id = e.id' },
  INSPECTED_ON_YEAR: {
    value: `date_part('year', i.inspected_on)::int`,
    before: (g: string) => `${g} - 1`,
    join: 'left join inspections i on i.enterprise_id = e.id',
  },
  IS_BLACKLISTED: {
    value: 'b.enterprise_id is not null',
    join: 'left join blacklist_entries b on b.enterprise_id = e.id and b.published_on is not null and b.restored_on is null and (b.until is null or b.until >= current_date)',
  },
} as const satisfies Record<string, { value: string; join?: string; before?: (g: string) => string }>;
type Name = keyof typeof dimensions;

function above(level: string): string {
  return `(select r.code from region_closure c join regions r on r.code = c.ancestor where c.code = e.region_code and r.level = '${level}')`;
}

const fieldOf = (name: string) =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const conditions = [
  ['', 'true'],
  ['{kind: {in: [SOE, GROUP]}}', `e.kind in ('SOE', 'GROUP')`],
  ['{registeredCapital: {gte: "300.5"}}', 'e.registered_capital >= 300.5'],
  [
    '{region: {within: "370000"}}',
    `exists (select from region_closure c where c.code = e.region_code and c.ancestor = '370000')`,
  ],
  [
    '{not: {tier: {eq: GAZELLE}}}',
    `not exists (select from enterprise_tiers t where t.enterprise_id = e.id and t.tier = 'GAZELLE')`,
  ],
  ['{id: {eq: "nobody"}}', 'false'],
] as const;

const havings = [
  ['', 'true'],
  ['{count: {gt: 1}}', 'n > 1'],
  ['{registeredCapital: {sum: {gt: "500"}, avg: {lt: "900.25"}}}', 'total > 500 and mean < 900.25'],
  ['{share: {gte: "5"}}', 'share >= 5'],
  ['{registeredCapital: {growth: {isNull: false}}}', 'total_growth is not null'],
  ['{growth: {lt: "0"}, foundedOn: {min: {gte: "2010-01-01"}}}', `growth < 0 and earliest >= '2010-01-01'`],
] as const;

const orders = [
  ['', ''],
  ['{count: DESC}', 'compared.n desc nulls last, '],
  ['{registeredCapital: {sum: ASC}}', 'compared.total asc nulls last, '],
  ['{growth: DESC}', 'compared.growth desc nulls last, '],
  [
    '{foundedOn: {max: DESC}}, {registeredCapital: {count: ASC}}',
    'compared.latest desc nulls last, compared.capitals asc nulls last, ',
  ],
] as const;

const anyQuestion = fc.record({
  groupBy: fc.uniqueArray(
    fc.record({
      field: fc.constantFrom(...(Object.keys(dimensions) as Name[])),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
    { maxLength: 4, selector: ({ field }) => field },
  ),
  condition: fc.constantFrom(...conditions),
  having: fc.constantFrom(...havings),
  order: fc.constantFrom(...orders),
  first: fc.constantFrom(1, 3, 1000),
  region: fc.constantFrom(null, '110000', '370200'),
});
type Question = typeof anyQuestion extends fc.Arbitrary<infer Value> ? Value : never;

const figures = `count share growth { value } groupCount
  registeredCapital { count sum avg min max share growth { value } } foundedOn { count min max }`;

function graphQl({ groupBy, condition, having, order, first, region }: Question): string {
  const by = groupBy.map(({ field, direction }) => `{field: ${field}, direction: ${direction}}`);
  const keys = groupBy.map(({ field }) => fieldOf(field) + (field.startsWith('REGION') ? ' { code }' : ''));
  const list = `enterprises(filter: ${condition[0] || 'null'}) {
    aggregates(groupBy: [${by}], having: ${having[0] || 'null'}, orderBy: [${order[0]}], first: ${first}) {
      group { __typename ${keys.join(' ')} } ${figures}
    }
  }`;
  return region ? `{ region(code: "${region}") { ${list} } }` : `{ ${list} }`;
}

/** So many decimals make Postgres divide as exactly. */
const [one, hundred] = ['1::numeric(50, 30)', '100::numeric(50, 30)'];

/** Each enterprise once for each combination of its values; then sums; then shares, and growth by a join. */
function handWritten({ groupBy, condition, having, order, first, region }: Question): string {
  const named: readonly { value: string; join?: string; before?: (g: string) => string }[] = groupBy.map(
    ({ field }) => dimensions[field],
  );
  const keys = named.map((_, i) => `g${i}`);
  const periods = named.filter(({ before }) => before);
  const same = named.map(({ before }, i) =>
    before ? `p.g${i} = ${before(`s.g${i}`)}` : `p.g${i} is not distinct from s.g${i}`,
  );
  const growth = (figure: string) =>
    periods.length === 1
      ? `round((s.${figure}::numeric - p.${figure}) * ${hundred} / nullif(abs(p.${figure}), 0), 2)`
      : 'null::numeric';
  return `
    with matching as (
      select * from enterprises e where ${condition[1]} and ${
        region ? `e.region_code in (select code from region_closure where ancestor = '${region}')` : 'true'
      }
    ), expanded as (
      select distinct e.id, e.registered_capital as capital, e.founded_on
        ${named.map(({ value }, i) => `, ${value} as g${i}`).join('')}
      from matching e ${[...new Set(named.map(({ join }) => join ?? ''))].join(' ')}
    ), sums as (
      select ${keys.map((key) => `${key}, `).join('')} count(*)::int as n, count(capital)::int as capitals,
        sum(capital) as total, round(sum(capital) * ${one} / nullif(count(capital), 0), 2) as mean, min(capital) as least, max(capital) as most,
        count(founded_on)::int as dated, min(founded_on) as earliest, max(founded_on) as latest
      from expanded ${keys.length > 0 ? `group by ${keys.join(', ')}` : ''}
    ), compared as (
      select s.*, round(s.n * ${hundred} / nullif((select count(*) from matching), 0), 2) as share,
        round(s.total * ${hundred} / nullif((select sum(registered_capital) from matching), 0), 2) as total_share,
        ${growth('n')} as growth, ${growth('total')} as total_growth
      from sums s ${periods.length === 1 ? `left join sums p on ${same.join(' and ')}` : ''}
    )
    select ${keys.map((key) => `${key}, `).join('')} n, share::text, growth::text, count(*) over ()::int as groups,
      capitals, trim_scale(total)::text as total, mean::text, trim_scale(least)::text as least,
      trim_scale(most)::text as most, total_share::text, total_growth::text,
      dated, earliest::text, latest::text
    from compared where ${having[1]}
    ${keys.length + order[1].length > 0 ? `order by ${[order[1].replace(/, $/, ''), ...groupBy.map(({ direction }, i) => `g${i} ${direction} nulls last`)].filter(Boolean).join(', ')}` : ''}
    limit ${first}`;
}

const asGroups = (rows: readonly Record<string, unknown>[], { groupBy }: Question) =>
  rows.map((row) => ({
    group: {
      __typename: 'EnterpriseGroup',
      ...Object.fromEntries(
        groupBy.map(({ field }, i) => {
          const value = row[`g${i}`];
          return [fieldOf(field), field.startsWith('REGION') && value !== null ? { code: value } : value];
        }),
      ),
    },
    count: row.n,
    share: row.share,
    growth: row.growth === null ? null : { value: row.growth },
    groupCount: row.groups,
    registeredCapital: {
      count: row.capitals,
      sum: row.total,
      avg: row.mean,
      min: row.least,
      max: row.most,
      share: row.total_share,
      growth: row.total_growth === null ? null : { value: row.total_growth },
    },
    foundedOn: { count: row.dated, min: row.earliest, max: row.latest },
  }));

/** Reproducible, with values missing, equal, negative, large and in fractions of a fen. */
const made = `
  insert into enterprises (id, name_zh, name_en, kind, ownership, region_code, is_above_scale, registered_capital, founded_on)
  select 'x' || n, '单位', 'Unit', (array['ENTERPRISE', 'SOE', 'GROUP'])[1 + n % 3],
    (array['STATE', 'PRIVATE', null])[1 + n % 7 % 3],
    (array['110105', '110116', '370212', '370200', '370000', null])[1 + n % 11 % 6],
    (array[true, false, null])[1 + n % 5 % 3],
    case when n % 4 = 0 then null when n % 13 = 0 then -250.125 when n % 17 = 0 then 9007199254740993.07 else n % 9 * 100.005 end,
    case when n % 6 = 0 then null else date '2008-01-15' + n % 19 * interval '47 days' end
  from generate_series(1, 160) n;
  insert into enterprise_tiers (enterprise_id, seq, tier)
  select 'x' || n, seq, (array['GAZELLE', 'LISTED', 'LEADING'])[1 + n * seq % 3]
  from generate_series(1, 160) n, generate_series(1, 3) seq where n % 4 >= seq;
  insert into inspections (id, enterprise_id, method, inspected_on)
  select 'i' || n || '-' || seq, 'x' || n, 'ROUTINE', date '2022-03-01' + (n * seq % 30) * interval '40 days'
  from generate_series(1, 160) n, generate_series(1, 2) seq where n % 3 >= seq;
  insert into blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on, published_on, until)
  select 'b' || n, 'x' || n, 'org-x', '事由', '2024-01-01', case when n % 2 = 0 then date '2024-02-01' end,
    (array[null, date '2025-01-01', date '2999-12-31'])[1 + n % 3]
  from generate_series(1, 160, 7) n`;

test('any aggregates are those that SQL written by hand gives', async () => {
  await using database = await createDatabase();
  const url = database.urls.enterprises;
  await ask(url, made);
  const subgraph = enterprisesSubgraph({ url });
  const sql = postgres(url, { max: 1 });
  await using closing = new AsyncDisposableStack();
  closing.defer(() => subgraph.close());
  closing.defer(() => sql.end());
  await fc.assert(
    fc.asyncProperty(anyQuestion, async (question) => {
      const answer = await subgraph.execute({ query: graphQl(question) });
      expect(answer.errors).toBeUndefined();
      const { region, enterprises } = JSON.parse(JSON.stringify(answer.data));
      const rows = await sql.unsafe(handWritten(question));
      expect((region?.enterprises ?? enterprises).aggregates).toEqual(asGroups(rows, question));
    }),
    { numRuns: Number(process.env.RANDOM_QUESTIONS ?? 100) },
  );
}, 600_000);

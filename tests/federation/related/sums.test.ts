import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableOf } from './oracle.ts';
import { anySums, askedOf, nameOf, type Sums, summedIn, sumsSql } from './sums.ts';
import { startWorld } from './world.ts';
import { written } from './written.ts';

const fieldOf = (dimension: string) =>
  dimension.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function documentOf(sums: Sums): { query: string; variables: object } {
  const { list, filter, groupBy, first, way } = sums;
  const { filter: filterType, order } = tableOf(list);
  const row = order.replace(/Order$/, '').replace('Blacklist', 'BlacklistEntry');
  const types = {
    filter: filterType,
    groupBy: `[${row}GroupBy!]`,
    having: `${row}Having`,
    orderBy: `[${row}AggregateOrder!]`,
  };
  const values = { filter, ...askedOf(sums) };
  const isVariable = (name: string) => way === 'in variables' || (way === 'in both' && name === 'groupBy');
  const names = Object.keys(types) as (keyof typeof types)[];
  const said = Object.fromEntries(
    names.map((name) => [name, isVariable(name) ? `$${name}` : written(values[name], types[name])]),
  );
  const variables = names.filter(isVariable);
  const declared = variables.map((name) => `$${name}: ${types[name]}`).join(', ');
  const own = groupBy.flatMap(({ path, dimension }) => (path.length === 0 ? [fieldOf(dimension.name)] : []));
  const [sum] = summedIn(tableOf(list)) ?? [];
  const figures = 'count sum avg min max share growth { value }';
  return {
    query: `query ${declared ? `(${declared})` : ''} { list: ${list}(filter: ${said.filter}) {
      aggregates(groupBy: ${said.groupBy}, having: ${said.having}, orderBy: ${said.orderBy}, first: ${first}) {
        group { ${own.join(' ')} related { by value } }
        count share growth { value } groupCount ${sum ? `sums: ${sum} { ${figures} }` : ''}
      }
    } }`,
    variables: Object.fromEntries(variables.map((name) => [name, values[name]])),
  };
}

/** The groups of SQL as the hub shows them. */
const shown = (rows: readonly Record<string, unknown>[], { list, groupBy }: Sums) =>
  rows.map((row) => {
    const keys = groupBy.map((each, i) => ({ ...each, value: row[`g${i}`] }));
    const grown = (value: unknown) => (value === null ? null : { value });
    return {
      group: {
        ...Object.fromEntries(
          keys.flatMap(({ path, dimension, value }) =>
            path.length === 0 ? [[fieldOf(dimension.name), value]] : [],
          ),
        ),
        related: keys.flatMap((each) =>
          each.path.length > 0 ? [{ by: nameOf(each), value: each.value }] : [],
        ),
      },
      count: row.n,
      share: row.share,
      growth: grown(row.growth),
      groupCount: row.groups,
      ...(summedIn(tableOf(list)) && {
        sums: {
          count: row.counted,
          sum: row.total,
          avg: row.mean,
          min: row.least,
          max: row.most,
          share: row.total_share,
          growth: grown(row.total_growth),
        },
      }),
    };
  });

type Group = { group: { related: unknown } };
const asText = (groups: readonly Group[]) =>
  groups.map(({ group: { related, ...own }, ...others }) => ({
    ...others,
    group: {
      related,
      ...Object.fromEntries(
        Object.entries(own).map(([name, value]) => [name, value === null ? null : String(value)]),
      ),
    },
  }));

/** Within the usual limits, and where most is carried the other way, or not at all. */
const limits = [
  { maxKeys: 100_000, fewKeys: 1_000, refused: 0 },
  { maxKeys: 12, fewKeys: 3, refused: 0.9 },
];

test.each(limits)(
  'any aggregates, filtered and grouped by what is related, are those of SQL joins: $maxKeys keys',
  async ({ refused, ...relationLimits }) => {
    await using world = await startWorld(relationLimits);
    const { hub, whole } = world;
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(anySums, async (sums) => {
        const { query, variables } = documentOf(sums);
        const { data, errors } = await hub.ask(query, variables);
        expect(errors?.find(({ extensions }) => extensions.code !== 'TOO_MANY_RELATED')).toBeUndefined();
        const { list } = data as { list: { aggregates: Group[] | null } | null };
        if (!list?.aggregates) return;
        answered++;
        expect(asText(list.aggregates)).toEqual(shown(await whole.unsafe(sumsSql(sums)), sums));
      }),
      { numRuns: questions },
    );
    expect(answered).toBeGreaterThanOrEqual(questions * (1 - refused));
  },
  600_000,
);

const questions = Number(process.env.RANDOM_QUESTIONS ?? 60);

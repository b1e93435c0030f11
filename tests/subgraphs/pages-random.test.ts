import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import fc from 'fast-check';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';

/** How the hand-written SQL comes to an order. */
const orders = {
  NAME: 'name_zh collate "zh-x-icu"',
  REGISTERED_CAPITAL: 'registered_capital',
  FOUNDED_ON: 'founded_on',
  UPDATED_AT: 'updated_at',
  ID: 'id',
} as const;

const region = '370200';

const anyWalk = fc.record({
  orderBy: fc.uniqueArray(
    fc.record({
      field: fc.constantFrom(...(Object.keys(orders) as (keyof typeof orders)[])),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
    { maxLength: 4, selector: ({ field }) => field },
  ),
  isBackward: fc.boolean(),
  /** Of a parent, the pages are parts of a statement for all parents. */
  isOfRegion: fc.boolean(),
  size: fc.constantFrom(7, 13, 60),
});
type Walk = typeof anyWalk extends fc.Arbitrary<infer Value> ? Value : never;

function pageOf({ orderBy, isBackward, isOfRegion, size }: Walk): string {
  const by = orderBy.map(({ field, direction }) => `{field: ${field}, direction: ${direction}}`);
  const extent = isBackward ? `last: ${size}, before: $at` : `first: ${size}, after: $at`;
  const list = `enterprises(${extent}, orderBy: [${by}]) {
    nodes { id } pageInfo { more: ${isBackward ? 'hasPreviousPage' : 'hasNextPage'} end: ${isBackward ? 'startCursor' : 'endCursor'} }
  }`;
  return `query ($at: String) { ${isOfRegion ? `region(code: "${region}") { ${list} }` : list} }`;
}

function handWritten({ orderBy, isOfRegion }: Walk): string {
  const keys = orderBy.map(({ field, direction }) => `${orders[field]} ${direction} nulls last`);
  return `select id from enterprises where ${isOfRegion ? `region_code in (select code from region_closure where ancestor = '${region}')` : 'true'}
    order by ${[...keys, `id ${orderBy.at(-1)?.direction ?? ''}`].join(', ')}`;
}

/** Many without a value, and many with the same. */
const made = `
  insert into enterprises (id, name_zh, name_en, kind, region_code, registered_capital, founded_on, updated_at)
  select 'x' || n, (array['阿', '博', '单位'])[1 + n * 7 % 3] || n % 20, 'Unit', 'ENTERPRISE', (array['110105', '${region}', null])[1 + n % 3],
    case when n % 4 = 0 then null else n * 31 % 5 * 100.005 - 50 end,
    case when n % 5 < 2 then null else date '2008-01-15' + n * 17 % 4 * interval '47 days' end,
    timestamptz '2024-01-01 00:00:00.000001+00' + n * 13 % 6 * interval '1 microsecond'
  from generate_series(1, 100) n`;

test('the pages of any order are the rows that SQL written by hand gives, each once', async () => {
  await using database = await createDatabase();
  const url = database.urls.enterprises;
  await ask(url, made);
  const subgraph = enterprisesSubgraph({ url });
  const sql = postgres(url, { max: 1 });
  await using closing = new AsyncDisposableStack();
  closing.defer(() => subgraph.close());
  closing.defer(() => sql.end());
  await fc.assert(
    fc.asyncProperty(anyWalk, async (walk) => {
      const query = pageOf(walk);
      const rows = await sql.unsafe(handWritten(walk));
      const seen: string[] = [];
      let at: string | null = null;
      do {
        const answer = await subgraph.execute({ query, variables: { at } });
        expect(answer.errors).toBeUndefined();
        const data = JSON.parse(JSON.stringify(answer.data));
        const { nodes, pageInfo } = (data.region ?? data).enterprises;
        const ids = nodes.map(({ id }: { id: string }) => id);
        if (walk.isBackward) seen.unshift(...ids);
        else seen.push(...ids);
        at = pageInfo.more ? pageInfo.end : null;
      } while (at && seen.length <= rows.length);
      expect(seen).toEqual(rows.map(({ id }) => id));
    }),
    { numRuns: Number(process.env.RANDOM_QUESTIONS ?? 60) },
  );
}, 600_000);

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
  /** Only those in one of these parks: of few links, of more than a page, and of more than are looked at before its rows. */
  parks: fc.constantFrom(undefined, 2, 12, 250),
  size: fc.constantFrom(7, 13, 60),
});
type Walk = typeof anyWalk extends fc.Arbitrary<infer Value> ? Value : never;

const idsOfParks = (parks: number) => Array.from({ length: parks }, (_, i) => `q${i + 1}`);

function pageOf({ orderBy, isBackward, isOfRegion, parks, size }: Walk): string {
  const by = orderBy.map(({ field, direction }) => `{field: ${field}, direction: ${direction}}`);
  const extent = isBackward ? `last: ${size}, before: $at` : `first: ${size}, after: $at`;
  const related =
    parks &&
    `and: [{}, {_related: [{link: "parkId", to: "Park", keys: ${JSON.stringify(idsOfParks(parks))}}]}]`;
  const list = `enterprises(${extent}, filter: {${related ?? ''}}, orderBy: [${by}]) {
    nodes { id } pageInfo { more: ${isBackward ? 'hasPreviousPage' : 'hasNextPage'} end: ${isBackward ? 'startCursor' : 'endCursor'} }
  }`;
  return `query ($at: String) { ${isOfRegion ? `region(code: "${region}") { ${list} }` : list} }`;
}

function handWritten({ orderBy, isOfRegion, parks }: Walk): string {
  const keys = orderBy.map(({ field, direction }) => `${orders[field]} ${direction} nulls last`);
  const inRegion = `region_code in (select code from region_closure where ancestor = '${region}')`;
  const inParks = `id in (select enterprise_id from enterprise_parks where role = 'TENANT' and park_id in ('${idsOfParks(parks ?? 0).join("','")}'))`;
  return `select id from enterprises where ${isOfRegion ? inRegion : 'true'} and ${parks ? inParks : 'true'}
    order by ${[...keys, `id ${orderBy.at(-1)?.direction ?? ''}`].join(', ')}`;
}

/** Many without a value, and many with the same. */
const made = `
  insert into enterprises (id, name_zh, name_en, kind, region_code, registered_capital, founded_on, updated_at)
  select 'x' || n, (array['阿', '博', '单位'])[1 + n * 7 % 3] || n % 20, 'Unit', 'ENTERPRISE', (array['110105', '${region}', null])[1 + n % 3],
    case when n % 4 = 0 then null else n * 31 % 5 * 100.005 - 50 end,
    case when n % 5 < 2 then null else date '2008-01-15' + n * 17 % 4 * interval '47 days' end,
    timestamptz '2024-01-01 00:00:00.000001+00' + n * 13 % 6 * interval '1 microsecond'
  from generate_series(1, 100) n;
  insert into enterprise_parks select 'x' || n, 'q' || park, 'TENANT' from generate_series(1, 100) n, generate_series(1, 250) park
  where park > 12 or (park > 2 and (n + park) % 3 = 0) or n * park % 20 = 1;
  insert into enterprise_parks select 'x' || n, 'q' || park, 'OPERATOR' from generate_series(1, 100) n, generate_series(1, 2) park`;

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

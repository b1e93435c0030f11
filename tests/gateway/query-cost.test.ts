import { standardQueryLimits } from '@wenshu/gateway/admission/query-limits.ts';
import { expect, test } from 'vitest';
import { type Federation, startInProcess, supergraphOf, type TestSubgraph } from '../support/federation.ts';
import { post } from '../support/post.ts';

const sdl = `
  type Query {
    name: String
    park(near: Near): Park
    parks(first: Int, last: Int, size: Int = 3 @cost(weight: 2)): [Park] @listSize(slicingArguments: ["first", "last"], assumedSize: 5, requireOneSlicingArgument: false)
    page(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
    some(first: Int = 4): [Park] @listSize(slicingArguments: ["first"])
    match: Park @cost(weight: 7)
    price: Price
    place: Place
    any: Any
  }
  type Mutation { open: Park }
  input Near { code: String @cost(weight: 3) of: [Near] }
  interface Place { name: String parks: [Park] }
  type Park implements Place { name: String tags: [String] parks: [Park] @listSize(assumedSize: 6) }
  type Costly implements Place @cost(weight: 9) { name: String parks: [Park] }
  union Any = Park | Costly
  type Page { nodes: [Park] total: Int @cost(weight: 1) }
  scalar Price @cost(weight: 8)
`;
const parks: TestSubgraph = { sdl, answer: () => ({ data: null }) };

/** What an operation costs, as the explanation of its answer says. */
async function costOf(hub: Federation, query: string, variables?: Record<string, unknown>) {
  const { body } = await post(hub.url, { query, variables }, { 'x-wenshu-explain': '1' });
  return body.extensions?.explain.cost ?? body.errors;
}

test.each([
  ['a scalar costs nothing, an operation at least 1', '{ name }', {}, 1],
  ['an object costs 1', '{ park { name } }', {}, 1],
  ['an alias is a field of its own', '{ a: park { name } b: park { name } }', {}, 2],
  ['a list without a size has the default', '{ place { parks { name } } park { name } }', {}, 9 + 6 + 1],
  ['a list is as long as its argument says', '{ parks(first: 30) { name } }', {}, 30],
  ['the larger argument counts', '{ parks(first: 30, last: 40) { name } }', {}, 40],
  ['an argument can be a variable', 'query($n: Int) { parks(first: $n) { name } }', { n: 50 }, 50],
  ['a variable has a default', 'query($n: Int = 20) { parks(first: $n) { name } }', {}, 20],
  ['null is no size', 'query($n: Int = 20) { parks(first: $n) { name } }', { n: null }, 5],
  ['no argument leaves the assumed size', '{ parks { name } }', {}, 5],
  ['an argument has a default', '{ some { name } }', {}, 4],
  ['below 0 is 0', '{ parks(first: -1000) { name } park { name } }', {}, 1],
  ['lists in lists multiply', '{ parks(first: 10) { parks { name } } }', {}, 10 * (1 + 6)],
  ['a field of a page has its size', '{ page(first: 10) { nodes { name } total } }', {}, 1 + 10 + 1],
  [
    'a fragment changes nothing',
    '{ page(first: 10) { ...F } } fragment F on Page { nodes { ... on Park { name } } }',
    {},
    11,
  ],
  ['@cost on a field goes before its type', '{ match { name } }', {}, 7],
  ['@cost on a scalar', '{ price }', {}, 8],
  ['an argument has a weight', '{ parks(first: 10, size: 1) { name } }', {}, 12],
  [
    'fields of inputs have weights',
    '{ park(near: {code: "x", of: [{code: "y"}, {code: "z"}]}) { name } }',
    {},
    10,
  ],
  [
    'inputs can be variables',
    'query($near: Near) { park(near: $near) { name } }',
    { near: { code: 'x' } },
    4,
  ],
  ['a union costs what its costliest member does', '{ any { __typename } }', {}, 9],
  ['a mutation costs 10 by itself', 'mutation { open { name } }', {}, 11],
  [
    'what is skipped costs nothing',
    'query($no: Boolean!) { match @skip(if: $no) { name } }',
    { no: true },
    1,
  ],
  ['what is not skipped costs', 'query($no: Boolean!) { match @skip(if: $no) { name } }', { no: false }, 7],
  ['what is not included costs nothing', '{ match @include(if: false) { name } park { name } }', {}, 1],
  ['introspection is not for nothing', '{ __schema { queryType { name } } __typename }', {}, 100],
])('%s', async (_, query, variables, cost) => {
  await using hub = await startInProcess({ parks }, { mayExplain: () => true });
  expect(await costOf(hub, query, variables)).toBe(cost);
});

test('the same operation costs what its variables say, each time', async () => {
  await using hub = await startInProcess({ parks }, { mayExplain: () => true });
  const query = 'query($n: Int) { parks(first: $n) { name } }';
  const costs = [];
  for (const n of [1, 100, 7]) costs.push(await costOf(hub, query, { n }));
  expect(costs).toEqual([1, 100, 7]);
});

test('an operation at the limit is answered; one beyond it is refused, and neither planned nor asked', async () => {
  await using hub = await startInProcess({ parks });
  const query = 'query($n: Int) { parks(first: $n) { name } }';
  expect(await post(hub.url, { query, variables: { n: 50_001 } })).toMatchObject({
    status: 400,
    body: {
      errors: [
        {
          message:
            'The operation costs 50001 units; the limit is 50000. The list "parks" with first: 50001 makes 100 % of it. Lower "first" there.',
          extensions: { code: 'QUERY_TOO_COSTLY', limit: 50_000, count: 50_001 },
        },
      ],
    },
  });
  expect(hub.calls).toEqual([]);
  const metrics = await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } });
  expect(await metrics.text()).toContain('wenshu_plans_kept 0');
  expect(await post(hub.url, { query, variables: { n: 50_000 } })).toMatchObject({ status: 200 });
  expect(hub.calls).toHaveLength(1);
});

test.each([
  [
    'the list in a list, which has the most objects',
    '{ parks(first: 500) { name parks { name tags } } park { name } }',
    {},
    'The operation costs 3501 units; the limit is 100. The list "parks.parks" makes 86 % of it (6 rows are assumed in each place). Ask for less in it, or in the lists around it.',
    { list: 'parks.parks', listCost: 3_000, listPercent: 86 },
  ],
  [
    'the list by its alias, and the argument that gives its size',
    'query ($n: Int) { most: parks(first: $n) { name } page(first: 30) { nodes { name } } }',
    { n: 70 },
    'The operation costs 101 units; the limit is 100. The list "most" with first: 70 makes 69 % of it. Lower "first" there.',
    { list: 'most', listCost: 70, listPercent: 69 },
  ],
  [
    'the list of a page, not its nodes',
    '{ page(first: 200) { nodes { name } } }',
    {},
    'The operation costs 201 units; the limit is 100. The list "page" with first: 200 makes 100 % of it. Lower "first" there.',
    { list: 'page', listCost: 201, listPercent: 100 },
  ],
  [
    'a list in a fragment that is spread twice once',
    '{ a: place { ...F } b: place { ...F } parks(first: 80) { name } } fragment F on Park { parks { name } }',
    {},
    'The operation costs 110 units; the limit is 100. The list "parks" with first: 80 makes 73 % of it. Lower "first" there.',
    { list: 'parks', listCost: 80, listPercent: 73 },
  ],
])('a refused operation is told %s', async (_, query, variables, message, extensions) => {
  await using hub = await startInProcess(
    { parks },
    { admission: { queryLimits: { ...standardQueryLimits, cost: 100 } } },
  );
  const { body } = await post(hub.url, { query, variables });
  expect(body.errors).toMatchObject([{ message, extensions: { code: 'QUERY_TOO_COSTLY', ...extensions } }]);
  expect(body.errors[0].extensions.messageZh).toContain(`占 ${extensions.listPercent} %`);
});

test.each([
  ['1e308', 'QUERY_TOO_COSTLY', 400],
  ['"5"', 'BAD_USER_INPUT', 400],
  ['2147483647', 'QUERY_TOO_COSTLY', 400],
])('a size of %s is refused (%s)', async (size, code, status) => {
  await using hub = await startInProcess(
    { parks },
    { admission: { queryLimits: { ...standardQueryLimits, cost: 3e9 } } },
  );
  const nested = 'query($n: Int) { parks(first: $n) { parks { name } } }';
  const answer = await post(hub.url, `{"query": "${nested}", "variables": {"n": ${size}}}`);
  expect(answer).toMatchObject({ body: { errors: [{ extensions: { code } }] } });
  expect(answer.status).toBe(status);
});

test('a list that must be sized is refused without its size', async () => {
  await using hub = await startInProcess({ parks });
  expect(await post(hub.url, { query: '{ page { total } }' })).toMatchObject({
    status: 400,
    body: {
      errors: [
        {
          message: 'Query.page must be asked for with exactly one of: first.',
          extensions: { code: 'LIST_SIZE_REQUIRED', field: 'Query.page' },
        },
      ],
    },
  });
});

test('a new supergraph brings its own costs', async () => {
  await using hub = await startInProcess({ parks }, { mayExplain: () => true });
  expect(await costOf(hub, '{ match { name } }')).toBe(7);
  await hub.replaceSupergraph(supergraphOf({ parks: { sdl: sdl.replace('weight: 7', 'weight: 70') } }));
  expect(await costOf(hub, '{ match { name } }')).toBe(70);
});

test('a supergraph may have the directives under other names', async () => {
  const renamed = supergraphOf({ parks })
    .replace(
      'import: ["@listSize"]',
      'import: [{name: "@cost", as: "@price"}, {name: "@listSize", as: "@length"}]',
    )
    .replaceAll('@cost', '@price')
    .replaceAll('@listSize', '@length')
    .replace('{name: "@price"', '{name: "@cost"')
    .replace('{name: "@length"', '{name: "@listSize"');
  await using hub = await startInProcess({ parks }, { supergraphSdl: renamed, mayExplain: () => true });
  expect(await costOf(hub, '{ match { name } parks(first: 30) { name } }')).toBe(37);
});

import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer } from '../support/guarded-hub.ts';
import { startHub } from '../support/hub.ts';
import { makeKey, sign, startIdentityProvider } from '../support/identity-provider.ts';
import { poll } from '../support/poll.ts';

const key = await makeKey('k1');
const purpose = '统计分析';

const grant: Grant = {
  agreementId: 'a1',
  fields: [
    'EnterpriseDimension.INSPECTED_ON_YEAR',
    'EnterpriseGroup.inspectedOnYear',
    'Query.dualEffectAssessments',
  ],
  purpose,
  endsAt: Date.now() + 600_000,
};

const opened = new AsyncDisposableStack();
let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  const provider = opened.use(await startIdentityProvider(key));
  const agreements = keepAgreements();
  agreements.replace(new Map([['FINANCE', [grant]]]));
  hub = opened.use(await startHub({ guard: { access: { departments: provider.options }, agreements } }));
  // The gateway reads the regions when it starts, which is not to be counted below.
  await poll(() => hub.calls.enterprises > 0 || undefined);
});
afterAll(() => opened.disposeAsync());

const ask = async (department: Department, query: string, variables: object = {}) =>
  hub.ask(query, variables, {
    ...bearer(await sign(key, { department, role: 'viewer' })),
    'x-wenshu-purpose': encodeURIComponent(purpose),
  });

it.each([
  [
    'grouped by',
    '{ list: enterprises { totalCount aggregates(groupBy: [{field: INSPECTED_ON_YEAR}]) { count } } }',
    'EnterpriseDimension.INSPECTED_ON_YEAR',
  ],
  [
    'grouped by where something related is',
    '{ list: parks { totalCount aggregates(groupBy: [{operatorEnterprise: {inspections: {field: METHOD}}}]) { count } } }',
    'EnterpriseGroupBy.inspections',
  ],
  [
    'ordered by',
    '{ list: enterprises { totalCount aggregates(orderBy: [{group: {field: INSPECTED_ON_MONTH}}]) { count } } }',
    'EnterpriseDimension.INSPECTED_ON_MONTH',
  ],
])('what is not shared cannot be %s', async (_how, query, coordinate) => {
  expect(await ask('CULTURE_TOURISM', query)).toMatchObject({
    data: { list: { totalCount: expect.any(Number), aggregates: null } },
    errors: [
      { path: ['list', 'aggregates'], extensions: { code: 'NOT_SHARED', coordinate, class: 'CONDITIONAL' } },
    ],
  });
});

it('what is not shared cannot be grouped by in a variable', async () => {
  const query = 'query ($by: [EnterpriseGroupBy!]) { enterprises { aggregates(groupBy: $by) { count } } }';
  const by = [{ field: 'KIND' }, { field: 'INSPECTED_ON_YEAR' }];
  expect(await ask('CULTURE_TOURISM', query, { by })).toMatchObject({
    data: { enterprises: { aggregates: null } },
    errors: [{ path: ['enterprises', 'aggregates'], extensions: { code: 'NOT_SHARED' } }],
  });
  expect(hub.statements.enterprises).toBe(0);
  expect((await ask('MARKET_REGULATION', query, { by })).errors).toBeUndefined();
});

it.each([
  ['by a condition', '(having: {total: {count: {gt: 1}}}) { count }', 'DualEffectAssessmentHaving.total'],
  ['by an order', '(orderBy: [{total: {sum: DESC}}]) { count }', 'DualEffectAssessmentAggregateOrder.total'],
])('what is not shared tells nothing of groups %s', async (_how, aggregates, coordinate) => {
  expect(await ask('FINANCE', `{ dualEffectAssessments { aggregates${aggregates} } }`)).toMatchObject({
    data: { dualEffectAssessments: { aggregates: null } },
    errors: [
      { path: ['dualEffectAssessments', 'aggregates'], extensions: { code: 'NOT_SHARED', coordinate } },
    ],
  });
});

it('what is not shared is null where it is summed up, and the rest is there', async () => {
  const query = '{ dualEffectAssessments { aggregates { count total { sum } group { year } } } }';
  const path = ['dualEffectAssessments', 'aggregates', 0];
  expect(await ask('FINANCE', query)).toMatchObject({
    data: { dualEffectAssessments: { aggregates: [{ count: 0, total: null, group: { year: null } }] } },
    errors: [
      { path: [...path, 'total'], extensions: { coordinate: 'DualEffectAssessmentAggregate.total' } },
      { path: [...path, 'group', 'year'], extensions: { coordinate: 'DualEffectAssessmentGroup.year' } },
    ],
  });
});

it('an agreement can open groups by something whose rows it does not open', async () => {
  const query = `{ enterprises { nodes { inspections { totalCount } }
    aggregates(groupBy: [{field: INSPECTED_ON_YEAR}]) { group { inspectedOnYear } count } } }`;
  const { data, errors } = await ask('FINANCE', query);
  expect(data).toMatchObject({
    enterprises: {
      nodes: expect.arrayContaining([{ inspections: null }]),
      aggregates: [{ group: { inspectedOnYear: null }, count: 49 }],
    },
  });
  expect(new Set(errors?.map(({ extensions }) => extensions.coordinate))).toEqual(
    new Set(['Enterprise.inspections']),
  );
});

it('each group costs as a row does', async () => {
  const query = (first: number) =>
    `{ enterprises(first: 100) { nodes { members { aggregates(first: ${first}) { count registeredCapital { sum } } } } } }`;
  expect((await ask('MARKET_REGULATION', query(1))).errors).toBeUndefined();
  expect((await ask('MARKET_REGULATION', query(1000))).errors).toMatchObject([
    { extensions: { code: 'QUERY_TOO_COSTLY', count: 200_201 } },
  ]);
});

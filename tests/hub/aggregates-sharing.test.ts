import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    agreements: {
      FINANCE: [
        {
          fields: [
            'EnterpriseDimension.INSPECTED_ON_YEAR',
            'EnterpriseGroup.inspectedOnYear',
            'Query.dualEffectAssessments',
          ],
        },
      ],
      TAXATION: [
        {
          fields: [
            'EnterpriseDimension.INSPECTED_ON_YEAR',
            'InspectionAggregate.inspectedOn',
            'InspectionDimension.METHOD',
          ],
          region: '110000',
        },
        { fields: ['Query.inspections'] },
      ],
    },
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

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
  expect(await hub.as('CULTURE_TOURISM').ask(query)).toMatchObject({
    data: { list: { totalCount: expect.any(Number), aggregates: null } },
    errors: [
      { path: ['list', 'aggregates'], extensions: { code: 'NOT_SHARED', coordinate, class: 'CONDITIONAL' } },
    ],
  });
});

it('what is not shared cannot be grouped by in a variable', async () => {
  const query = 'query ($by: [EnterpriseGroupBy!]) { enterprises { aggregates(groupBy: $by) { count } } }';
  const by = [{ field: 'KIND' }, { field: 'INSPECTED_ON_YEAR' }];
  expect(await hub.as('CULTURE_TOURISM').ask(query, { by })).toMatchObject({
    data: { enterprises: { aggregates: null } },
    errors: [{ path: ['enterprises', 'aggregates'], extensions: { code: 'NOT_SHARED' } }],
  });
  expect(hub.statements.enterprises).toBe(0);
  expect((await hub.as('MARKET_REGULATION').ask(query, { by })).errors).toBeUndefined();
});

it.each([
  ['by a condition', '(having: {total: {count: {gt: 1}}}) { count }', 'DualEffectAssessmentHaving.total'],
  ['by an order', '(orderBy: [{total: {sum: DESC}}]) { count }', 'DualEffectAssessmentAggregateOrder.total'],
])('an unshared field reveals nothing of groups %s', async (_how, aggregates, coordinate) => {
  expect(await hub.as('FINANCE').ask(`{ dualEffectAssessments { aggregates${aggregates} } }`)).toMatchObject({
    data: { dualEffectAssessments: { aggregates: null } },
    errors: [
      { path: ['dualEffectAssessments', 'aggregates'], extensions: { code: 'NOT_SHARED', coordinate } },
    ],
  });
});

it('what is not shared is null where it is summed up, and the rest is there', async () => {
  const query = '{ dualEffectAssessments { aggregates { count total { sum } group { year } } } }';
  const path = ['dualEffectAssessments', 'aggregates', 0];
  expect(await hub.as('FINANCE').ask(query)).toMatchObject({
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
  const { data, errors } = await hub.as('FINANCE').ask(query);
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
  expect((await hub.as('MARKET_REGULATION').ask(query(1))).errors).toBeUndefined();
  expect((await hub.as('MARKET_REGULATION').ask(query(1000))).errors).toMatchObject([
    { extensions: { code: 'QUERY_TOO_COSTLY', count: 200_201 } },
  ]);
});

it('rows that a caller may not know of are in no group', async () => {
  const query = `{ policies { totalCount aggregates(groupBy: [{field: STATUS}]) { group { status } count } } }`;
  const statuses = async (department: 'PROPAGANDA' | 'FINANCE') => {
    const { data, errors } = await hub.as(department).ask(query);
    expect(errors).toBeUndefined();
    const { policies } = data as {
      policies: { totalCount: number; aggregates: { group: { status: string }; count: number }[] };
    };
    expect(policies.aggregates.reduce((sum, { count }) => sum + count, 0)).toBe(policies.totalCount);
    return policies.aggregates.map(({ group }) => group.status);
  };
  const drafts = ['DRAFTING', 'DRAFT_FOR_COMMENT'];
  expect(await statuses('PROPAGANDA')).toEqual(expect.arrayContaining(drafts));
  expect((await statuses('FINANCE')).filter((status) => drafts.includes(status))).toEqual([]);
});

it('rows that a caller may not know of give no groups to others', async () => {
  const query = `{ parks { aggregates(groupBy: [{policies: {field: STATUS}}], first: 50) { group { related { value } } } } }`;
  const valuesOf = async (department: 'PROPAGANDA' | 'FINANCE') => {
    const { data, errors } = await hub.as(department).ask(query);
    expect(errors).toBeUndefined();
    const { parks } = data as {
      parks: { aggregates: { group: { related: { value: string | null }[] } }[] };
    };
    return parks.aggregates.flatMap(({ group }) => group.related.map(({ value }) => value));
  };
  expect(await valuesOf('PROPAGANDA')).toContain('DRAFT_FOR_COMMENT');
  expect(await valuesOf('FINANCE')).not.toContain('DRAFT_FOR_COMMENT');
});

it.each([
  [
    '{ list: enterprises { aggregates(groupBy: [{field: INSPECTED_ON_YEAR}]) { count } } }',
    'EnterpriseDimension.INSPECTED_ON_YEAR',
  ],
  [
    '{ list: inspections { aggregates(groupBy: [{field: METHOD}]) { count } } }',
    'InspectionDimension.METHOD',
  ],
])('an agreement for one region opens no groups over all: %s', async (query, coordinate) => {
  expect(await hub.as('TAXATION').ask(query)).toMatchObject({
    data: { list: { aggregates: null } },
    errors: [{ path: ['list', 'aggregates'], extensions: { code: 'NOT_SHARED', coordinate } }],
  });
});

it('an agreement for one region opens no sums over all', async () => {
  const query = '{ inspections { aggregates { count inspectedOn { max } } } }';
  expect(await hub.as('TAXATION').ask(query)).toMatchObject({
    data: { inspections: { aggregates: [{ count: 0, inspectedOn: null }] } },
    errors: [
      {
        path: ['inspections', 'aggregates', 0, 'inspectedOn'],
        extensions: { code: 'NOT_SHARED', coordinate: 'InspectionAggregate.inspectedOn' },
      },
    ],
  });
});

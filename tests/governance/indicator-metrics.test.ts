import { readFile } from 'node:fs/promises';
import { unitNamesZh } from '@wenshu/kit/unit-names.ts';
import { metrics, topics } from '@wenshu/schema/metrics.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ graph: 'control plane', keys: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

it('lists the metrics with name, topic, units, stock or flow, whether they add up, and owner', async () => {
  expect(
    await hub.as('FINANCE').ask(`{
      flows: indicatorMetrics(filter: {owner: TAXATION}) { totalCount ...metrics }
      shares: indicatorMetrics(filter: {owner: STATISTICS, topic: "CULTURE_INDUSTRY", isAdditive: false}) { ...metrics }
    }
    fragment metrics on IndicatorMetricConnection {
      nodes { code nameZh nameEn topic { code nameZh nameEn } units { code nameZh } stockOrFlow isAdditive owner }
    }`),
  ).toEqual({
    data: {
      flows: {
        totalCount: 1,
        nodes: [
          {
            code: 'TAX_PAID',
            nameZh: '入库税款',
            nameEn: 'Tax paid',
            topic: { code: 'CULTURE_INDUSTRY', nameZh: '文化产业', nameEn: 'Culture industry' },
            units: [{ code: 'CNY', nameZh: '元' }],
            stockOrFlow: 'FLOW',
            isAdditive: true,
            owner: 'TAXATION',
          },
        ],
      },
      shares: {
        nodes: [
          {
            code: 'REVENUE_SHARE',
            nameZh: '收入占比',
            nameEn: 'Share of revenue',
            topic: { code: 'CULTURE_INDUSTRY', nameZh: '文化产业', nameEn: 'Culture industry' },
            units: [{ code: 'percent', nameZh: '百分比' }],
            stockOrFlow: null,
            isAdditive: false,
            owner: 'STATISTICS',
          },
        ],
      },
    },
  });
});

it('has pages and conditions, and refuses an unknown topic with the nearest', async () => {
  const { data } = await hub.as('FINANCE').ask(`{
    indicatorMetrics(first: 2, filter: {topic: "PARTY", stockOrFlow: FLOW, isAdditive: true}) { nodes { code } pageInfo { hasNextPage endCursor } }
  }`);
  const { indicatorMetrics } = data as { indicatorMetrics: { pageInfo: { endCursor: string } } };
  const { endCursor } = indicatorMetrics.pageInfo;
  expect(indicatorMetrics).toEqual({
    nodes: [{ code: 'BRANDS_PER_YEAR' }, { code: 'SEMINARS' }],
    pageInfo: { hasNextPage: true, endCursor },
  });
  expect(
    await hub.as('FINANCE').ask(`{
      rest: indicatorMetrics(after: "${endCursor}", filter: {topic: "PARTY", stockOrFlow: FLOW}) { edges { node { code } } }
      none: indicatorMetrics(filter: {topic: "PARTI"}) { totalCount }
    }`),
  ).toEqual({
    data: { rest: { edges: [{ node: { code: 'STUDY_SESSIONS' } }] }, none: null },
    errors: [
      expect.objectContaining({
        message: 'There is no topic "PARTI". The nearest: PARTY (党建), PARK (园区), AGRI (农业).',
        path: ['none'],
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'filter.topic' }),
      }),
    ],
  });
});

it('has each metric once, with units and a topic that exist', () => {
  const known = Object.values(metrics);
  expect(known.map(({ code }) => code)).toEqual(Object.keys(metrics));
  expect(
    known.filter(({ units }) => units.length === 0 || !units.every((unit) => unit in unitNamesZh)),
  ).toEqual([]);
  expect(known.filter(({ topic }) => topics[topic.code] !== undefined)).toHaveLength(known.length);
  expect(known.filter(({ stockOrFlow, isAdditive }) => stockOrFlow === null && isAdditive)).toEqual([]);
});

it('has the metrics of the dataset and of synthetic cities, and no other', async () => {
  const file = new URL('../../migrations/data/indicators.json', import.meta.url);
  const figures = JSON.parse(await readFile(file, 'utf8')) as { metric: string }[];
  expect(Object.keys(metrics).sort()).toEqual([...new Set(figures.map(({ metric }) => metric))].sort());
});

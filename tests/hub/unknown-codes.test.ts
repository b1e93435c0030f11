import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

const refused = (argument: string, message: string, nearest: readonly string[]) =>
  expect.objectContaining({
    message,
    extensions: expect.objectContaining({
      code: 'BAD_USER_INPUT',
      argument,
      nearest,
      messageZh: expect.stringMatching(/^没有代码为/),
    }),
  });

it.each([
  [
    'metric: {eq: "OPERATING_REVENU"}',
    'metric.eq',
    'metric "OPERATING_REVENU"',
    'OPERATING_REVENUE (营业收入)',
  ],
  ['metric: {in: ["TAX_PAID", "TAX_PAYED"]}', 'metric.in.1', 'metric "TAX_PAYED"', 'TAX_PAID (入库税款)'],
  ['topic: {eq: "影视"}', 'topic.eq', 'topic "影视"', 'FILM_TV (影视)'],
  ['not: {topic: {eq: "FILM"}}', 'not.topic.eq', 'topic "FILM"', 'FILM_TV (影视)'],
])(
  'refuses an unknown code in %s with the nearest ones, and answers the rest',
  async (filter, path, what, names) => {
    const nearest = names.split(', ').map((name) => name.split(' ')[0] ?? '');
    expect(await hub.ask(`{ indicators(filter: {${filter}}) { totalCount } parks { totalCount } }`)).toEqual({
      data: { indicators: null, parks: { totalCount: 43 } },
      errors: [refused(`filter.${path}`, `There is no ${what}. The nearest: ${names}.`, nearest)],
    });
  },
);

it.each([
  [
    'parks(filter: {region: {within: "110106"}}) { totalCount }',
    'filter.region.within',
    '110106',
    '110105 (朝阳区), 110116 (怀柔区), 110000 (北京市)',
  ],
  [
    'projects(filter: {or: [{region: {in: ["370214", "平度"]}}]}) { totalCount }',
    'filter.or.0.region.in',
    '平度',
    '370283 (平度市)',
  ],
  [
    'parks(filter: {enterprises: {some: {region: {eq: "朝阳区"}}}}) { totalCount }',
    'filter.enterprises.some.region.eq',
    '朝阳区',
    '110105 (朝阳区)',
  ],
  [
    'region(code: "370200") { indicators(filter: {region: {eq: "3702"}}) { totalCount } }',
    'filter.region.eq',
    '3702',
    '370200 (青岛市), 370212 (崂山区), 370214 (城阳区)',
  ],
  ['serviceRequestSummary(region: "999999") { region { code } }', 'region', '999999', ''],
])('refuses an operation with an unknown region: %s', async (field, argument, code, names) => {
  const nearest = names === '' ? [] : names.split(', ').map((name) => name.slice(0, 6));
  const hint = names === '' ? '' : ` The nearest: ${names}.`;
  expect(await hub.ask(`{ ${field} }`)).toEqual({
    errors: [refused(argument, `There is no region "${code}".${hint}`, nearest)],
  });
});

it('refuses the code of a variable, in a fragment too', async () => {
  const query = `query ($filter: ParkFilter) { ...parks } fragment parks on Query { parks(filter: $filter) { totalCount } }`;
  expect(await hub.ask(query, { filter: { and: [{ region: { within: '110115' } }] } })).toEqual({
    errors: [
      refused(
        'filter.and.0.region.within',
        'There is no region "110115". The nearest: 110105 (朝阳区), 110116 (怀柔区), 110000 (北京市).',
        ['110105', '110116', '110000'],
      ),
    ],
  });
  expect(await hub.ask(query, { filter: { and: [{ region: { within: '110105' } }] } })).toEqual({
    data: { parks: { totalCount: 10 } },
  });
});

it('answers without the check while the regions cannot be read', async () => {
  await using halved = await startHub({ down: ['enterprises'] });
  expect(await halved.ask('{ parks(filter: {region: {within: "110106"}}) { totalCount } }')).toEqual({
    data: { parks: { totalCount: 0 } },
  });
});

it('knows a region that was added after the first question', async () => {
  await using own = await startHub({ ownRows: true });
  const add = (schema: string) => `
    insert into ${schema}.regions (code, name_zh, name_en, level, basis) values ('110106', '丰台区', 'Fengtai', 'COUNTY', 'test');
    insert into ${schema}.region_closure (ancestor, code) values ('110106', '110106');`;
  await sql(own.database.adminUrl, ['enterprises', 'parks'].map(add).join(''));
  expect(await own.ask('{ parks(filter: {region: {within: "110106"}}) { totalCount } }')).toEqual({
    data: { parks: { totalCount: 0 } },
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

/** A figure of a made case: the land that a district supplied in 2021. */
const figure = {
  subject_type: 'Region',
  subject_id: '370212',
  metric: 'LAND_SUPPLY',
  value: 10,
  unit: 'mu',
  approx: 'EXACT',
  kind: 'ACTUAL',
  stock_or_flow: 'FLOW',
  scope: null as string | null,
  tiers: null as string[] | null,
  dims: '{}',
  period_start: '2021-01-01' as string | null,
  period_end: '2021-12-31' as string | null,
  region_code: '370212',
  also_about_id: null as string | null,
  part_of_id: null as string | null,
};
type Made = Partial<typeof figure>;

/** The figure of another district, which may be added to it. */
const other: Made = { subject_id: '370214', region_code: '370214', value: 5 };
const firm = (id: string): Made => ({ ...other, subject_type: 'Enterprise', subject_id: id });

/** Pairs of figures that have no sum, with the first words of the reason. */
const pairs: readonly (readonly [name: string, one: Made, two: Made, reason: string])[] = [
  ['a target', {}, { ...other, kind: 'TARGET' }, 'Reached figures, targets and plans'],
  ['another year', {}, { ...other, period_end: '2020-12-31' }, 'The periods of the figures differ'],
  ['a part of the year', {}, { ...other, period_start: '2021-07-01' }, 'The periods of the figures differ'],
  ['unknown periods', { period_end: null }, { ...other, period_end: null }, 'The periods of the figures'],
  ['another unit', {}, { ...other, unit: 'sqm' }, 'The figures have different units'],
  ['another metric', {}, { ...other, metric: 'LAND_AREA' }, 'The figures are of different metrics'],
  ['a stock', {}, { ...other, stock_or_flow: 'STOCK' }, 'Stocks and flows stand together'],
  ['a scope', {}, { ...other, scope: 'ABOVE_SCALE' }, 'The figures differ in what they count'],
  ['a tier', { tiers: ['GAZELLE'] }, { ...other, tiers: ['UNICORN'] }, 'The figures differ in what they'],
  ['another limit', {}, { ...other, dims: '{"excludes": "高新区"}' }, 'The figures differ in what they'],
  ['ratios', { metric: 'OUTPUT_SHARE' }, { ...other, metric: 'OUTPUT_SHARE' }, 'The figures are ratios'],
  ['tenants', { metric: 'TENANTS' }, { ...other, metric: 'TENANTS' }, 'The same thing may be counted'],
  ['one subject', {}, { value: 5 }, 'Several figures are of one subject'],
  ['the other subject', {}, { ...other, also_about_id: '370212' }, 'Several figures are of one subject'],
  ['the city', {}, { subject_id: '370200', region_code: '370200' }, 'A figure is part of another one'],
  ['a firm of the district', { ...other }, firm('x-firm'), 'A figure is part of another one'],
  ['a stated part', {}, { ...other, part_of_id: 'x-a-stated-part-1' }, 'A figure is part of another one'],
  ['a group', firm('x-group'), firm('x-firm'), 'A figure is part of another one'],
  ['a group of a group', firm('x-holding'), firm('x-firm'), 'A figure is part of another one'],
];
const idOf = (name: string) => `x-${name.replaceAll(' ', '-')}`;

const precisions = ['EXACT', 'OVER', 'NEARLY', 'ABOUT'] as const;
/** The precision of a sum of two figures; the table of docs/aggregates.md. */
const sumOf: Readonly<Record<(typeof precisions)[number], readonly string[]>> = {
  EXACT: ['EXACT', 'OVER', 'NEARLY', 'ABOUT'],
  OVER: ['OVER', 'OVER', 'ABOUT', 'ABOUT'],
  NEARLY: ['NEARLY', 'ABOUT', 'NEARLY', 'ABOUT'],
  ABOUT: ['ABOUT', 'ABOUT', 'ABOUT', 'ABOUT'],
};

const rows = [
  ...pairs.flatMap(([name, one, two]) => [
    { ...figure, ...one, id: `${idOf(name)}-1` },
    { ...figure, ...two, id: `${idOf(name)}-2` },
  ]),
  ...precisions.flatMap((one) =>
    precisions.flatMap((two) => [
      { ...figure, approx: one, id: `x-${one}-${two}-1` },
      { ...figure, ...other, approx: two, id: `x-${one}-${two}-2` },
    ]),
  ),
  ...[2020, 2021].flatMap((year) =>
    ['370212', '370214'].map((subject, i) => ({
      ...figure,
      id: `x-${year}-${subject}`,
      subject_id: subject,
      region_code: subject,
      value: (year - 2018) * (i + 1),
      period_start: `${year}-01-01`,
      period_end: `${year}-12-31`,
    })),
  ),
];

const made = `
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code) values
    ('x-holding', '集团', 'Holding', 'GROUP', '370214'), ('x-group', '集团', 'Group', 'GROUP', '370214'),
    ('x-firm', '公司', 'Firm', 'ENTERPRISE', '370214');
  insert into enterprises.enterprise_groups (enterprise_id, group_id)
    values ('x-firm', 'x-group'), ('x-group', 'x-holding');
  insert into enterprises.indicators (id, topic, subject_zh, metric_zh, value_as_printed, subject_type, subject_id, metric,
    value, unit, approx, kind, stock_or_flow, scope, tiers, dims, period_start, period_end, region_code, also_about_id, part_of_id)
  select id, 'LAND', '', '', '', subject_type, subject_id, metric, value, unit, approx, kind, stock_or_flow, scope, tiers,
    dims::jsonb, period_start, period_end, region_code, also_about_id, part_of_id
  from jsonb_to_recordset('${JSON.stringify(rows)}') as made(id text, subject_type text, subject_id text, metric text,
    value numeric, unit text, approx text, kind text, stock_or_flow text, scope text, tiers text[], dims text,
    period_start date, period_end date, region_code text, also_about_id text, part_of_id text)`;

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ ownRows: true, prepare: ({ adminUrl }) => sql(adminUrl, made) });
});
afterAll(() => hub[Symbol.asyncDispose]());

const both = (id: string) => `filter: {id: {in: ["${id}-1", "${id}-2"]}}`;

describe('figures of indicators', () => {
  it.each(pairs)('have no sum with %s', async (name, _one, _two, reason) => {
    const { data, errors } = await hub.ask(`{
      enterpriseIndicators(${both(idOf(name))}) { aggregates { value { count sum avg approx reason reasonZh } } }
    }`);
    expect(errors).toBeUndefined();
    const figures = { count: 2, sum: null, avg: null, approx: null };
    const reasons = {
      reason: expect.stringContaining(reason),
      reasonZh: expect.stringMatching(/\p{Script=Han}/u),
    };
    expect(data).toEqual({ enterpriseIndicators: { aggregates: [{ value: { ...figures, ...reasons } }] } });
  });

  it.each(precisions)('have a sum as precise as its parts: %s', async (one) => {
    const lists = precisions.map(
      (two) =>
        `${two}: enterpriseIndicators(${both(`x-${one}-${two}`)}) { aggregates { value { sum avg approx reason } } }`,
    );
    const answers = precisions.map((two, i) => [
      two,
      { aggregates: [{ value: { sum: '15', avg: '7.5000', approx: sumOf[one][i], reason: null } }] },
    ]);
    expect(await hub.ask(`{ ${lists.join(' ')} }`)).toEqual({ data: Object.fromEntries(answers) });
  });

  it('have a smallest and a largest where they have no sum, but not in several units', async () => {
    expect(
      await hub.ask(`{
        kinds: enterpriseIndicators(${both('x-a-target')}) { aggregates { value { sum min max } } }
        units: enterpriseIndicators(${both('x-another-unit')}) { aggregates { value { sum min max } } }
      }`),
    ).toEqual({
      data: {
        kinds: { aggregates: [{ value: { sum: null, min: '5', max: '10' } }] },
        units: { aggregates: [{ value: { sum: null, min: null, max: null } }] },
      },
    });
  });

  it('have no share of a whole that has no sum, and no place in an order or condition', async () => {
    const grouped = (args: string) =>
      `enterpriseIndicators(${both('x-a-target')}) { aggregates(groupBy: [{field: KIND}]${args}) { group { kind } value { sum share reason } } }`;
    const group = (kind: string, sum: string) => ({
      group: { kind },
      value: { sum, share: null, reason: expect.stringContaining('there is no share') },
    });
    expect(
      await hub.ask(`{
        groups: ${grouped('')}
        shares: ${grouped(', having: {value: {share: {gte: "0"}}}')}
        ordered: enterpriseIndicators(${both('x-a-target')}) {
          aggregates(groupBy: [{field: REGION_PREFECTURE}], orderBy: [{value: {sum: DESC}}], having: {value: {sum: {isNull: true}}}) { count }
        }
      }`),
    ).toEqual({
      data: {
        groups: { aggregates: [group('ACTUAL', '10'), group('TARGET', '5')] },
        shares: { aggregates: [] },
        ordered: { aggregates: [{ count: 2 }] },
      },
    });
  });

  it('grow from one year to the next where both years count the same', async () => {
    const byYear = (ids: readonly string[]) =>
      `enterpriseIndicators(filter: {id: {in: ${JSON.stringify(ids)}}}) { aggregates(groupBy: [{field: PERIOD_END_YEAR}]) { value { sum growth { value } } } }`;
    expect(
      await hub.ask(`{
        same: ${byYear(['x-2020-370212', 'x-2020-370214', 'x-2021-370212', 'x-2021-370214'])}
        others: ${byYear(['x-2020-370212', 'x-2021-370214'])}
      }`),
    ).toEqual({
      data: {
        same: {
          aggregates: [
            { value: { sum: '6', growth: null } },
            { value: { sum: '9', growth: { value: '50.00' } } },
          ],
        },
        others: {
          aggregates: [{ value: { sum: '2', growth: null } }, { value: { sum: '6', growth: null } }],
        },
      },
    });
  });
});

describe('the published figures', () => {
  it('give what a district earned, and nothing where a target and a part stand beside it', async () => {
    const revenue = (filter: string) =>
      `enterpriseIndicators(filter: {metric: {eq: "OPERATING_REVENUE"}, region: {eq: "110116"}${filter}}) { aggregates { value { count sum max approx reasonZh } } }`;
    expect(
      await hub.ask(`{
        all: ${revenue('')}
        reached: ${revenue(', kind: {eq: ACTUAL}')}
        wholes: ${revenue(', kind: {eq: ACTUAL}, partOfId: {isNull: true}')}
      }`),
    ).toEqual({
      data: {
        all: {
          aggregates: [
            {
              value: {
                count: 3,
                sum: null,
                max: '9800000000',
                approx: null,
                reasonZh: '实际数、目标数与计划数并列。请按性质筛选或分组。',
              },
            },
          ],
        },
        reached: {
          aggregates: [
            {
              value: {
                count: 2,
                sum: null,
                max: '9470000000',
                approx: null,
                reasonZh: expect.stringContaining('口径不同'),
              },
            },
          ],
        },
        wholes: {
          aggregates: [
            {
              value: { count: 1, sum: '9470000000', max: '9470000000', approx: 'EXACT', reasonZh: null },
            },
          ],
        },
      },
    });
  });

  it('are added where they may be: teams of two bodies, visits of two events', async () => {
    expect(
      await hub.ask(`{
        teams: policyIndicators(filter: {metric: {eq: "TEAMS"}, periodStart: {eq: "2021-01-01"}}) { aggregates { value { count sum approx reason } } }
        visits: eventIndicators(filter: {metric: {eq: "VISITORS"}}) { aggregates { value { count sum approx reason } } }
        fairs: eventIndicators(filter: {metric: {eq: "INSTITUTIONS"}, region: {eq: "110116"}}) { aggregates { value { count sum reason } } }
      }`),
    ).toEqual({
      data: {
        teams: { aggregates: [{ value: { count: 2, sum: '11', approx: 'EXACT', reason: null } }] },
        visits: { aggregates: [{ value: { count: 2, sum: '86000', approx: 'NEARLY', reason: null } }] },
        fairs: {
          aggregates: [
            {
              value: {
                count: 2,
                sum: null,
                reason: expect.stringContaining('The same thing may be counted'),
              },
            },
          ],
        },
      },
    });
  });

  it('are found by tier, level, domain, scope and flow', async () => {
    const counted = (filter: string) => `enterpriseIndicators(filter: {${filter}}) { nodes { id } }`;
    expect(
      await hub.ask(`{
        tier: ${counted('tier: {eq: GAZELLE}, id: {in: ["ind-ch-gazelle", "ind-ch-provincial-zjtx-gazelle", "ind-ls-unicorns"]}')}
        level: ${counted('level: {in: [NATIONAL]}, metric: {eq: "ENTERPRISES_BY_TIER"}')}
        domain: ${counted('domainCode: {eq: "04"}, unit: {eq: "CNY"}')}
        scope: ${counted('scope: {eq: ABOVE_SCALE}, region: {eq: "110116"}')}
        flow: ${counted('stockOrFlow: {eq: FLOW}, metric: {eq: "ENTERPRISES_BY_TIER"}')}
        part: ${counted('partOfId: {eq: "ind-hr-tax-2018"}')}
        also: eventIndicators(filter: {alsoAboutId: {eq: "evt-bj-tv-fair-autumn-2018"}}) { totalCount }
        byTier: enterpriseIndicators(filter: {metric: {eq: "ENTERPRISES_BY_TIER"}, region: {eq: "370214"}, stockOrFlow: {eq: STOCK}}) {
          aggregates(groupBy: [{field: TIER}]) { group { tier } value { sum } }
        }
      }`),
    ).toEqual({
      data: {
        tier: { nodes: [{ id: 'ind-ch-gazelle' }, { id: 'ind-ch-provincial-zjtx-gazelle' }] },
        level: { nodes: [{ id: 'ind-ch-little-giants' }, { id: 'ind-ch-zjtx-new' }] },
        domain: { nodes: [{ id: 'ind-hr-two-domains-revenue-2018' }] },
        scope: {
          nodes: [{ id: 'ind-hr-above-scale-count-2018' }, { id: 'ind-hr-above-scale-revenue-2018' }],
        },
        flow: { nodes: [{ id: 'ind-ch-gazelle' }, { id: 'ind-ch-zjtx-new' }, { id: 'ind-ls-zjtx-new' }] },
        part: { nodes: [{ id: 'ind-hr-film-tax-2018' }] },
        also: { totalCount: 2 },
        byTier: {
          aggregates: [
            { group: { tier: 'GAZELLE' }, value: { sum: '52' } },
            { group: { tier: 'HIDDEN_CHAMPION' }, value: { sum: '24' } },
            { group: { tier: 'HIGH_GROWTH' }, value: { sum: '901' } },
            { group: { tier: 'LITTLE_GIANT' }, value: { sum: '19' } },
            { group: { tier: 'SPECIALIZED_SME' }, value: { sum: '52' } },
          ],
        },
      },
    });
  });
});

describe('amounts of parks, projects and payouts', () => {
  it('are not added where payouts are due and paid', async () => {
    await sql(
      hub.database.adminUrl,
      `insert into policies.payouts (id, policy_id, enterprise_id, amount, stage, paid_on) values
       ('x-1', 'pol-ls-exempt-apply', 'x-firm', 5, 'PAID', '2021-03-01'),
       ('x-2', 'pol-ls-exempt-apply', 'x-firm', 7, 'AUDITED', '2021-03-01'),
       ('x-3', 'pol-ls-exempt-apply', 'x-firm', 3, 'PAYABLE', null)`,
    );
    const amounts = (ids: string) =>
      `payouts(filter: {id: {in: [${ids}]}}) { aggregates { amount { count sum approx reason } } }`;
    expect(await hub.ask(`{ all: ${amounts('"x-1", "x-3"')} paid: ${amounts('"x-1", "x-2"')} }`)).toEqual({
      data: {
        all: {
          aggregates: [
            {
              amount: {
                count: 2,
                sum: null,
                approx: null,
                reason: expect.stringContaining('Amounts that are due'),
              },
            },
          ],
        },
        paid: { aggregates: [{ amount: { count: 2, sum: '12', approx: 'EXACT', reason: null } }] },
      },
    });
  });

  it('are not added where a bundle of projects stands beside projects that it may contain', async () => {
    const planned = (filter: string) =>
      `projects(filter: {${filter}}) { aggregates { plannedInvestment { count sum approx reason } } }`;
    const none = { sum: null, approx: null, reason: expect.stringContaining('A bundle of projects') };
    expect(
      await hub.ask(`{
        all: ${planned('')}
        bundles: ${planned('kind: {eq: PROJECT_PORTFOLIO}')}
        elsewhere: ${planned('or: [{kind: {eq: PROJECT_PORTFOLIO}, id: {eq: "prj-ch-506"}}, {region: {eq: "370283"}}]')}
        single: ${planned('bundleSize: {isNull: true}')}
      }`),
    ).toEqual({
      data: {
        all: { aggregates: [{ plannedInvestment: { count: 9, ...none } }] },
        bundles: { aggregates: [{ plannedInvestment: { count: 3, ...none } }] },
        elsewhere: {
          aggregates: [
            { plannedInvestment: { count: 3, sum: '305430000000', approx: 'EXACT', reason: null } },
          ],
        },
        single: {
          aggregates: [
            { plannedInvestment: { count: 5, sum: '25160000000', approx: 'EXACT', reason: null } },
          ],
        },
      },
    });
  });

  it('are not added where a park stands beside its part, or its revenue beside that of another period', async () => {
    await sql(
      hub.database.adminUrl,
      `insert into parks.parks (id, name_zh, name_en, kind, region_code, parent_id, is_virtual, floor_area_sqm, floor_area_approx,
         revenue, revenue_period_start, revenue_period_end) values
       ('y-whole', '园区', 'Park', 'CULTURE_PARK', '420100', null, false, 100, 'OVER', 7, '2021-01-01', '2021-12-31'),
       ('y-part', '园区', 'Park', 'CULTURE_PARK', '420100', 'y-whole', false, 40, null, 3, '2020-01-01', '2020-12-31'),
       ('y-other', '园区', 'Park', 'CULTURE_PARK', '420100', null, false, 50, null, 2, '2021-01-01', '2021-12-31'),
       ('y-class', '园区', 'Parks', 'PARK_CLASS', '420000', null, false, 90, null, null, null, null),
       ('y-within-itself', '园区', 'Park', 'CULTURE_PARK', '420100', 'y-within-itself', false, 70, null, null, null, null)`,
    );
    const parks = (ids: string) => `parks(filter: {id: {in: [${ids}]}}) {
      aggregates { floorAreaSqm { sum approx reason } revenue { sum reason } }
    }`;
    const because = (reason: string) => ({ sum: null, reason: expect.stringContaining(reason) });
    expect(
      await hub.ask(`{
        part: ${parks('"y-whole", "y-part"')}
        class: ${parks('"y-class", "y-other"')}
        other: ${parks('"y-whole", "y-other"')}
        single: ${parks('"y-within-itself"')}
      }`),
    ).toEqual({
      data: {
        part: {
          aggregates: [
            {
              floorAreaSqm: { approx: null, ...because('A figure is part of another one') },
              revenue: because('The periods of the figures differ'),
            },
          ],
        },
        class: {
          aggregates: [
            {
              floorAreaSqm: { approx: null, ...because('A class of parks') },
              revenue: { sum: '2', reason: null },
            },
          ],
        },
        other: {
          aggregates: [
            {
              floorAreaSqm: { sum: '150', approx: 'OVER', reason: null },
              revenue: { sum: '9', reason: null },
            },
          ],
        },
        single: {
          aggregates: [
            {
              floorAreaSqm: { sum: '70', approx: 'EXACT', reason: null },
              revenue: { sum: null, reason: 'No record of the group has the figure.' },
            },
          ],
        },
      },
    });
  });
});

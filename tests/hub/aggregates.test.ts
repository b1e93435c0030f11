import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';
import { unlimited } from '../support/unlimited.ts';

const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ ownRows: true, admission: { queryLimits: unlimited } });
  await sql(hub.database.adminUrl, made);
});
afterAll(() => hub[Symbol.asyncDispose]());

/** Parks and enterprises of a province where there are no others, with events and works of theirs. */
const made = `
  insert into parks.parks (id, name_zh, name_en, kind, level, region_code, is_virtual, floor_area_sqm)
  select 'x' || n, '园区', 'Park', (array['CULTURE_PARK', 'AV_BASE'])[1 + n % 2],
    (array['NATIONAL', 'PROVINCIAL', null])[1 + n % 3], '420100', false, n * 1000.5
  from generate_series(1, 9) n;
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, registered_capital, founded_on)
  select 'x' || n, '单位', 'Unit', (array['ENTERPRISE', 'SOE'])[1 + n % 2], '420100',
    case when n % 5 > 0 then 9007199254740993.01 + n end, date '2019-06-01' + n * interval '60 days'
  from generate_series(1, 20) n;
  insert into enterprises.enterprise_parks (enterprise_id, park_id, role)
  select 'x' || n, 'x' || (1 + n * k % 9), (array['TENANT', 'OPERATOR'])[k]
  from generate_series(1, 20) n, generate_series(1, 2) k where n % 4 >= k;
  insert into enterprises.enterprise_tiers (enterprise_id, seq, tier)
  select 'x' || n, k, (array['GAZELLE', 'LISTED'])[k] from generate_series(1, 20) n, generate_series(1, 2) k where n % 3 >= k;
  insert into events.events (id, name_zh, name_en, kind, status, start_date, year, region_code, venue_id)
  select 'x' || n, '活动', 'Event', 'EXPO', 'HELD', make_date(2020 + n % 3, n, 1), 2020 + n % 3, '420100',
    case when n % 4 > 0 then 'x' || (n % 9 + 1) end
  from generate_series(1, 12) n;
  insert into events.event_hosts (event_id, seq, role, target_type, target_id)
  select 'x' || n, 1, 'HOST', 'Enterprise', 'x' || (n % 7 + 1) from generate_series(1, 12) n`;
const here = 'region: {within: "420000"}';

describe('the aggregates of a list', () => {
  it('are of all rows that its filter leaves, in one group where they are grouped by nothing', async () => {
    expect(
      await hub.ask(`{
        parks(first: 1, filter: {${here}}) {
          nodes { floorArea { sqm } }
          aggregates { count share groupCount group { kind } floorAreaSqm { count sum avg min max share } }
        }
        none: parks(filter: {id: {eq: "nobody"}}) { aggregates { count share floorAreaSqm { count sum share } } }
      }`),
    ).toEqual({
      data: {
        parks: {
          nodes: [{ floorArea: { sqm: '1000.5' } }],
          aggregates: [
            {
              count: 9,
              share: '100.00',
              groupCount: 1,
              group: { kind: null },
              floorAreaSqm: {
                count: 9,
                sum: '45022.5',
                avg: '5002.5000',
                min: '1000.5',
                max: '9004.5',
                share: '100.00',
              },
            },
          ],
        },
        none: { aggregates: [{ count: 0, share: null, floorAreaSqm: { count: 0, sum: null, share: null } }] },
      },
    });
  });

  it('are grouped by several things, filtered and ordered by what they come to', async () => {
    expect(
      await hub.ask(`{
        parks(filter: {${here}}) {
          aggregates(
            groupBy: [{field: REGION_PROVINCE}, {field: LEVEL, direction: DESC}, {field: KIND}]
            having: {floorAreaSqm: {sum: {gt: "5000"}}}
            orderBy: [{count: DESC}, {group: {field: KIND}}]
            first: 3
          ) { group { regionProvince { nameZh } level kind } count groupCount floorAreaSqm { sum } }
        }
      }`),
    ).toEqual({
      data: {
        parks: {
          aggregates: [
            group('PROVINCIAL', 'AV_BASE', 2, '8004'),
            group('NATIONAL', 'AV_BASE', 2, '12006'),
            group(null, 'CULTURE_PARK', 2, '10005'),
          ].map((each) => ({ ...each, groupCount: 5 })),
        },
      },
    });
  });

  it('count a row in each of its groups, but once in the whole that shares are of', async () => {
    expect(
      await hub.ask(`{
        enterprises(filter: {${here}}) {
          aggregates(groupBy: [{field: TIER}]) { group { tier } count share registeredCapital { sum } }
        }
      }`),
    ).toEqual({
      data: {
        enterprises: {
          aggregates: [
            {
              group: { tier: 'GAZELLE' },
              count: 14,
              share: '70.00',
              registeredCapital: { sum: '99079191802151035.11' },
            },
            {
              group: { tier: 'LISTED' },
              count: 7,
              share: '35.00',
              registeredCapital: { sum: '45035996273705017.05' },
            },
            {
              group: { tier: null },
              count: 6,
              share: '30.00',
              registeredCapital: { sum: '45035996273705013.05' },
            },
          ],
        },
      },
    });
  });

  it('name what an id is of, whichever agency keeps it', async () => {
    await sql(
      hub.database.adminUrl,
      `insert into enterprises.enterprise_groups (enterprise_id, group_id) values ('x1', 'x2')`,
    );
    const { data, errors } = await hub.ask(`{
      enterprises(filter: {id: {in: ["x1", "x3", "x4"]}}) {
        parks: aggregates(groupBy: [{field: PARK_ID}]) { group { parkId park { nameZh floorArea { sqm } } } count }
        groups: aggregates(groupBy: [{field: GROUP_ID}]) { group { groupId group { nameEn } park { id } } count }
      }
    }`);
    expect(errors).toBeUndefined();
    const park = (parkId: string | null, sqm: string) => ({
      group: { parkId, park: parkId && { nameZh: '园区', floorArea: { sqm } } },
      count: 1,
    });
    expect(data).toEqual({
      enterprises: {
        parks: [park('x2', '2001.0'), park('x4', '4002.0'), park(null, '')],
        groups: [
          { group: { groupId: 'x2', group: { nameEn: 'Unit' }, park: null }, count: 1 },
          { group: { groupId: null, group: null, park: null }, count: 2 },
        ],
      },
    });
    await sql(
      hub.database.adminUrl,
      `delete from enterprises.enterprise_groups where enterprise_id like 'x%'`,
    );
  });

  it('grow over the year before, where the groups are by one year or month and it is in the data', async () => {
    const { data } = await hub.ask(`{
      enterprises(filter: {${here}}) {
        years: aggregates(groupBy: [{field: FOUNDED_ON_YEAR}]) { group { foundedOnYear } count growth { value unit kind } }
        both: aggregates(groupBy: [{field: FOUNDED_ON_YEAR}, {field: FOUNDED_ON_MONTH}], first: 1) { growth { value } }
        months: aggregates(groupBy: [{field: FOUNDED_ON_MONTH}], having: {growth: {isNull: false}}, first: 1) {
          group { foundedOnMonth } count growth { value }
        }
      }
    }`);
    const growth = (value: string) => ({ value, unit: 'percent', kind: 'YOY_ABSOLUTE_AMOUNT' });
    expect(data).toEqual({
      enterprises: {
        years: [
          { group: { foundedOnYear: 2019 }, count: 3, growth: null },
          { group: { foundedOnYear: 2020 }, count: 6, growth: growth('100.00') },
          { group: { foundedOnYear: 2021 }, count: 6, growth: growth('0.00') },
          { group: { foundedOnYear: 2022 }, count: 5, growth: growth('-16.67') },
        ],
        both: [{ growth: null }],
        months: [{ group: { foundedOnMonth: '2020-07-01' }, count: 1, growth: { value: '0.00' } }],
      },
    });
  });

  it('are ordered by amounts, not by their digits', async () => {
    const sums = async (figure: string) => {
      const { data } = await hub.ask(`{ parks(filter: {${here}}) {
        aggregates(groupBy: [{field: LEVEL}, {field: KIND}], orderBy: [{floorAreaSqm: {${figure}: DESC}}]) { floorAreaSqm { ${figure} } }
      } }`);
      const { parks } = data as { parks: { aggregates: { floorAreaSqm: Record<string, string> }[] } };
      return parks.aggregates.map(({ floorAreaSqm }) => floorAreaSqm[figure]);
    };
    expect(await sums('sum')).toEqual(['12006', '10005', '8004', '6003', '5002.5', '4002']);
    expect(await sums('max')).toEqual(['9004.5', '8004', '7003.5', '6003', '5002.5', '4002']);
  });

  it('are rounded once, however large', async () => {
    await sql(
      hub.database.adminUrl,
      `insert into enterprises.enterprises (id, name_zh, name_en, kind, registered_capital)
       select 'large' || n, '单位', 'Unit', 'ENTERPRISE', 100000000000000000 + case when n = 1 then 0.032 else 0 end
       from generate_series(1, 7) n`,
    );
    const query = `{ enterprises(filter: {id: {in: [${[1, 2, 3, 4, 5, 6, 7].map((n) => `"large${n}"`)}]}}) {
      aggregates { registeredCapital { sum avg } }
    } }`;
    expect(await hub.ask(query)).toEqual({
      data: {
        enterprises: {
          aggregates: [
            { registeredCapital: { sum: '700000000000000000.032', avg: '100000000000000000.00' } },
          ],
        },
      },
    });
    await sql(hub.database.adminUrl, `delete from enterprises.enterprises where id like 'large%'`);
  });

  it('are one statement for all the parents of a list', async () => {
    const { data } = await hub.ask(`{
      parks(first: 20, filter: {${here}}) { nodes { enterprises { aggregates(groupBy: [{field: KIND}]) { group { kind } count share } } } }
    }`);
    const { parks } = data as { parks: { nodes: { enterprises: { aggregates: unknown[] } }[] } };
    const groups = parks.nodes.map(({ enterprises }) => enterprises.aggregates);
    expect(groups).toHaveLength(9);
    expect(groups[0]).toEqual([
      { group: { kind: 'ENTERPRISE' }, count: 1, share: '50.00' },
      { group: { kind: 'SOE' }, count: 1, share: '50.00' },
    ]);
    expect(hub.statements).toMatchObject({ parks: 1, enterprises: 1 });
  });
});

const group = (level: string | null, kind: string, count: number, sum: string) => ({
  group: { regionProvince: { nameZh: '湖北省' }, level, kind },
  count,
  floorAreaSqm: { sum },
});

describe('groups by something related', () => {
  it.each([
    [
      'that another agency keeps, and that rows name',
      `enterprises(filter: {${here}}) { aggregates(groupBy: [{park: {field: LEVEL}}]) { group { related { by value } } count sum: registeredCapital { sum } } }`,
      'park.LEVEL',
      `select level as value, count(*)::int, trim_scale(sum(capital))::text as sum from (
        select distinct e.id, registered_capital as capital, level from enterprises.enterprises e left join (
          select enterprise_id, level from enterprises.enterprise_parks join parks.parks p on p.id = park_id where role = 'TENANT'
            and level is not null
        ) of_park on enterprise_id = e.id where region_code = '420100') x group by 1 order by 1 nulls last`,
    ],
    [
      'of which the rows name a row',
      `parks(filter: {${here}}) { aggregates(groupBy: [{enterprises: {field: TIER, direction: DESC}}]) { group { related { by value } } count sum: floorAreaSqm { sum } } }`,
      'enterprises.TIER',
      `select tier as value, count(*)::int, trim_scale(sum(area))::text as sum from (
        select distinct p.id, floor_area_sqm as area, tier from parks.parks p left join (
          select park_id, tier from enterprises.enterprise_parks natural join enterprises.enterprise_tiers
        ) of_tenant on park_id = p.id where region_code = '420100') x group by 1 order by 1 desc nulls last`,
    ],
    [
      'two steps away',
      `events(filter: {${here}}) { aggregates(groupBy: [{hostEnterprise: {park: {field: LEVEL}}}]) { group { related { by value } } count } }`,
      'hostEnterprise.park.LEVEL',
      `select level as value, count(*)::int from (
        select distinct e.id, level from events.events e left join (
          select event_id, level from events.event_hosts join enterprises.enterprise_parks on enterprise_id = target_id
            join parks.parks p on p.id = park_id where enterprise_parks.role = 'TENANT'
            and level is not null
        ) of_host on event_id = e.id where region_code = '420100') x group by 1 order by 1 nulls last`,
    ],
    [
      'by a year of it, among what meets a condition on a third',
      `parks(filter: {${here} enterprises: {some: {tier: {eq: GAZELLE}}}}) { aggregates(groupBy: [{events: {field: START_DATE_YEAR}}]) { group { related { by value } } count } }`,
      'events.START_DATE_YEAR',
      `select year::text as value, count(*)::int from (
        select distinct p.id, date_part('year', start_date) as year from parks.parks p left join events.events e on e.venue_id = p.id
        where p.region_code = '420100' and exists (select from enterprises.enterprise_parks natural join enterprises.enterprise_tiers
          where park_id = p.id and tier = 'GAZELLE')) x group by 1 order by 1 nulls last`,
    ],
  ])('are those of one SQL join: %s', async (_what, list, by, handWritten) => {
    const { data, errors } = await hub.ask(`{ list: ${list} }`);
    expect(errors).toBeUndefined();
    const rows = await sql(hub.database.adminUrl, handWritten);
    expect(rows.length).toBeGreaterThan(1);
    expect(data).toEqual({
      list: {
        aggregates: rows.map(({ value, count, ...others }) => ({
          group: { related: [{ by, value }] },
          count,
          ...('sum' in others && { sum: { sum: others.sum } }),
        })),
      },
    });
  });

  it('name the region that a value is the code of', async () => {
    const { data } = await hub.ask(`{ enterprises(filter: {${here}}) {
      aggregates(groupBy: [{park: {field: REGION_PROVINCE}}]) { group { related { by value region { nameZh } } } count }
    } }`);
    const related = (value: string | null, region: object | null) => ({
      related: [{ by: 'park.REGION_PROVINCE', value, region }],
    });
    expect(data).toEqual({
      enterprises: {
        aggregates: [
          { group: related('420000', { nameZh: '湖北省' }), count: 15 },
          { group: related(null, null), count: 5 },
        ],
      },
    });
  });

  it('grow over the year before, where it is years or months that they are by', async () => {
    const growth = (by: string) =>
      `aggregates(groupBy: [{hostedEvents: {field: ${by}}}], having: {growth: {isNull: false}}) {
        group { related { value } } count growth { value }
      }`;
    await sql(
      hub.database.adminUrl,
      `insert into events.events (id, name_zh, name_en, kind, status, start_date, year, region_code)
       values ('next', '活动', 'Event', 'EXPO', 'HELD', '2021-12-01', 2021, '420100');
       insert into events.event_hosts (event_id, seq, role, target_type, target_id)
       select 'next', n, 'HOST', 'Enterprise', 'x' || n from generate_series(1, 3) n`,
    );
    const { data } = await hub.ask(
      `{ enterprises(filter: {${here}}) { years: ${growth('START_DATE_YEAR')} months: ${growth('START_DATE_MONTH')} } }`,
    );
    const group = (value: string, count: number, change: string) => ({
      group: { related: [{ value }] },
      count,
      growth: { value: change },
    });
    expect(data).toEqual({
      enterprises: {
        years: [group('2021', 5, '25.00'), group('2022', 4, '-20.00')],
        months: [group('2021-12-01', 3, '200.00')],
      },
    });
    await sql(
      hub.database.adminUrl,
      `delete from events.event_hosts where event_id = 'next'; delete from events.events where id = 'next'`,
    );
  });

  it('stand beside others, and in variables', async () => {
    const query = `query ($by: [EnterpriseGroupBy!], $order: [EnterpriseAggregateOrder!]) {
      enterprises(filter: {${here}}) { aggregates(groupBy: $by, orderBy: $order, first: 2) { group { kind related { value } } count } }
    }`;
    const park = { park: { field: 'LEVEL' } };
    const answer = await hub.ask(query, {
      by: [{ field: 'KIND' }, park],
      order: [{ group: { park: { ...park.park, direction: 'DESC' } } }],
    });
    expect(answer).toEqual({
      data: {
        enterprises: {
          aggregates: [
            { group: { kind: 'ENTERPRISE', related: [{ value: 'PROVINCIAL' }] }, count: 2 },
            { group: { kind: 'SOE', related: [{ value: 'PROVINCIAL' }] }, count: 3 },
          ],
        },
      },
    });
  });
});

describe('what cannot be grouped', () => {
  it.each([
    ['(first: 1001)', 'first', '"first" must be from 1 to 1000, not 1001.'],
    ['(first: 0)', 'first', '"first" must be from 1 to 1000, not 0.'],
    [
      '(groupBy: [{field: KIND}, {field: LEVEL}, {field: REGION}, {field: SYNTHETIC}, {field: IS_VIRTUAL}])',
      'groupBy',
      '"groupBy" may have 4 entries, not 5.',
    ],
    ['(groupBy: [{field: KIND}, {field: KIND, direction: DESC}])', 'groupBy', '"groupBy" has KIND twice.'],
    ['(groupBy: [{direction: DESC}])', 'groupBy', 'Each entry of "groupBy" must give a field or a relation.'],
    [
      '(orderBy: [{group: {field: KIND}}])',
      'orderBy.0.group',
      'The groups are not by KIND. Add it to "groupBy".',
    ],
    [
      '(orderBy: [{count: DESC, floorAreaSqm: {sum: ASC}}])',
      'orderBy.0',
      '"orderBy.0" must give exactly one thing to order by, not count and floorAreaSqm.',
    ],
    [
      '(orderBy: [{floorAreaSqm: {}}])',
      'orderBy.0.floorAreaSqm',
      '"orderBy.0.floorAreaSqm" must give exactly one thing to order by, not nothing.',
    ],
    [
      '(having: {count: {gt: 5, lt: 3}})',
      'having.count',
      'The bounds of having.count exclude each other: nothing is above 5 and below 3.',
    ],
  ])('is refused: %s', async (args, argument, message) => {
    expect(await hub.ask(`{ parks { totalCount aggregates${args} { count } } }`)).toEqual({
      data: { parks: { totalCount: 52, aggregates: null } },
      errors: [
        expect.objectContaining({
          message,
          path: ['parks', 'aggregates'],
          extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument }),
        }),
      ],
    });
  });
});

describe('every list', () => {
  const fieldsOf = (typeName: string) => {
    const type = api.getType(typeName);
    return isObjectType(type) || isInputObjectType(type) ? type.getFields() : {};
  };
  const fieldNames = (typeName: string) => Object.keys(fieldsOf(typeName));
  const typeOf = (typeName: string, field: string) => getNamedType(fieldsOf(typeName)[field]?.type);
  const lists = fieldNames('Query').flatMap((list) => {
    const connection = `${typeOf('Query', list)}`;
    return fieldNames(connection).includes('aggregates')
      ? [[list, connection.replace('Connection', '')] as const]
      : [];
  });

  it('of an agency has aggregates; the hub has none of its own', () => {
    const filtered = Object.values(api.getQueryType()?.getFields() ?? {})
      .filter(({ args }) => args.some(({ name }) => name === 'filter'))
      .filter(({ name }) => !/(Changes|Tasks)$/.test(name));
    const names = new Set(lists.map(([name]) => name));
    expect(filtered.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([
      'apiKeys',
      'agreements',
      'corrections',
      'indicatorMetrics',
      'auditRecords',
      'indicators',
      'webhooks',
      'webhookDeliveries',
    ]);
  });

  it.each(lists)('%s is grouped and ordered by each thing that it offers', async (list, row) => {
    const asDimension = (name: string) => name.replace(/[A-Z0-9]+/g, '_$&').toUpperCase();
    const dimension = api.getType(`${row}Dimension`);
    const offered = new Set(isEnumType(dimension) ? dimension.getValues().map(({ name }) => name) : []);
    const names = fieldNames(`${row}Group`).filter((name) => offered.has(asDimension(name)));
    expect(names).toHaveLength(offered.size);
    const dimensions = names.map(asDimension);
    const groups = names.map((name, i) => {
      const below = isObjectType(typeOf(`${row}Group`, name)) ? '{ code nameZh }' : '';
      return `${dimensions[i]}: aggregates(groupBy: [{field: ${dimensions[i]}}], first: 1000) { count group { ${name} ${below} } }`;
    });
    const orders = fieldNames(`${row}AggregateOrder`).flatMap((name) => {
      const type = typeOf(`${row}AggregateOrder`, name);
      if (isEnumType(type)) return [`{${name}: DESC}`];
      return name === 'group' ? [] : fieldNames(`${type}`).map((figure) => `{${name}: {${figure}: DESC}}`);
    });
    const { data, errors } = await hub.ask(`{
      ${list} { ${groups.join('\n')} ordered: aggregates(groupBy: [{field: ${dimensions[0]}}], orderBy: [${orders}]) { count } totalCount }
    }`);
    expect(errors).toBeUndefined();
    const { totalCount, ...answers } = (data as Record<string, Record<string, unknown>>)[list] ?? {};
    for (const [name, found] of Object.entries(answers)) {
      const counted = (found as { count: number }[]).reduce((sum, { count }) => sum + count, 0);
      expect(counted, name).toBeGreaterThanOrEqual(totalCount as number);
    }
  });
});

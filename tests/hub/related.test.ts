import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill } from '../federation/related/world.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { exportFrom } from '../support/export.ts';
import { type HubOptions, startHub, type TestHub, ways } from '../support/hub.ts';
import { ask } from '../support/sql.ts';

/** The dataset and more, whose ids begin with an x. */
let filled: TestDatabase;
beforeAll(async () => {
  filled = await createDatabase();
  await fill(filled.adminUrl);
});
afterAll(() => filled[Symbol.asyncDispose]());

const startFilled = (options?: HubOptions) => startHub({ ...options, database: filled });

type Rows = {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: Readonly<Record<string, unknown>>;
};

const idsOf = async (hub: TestHub, sql: string) =>
  (await ask(hub.database.adminUrl, sql)).map(({ id }) => id);
const nodes = (ids: readonly unknown[]) => ({ nodes: ids.map((id) => ({ id })) });

describe.each(ways)('conditions on what other agencies keep, %s', (way) => {
  it('go together, both ways round, into one list', async () => {
    await using hub = await startFilled({ way });
    const query = `{ enterprises(first: 500, filter: {
      park: {level: {eq: NATIONAL}}, partyUnit: {exists: false}, events: {none: {year: {eq: 2024}}}
    }) { nodes { id } } }`;
    const expected = await idsOf(
      hub,
      `select e.id from enterprises.enterprises e
       where e.id in (select l.enterprise_id from enterprises.enterprise_parks l join parks.parks p on p.id = l.park_id
         where l.role = 'TENANT' and p.level = 'NATIONAL')
       and not exists (select from party.coverages c where c.target_id = e.id and c.target_type = 'Enterprise')
       and not exists (select from events.events v where v.year = 2024 and v.id in (
         select h.event_id from events.event_hosts h where h.target_id = e.id and h.target_type = 'Enterprise'
         union select h.event_id from events.event_participants h where h.target_id = e.id and h.target_type = 'Enterprise'))
       order by e.id`,
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(await hub.ask(query)).toEqual({ data: { enterprises: nodes(expected) } });
    expect(hub.calls).toEqual({ enterprises: 2, events: 1, parks: 1, party: 1, policies: 0 });
  });

  it('go into lists of many parents, in fragments and under aliases, and are resolved once', async () => {
    await using hub = await startFilled({ way });
    const query = `query ($filter: ParkFilter, $year: Int = 2022) {
      parks(filter: $filter, first: 500) { nodes { id } }
      some: parks(filter: {and: [{events: {some: {year: {gte: $year}}}}], id: {in: ["x1", "x2", "x3"]}}) { ...Ids }
      region(code: "110105") { parks(filter: $filter) { ...Ids } }
    }
    fragment Ids on ParkConnection { nodes { id } }`;
    const filter = { events: { some: { year: { gte: 2022 } } } };
    const parks = (where: string) =>
      idsOf(
        hub,
        `select id from parks.parks where id in (select venue_id from events.events where year >= 2022) and ${where} order by id`,
      );
    expect(await hub.ask(query, { filter })).toEqual({
      data: {
        parks: nodes(await parks('true')),
        some: nodes(await parks(`id in ('x1', 'x2', 'x3')`)),
        region: { parks: nodes(await parks(`region_code = '110105'`)) },
      },
    });
    expect(hub.calls.events).toBe(1);
  });

  it('leave the list empty whose agency is down, and nothing else', async () => {
    await using hub = await startFilled({ way, down: ['events'] });
    const query = `{
      parks(filter: {events: {exists: true}}) { nodes { id } }
      all: parks(first: 1) { totalCount }
      sorted: parks(first: 1, orderBy: [{events: {field: START_DATE}}]) { nodes { id } }
    }`;
    const [{ count } = {}] = await ask(hub.database.adminUrl, 'select count(*)::int from parks.parks');
    const failed = (path: string) => ({
      message: 'Subgraph "events" cannot be reached.',
      path: [path],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'events' },
    });
    expect(await hub.ask(query)).toEqual({
      data: { parks: null, all: { totalCount: count }, sorted: null },
      errors: [failed('parks'), failed('sorted')],
    });
  });
});

describe('conditions on what other agencies keep', () => {
  it('are carried the other way where more meet them than may be carried', async () => {
    await using hub = await startFilled({ relationLimits: { maxKeys: 10 } });
    const asked = (filter: string) => `{ enterprises(filter: {${filter}}) { nodes { id } } }`;
    const expected = await idsOf(
      hub,
      `select e.id from enterprises.enterprises e where e.id in ('x1', 'x2', 'x3', 'x4')
       and not exists (select from party.coverages c where c.target_id = e.id and c.target_type = 'Enterprise') order by 1`,
    );
    expect(await hub.ask(asked('id: {in: ["x1", "x2", "x3", "x4"]}, partyUnit: {exists: false}'))).toEqual({
      data: { enterprises: nodes(expected) },
    });
    expect(await hub.ask(asked('partyUnit: {exists: false}'))).toEqual({
      data: { enterprises: null },
      errors: [
        {
          message:
            'More than 10 related records meet filter.partyUnit, and more than 10 rows of the list remain: the keys of ' +
            'neither can go from one agency to the other. Add a condition on either side that leaves fewer.',
          path: ['enterprises'],
          extensions: { code: 'TOO_MANY_RELATED', condition: 'filter.partyUnit', limit: 10, count: 11 },
        },
      ],
    });
  });

  it('are looked for window by window where more meet them than are a few, from either end', async () => {
    await using hub = await startFilled({ relationLimits: { maxKeys: 100, fewKeys: 2 } });
    const expected = await idsOf(
      hub,
      `select e.id from enterprises.enterprises e
       where not exists (select from party.coverages c where c.target_id = e.id and c.target_type = 'Enterprise')
       and e.id in (select l.enterprise_id from enterprises.enterprise_parks l join parks.parks p on p.id = l.park_id
         where l.role = 'TENANT' and p.floor_area_sqm > 1000)
       order by e.name_zh collate "zh-x-icu" desc, e.id desc`,
    );
    expect(expected.length).toBeGreaterThan(9);
    const page = async (paging: string) => {
      const { data } =
        await hub.ask(`{ enterprises(${paging}, orderBy: [{field: NAME, direction: DESC}], filter: {
        park: {floorAreaSqm: {gt: 1000}}, and: [{partyUnit: {exists: false}}]
      }) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`);
      const { nodes, pageInfo } = (data as { enterprises: Rows }).enterprises;
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
      const ids = nodes.map(({ id }) => id);
      return { answer: { ids, hasNextPage, hasPreviousPage }, startCursor, endCursor };
    };
    const first = await page('first: 3');
    expect(first.answer).toEqual({ ids: expected.slice(0, 3), hasNextPage: true, hasPreviousPage: false });
    expect(hub.calls).toMatchObject({ enterprises: 7, parks: 3, party: 3 });
    const second = await page(`first: 3, after: "${first.endCursor}"`);
    expect(second.answer).toEqual({ ids: expected.slice(3, 6), hasNextPage: true, hasPreviousPage: true });
    const before = await page(`last: 3, before: "${second.startCursor}"`);
    expect(before.answer).toEqual({ ids: expected.slice(0, 3), hasNextPage: true, hasPreviousPage: false });
    const rest = await page(`first: 500, after: "${second.endCursor}"`);
    expect(rest.answer).toEqual({ ids: expected.slice(6), hasNextPage: false, hasPreviousPage: true });
  });

  it('let a page be answered, and an export, of which the rows are too many to be counted', async () => {
    await using hub = await startFilled({ relationLimits: { maxKeys: 10 } });
    const asked = (page: string) => `enterprises(${page}, filter: {partyUnit: {exists: false}}) { FIELDS }`;
    const query = (fields: string) => `{ ${asked('first: 2').replace('FIELDS', fields)} }`;
    const expected = await idsOf(
      hub,
      `select e.id from enterprises.enterprises e
       where not exists (select from party.coverages c where c.target_id = e.id and c.target_type = 'Enterprise')
       order by e.id`,
    );
    expect(await hub.ask(query('nodes { id }'))).toEqual({
      data: { enterprises: nodes(expected.slice(0, 2)) },
    });
    const uncounted = {
      code: 'TOO_MANY_RELATED',
      condition: 'filter.partyUnit',
      limit: 10,
      count: 11,
    };
    expect(
      await hub.ask(`
        query { ...Lists }
        fragment Lists on Query {
          ${asked('first: 2').replace('enterprises', 'page: enterprises').replace('FIELDS', '...Page')}
          ${asked('last: 1').replace('enterprises', 'last: enterprises').replace('FIELDS', 'nodes { id }')}
          events(first: 1) { totalCount }
        }
        fragment Page on EnterpriseConnection { count: totalCount nodes { id } aggregates { count } }`),
    ).toEqual({
      data: {
        page: { count: null, ...nodes(expected.slice(0, 2)), aggregates: null },
        last: nodes(expected.slice(-1)),
        events: { totalCount: expect.any(Number) },
      },
      errors: ['count', 'aggregates'].map((field) => ({
        message: expect.stringContaining('Add a condition on either side that leaves fewer.'),
        path: ['page', field],
        extensions: uncounted,
      })),
    });
    expect(await hub.ask(query('totalCount'))).toMatchObject({
      data: { enterprises: null },
      errors: [{ extensions: uncounted }],
    });
    for (const fields of ['id', 'id region { code }']) {
      const { status, text } = await exportFrom(hub.url, {
        query: `{ enterprises(filter: {partyUnit: {exists: false}}) { nodes { ${fields} } } }`,
      });
      expect(status).toBe(200);
      const rows = text.trimEnd().split('\n');
      expect(rows.map((row) => JSON.parse(row).id)).toEqual(expected);
    }
  });

  it('are refused with the reason where they cannot be resolved', async () => {
    await using hub = await startHub({ relationLimits: { maxDepth: 2 } });
    for (const [query, path, code, message, details] of refusals) {
      expect(await hub.ask(query)).toEqual({
        data: { [path]: null },
        errors: [{ message, path: [path], extensions: { code, ...details } }],
      });
    }
  });

  it('count in the cost of a query', async () => {
    await using hub = await startHub({ mayExplain: () => true });
    const explain = async (query: string, variables = {}) => {
      const answer = await hub.ask(query, variables, { 'x-wenshu-explain': '1' });
      return (answer as unknown as { extensions: { explain: { cost: number; fetches: object[] } } })
        .extensions.explain;
    };
    const plain = await explain('{ parks { nodes { id } } }');
    const related = await explain('query ($f: ParkFilter) { parks(filter: $f) { nodes { id } } }', {
      f: { or: [{ events: { exists: true } }, { partyUnit: { host: { eq: 'x' } } }] },
    });
    expect(related.cost - plain.cost).toBe(20);
    expect(related.fetches).toMatchObject([
      { subgraph: 'events', operationName: 'eventsKeys', keysFound: expect.any(Number) },
      { subgraph: 'party', operationName: 'partyUnitsKeys', keysFound: 0 },
      { subgraph: 'parks' },
    ]);
  });

  it('order enterprises by the revenue of their park, page by page from either end', async () => {
    await using hub = await startFilled();
    const expected = await idsOf(
      hub,
      `select e.id from enterprises.enterprises e left join (
         select enterprise_id, max(revenue) as revenue from enterprises.enterprise_parks join parks.parks p on p.id = park_id
         where role = 'TENANT' group by 1) of_park on enterprise_id = e.id
       order by revenue desc nulls last, e.id desc`,
    );
    const page = async (paging: string) => {
      const { data } = await hub.ask(
        `{ enterprises(${paging}, orderBy: [{park: {field: REVENUE, direction: DESC}}]) { nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
      );
      return (data as { enterprises: Rows }).enterprises;
    };
    for (const [size, cursor, has, end] of [
      ['first', 'after', 'hasNextPage', 'endCursor'],
      ['last', 'before', 'hasPreviousPage', 'startCursor'],
    ] as const) {
      const found: string[] = [];
      let at: unknown = null;
      do {
        const { nodes, pageInfo } = await page(`${size}: 17, ${cursor}: ${JSON.stringify(at)}`);
        found.splice(size === 'first' ? found.length : 0, 0, ...nodes.map(({ id }) => id));
        at = pageInfo[has] ? pageInfo[end] : null;
      } while (at !== null);
      expect(found).toEqual(expected);
    }
  });

  it('refuse a cursor of another order', async () => {
    await using hub = await startHub();
    const page = (order: string, after: string) =>
      hub.ask(`{ parks(first: 2, orderBy: [${order}], after: ${after}) { pageInfo { endCursor } } }`);
    const first = await page('{events: {field: START_DATE}}', 'null');
    const cursor = JSON.stringify(
      (first.data as { parks: { pageInfo: { endCursor: string } } }).parks.pageInfo.endCursor,
    );
    expect(await page('{events: {field: START_DATE}}', cursor)).toMatchObject({ data: { parks: {} } });
    const refused = (message: string) => ({
      data: { parks: null },
      errors: [
        {
          message,
          path: ['parks'],
          extensions: { code: 'BAD_USER_INPUT', argument: 'after', subgraph: 'parks' },
        },
      ],
    });
    expect(await page('{events: {field: NAME}}', cursor)).toEqual(
      refused('The cursor in "after" belongs to a list in another order. Ask for the first page again.'),
    );
    expect(await page('{events: {field: NAME}}', '"x"')).toEqual(
      refused('"after" is not a cursor of this list. Use a cursor from pageInfo or edges.'),
    );
  });
});

const refusals: readonly (readonly [string, string, string, string, object])[] = [
  [
    '{ parks(filter: {events: {some: {venue: {events: {exists: true}}}}}) { totalCount } }',
    'parks',
    'QUERY_TOO_DEEP',
    'filter.events.some.venue.events.exists leads over 3 relations; the limit is 2. Ask in parts.',
    { count: 3, limit: 2 },
  ],
  [
    '{ parks(filter: {partyUnit: {or: [{exists: false}]}}) { totalCount } }',
    'parks',
    'BAD_USER_INPUT',
    'filter.partyUnit.or.0.exists must stand directly in a condition on related records, for example ' +
      '{park: {exists: false}}, not below and, or, not, nor in the filter of a list.',
    { argument: 'filter.partyUnit.or.0.exists' },
  ],
  [
    '{ events(filter: {venue: {floorAreaSqm: {gt: 3, lt: 2}}}) { totalCount } }',
    'events',
    'BAD_USER_INPUT',
    'The bounds of filter.floorAreaSqm exclude each other: nothing is above 3 and below 2.',
    { argument: 'filter.floorAreaSqm', subgraph: 'parks' },
  ],
  [
    '{ parks(orderBy: [{field: NAME, parent: {field: NAME}}]) { totalCount } }',
    'parks',
    'BAD_USER_INPUT',
    'orderBy.0 must give exactly one thing to order by: a field or a relation.',
    { argument: 'orderBy.0' },
  ],
  [
    '{ parks(orderBy: [{parent: {field: NAME}, direction: DESC}]) { totalCount } }',
    'parks',
    'BAD_USER_INPUT',
    'orderBy.0.direction belongs beside the field, in orderBy.0.parent.',
    { argument: 'orderBy.0.direction' },
  ],
];

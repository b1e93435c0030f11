import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ ownRows: true });
  await sql(
    hub.database.adminUrl,
    `insert into enterprises.enterprises (id, name_zh, name_en, kind, registered_capital)
     values ('rich', '甲', 'A', 'ENTERPRISE', 9007199254740993.01), ('richer', '乙', 'B', 'ENTERPRISE', 9007199254740993.02);
     insert into parks.parks (id, name_zh, name_en, kind, is_virtual, operator_type, operator_id)
     values ('of-rich', '园区', 'Park', 'CULTURE_PARK', false, 'Enterprise', 'rich')`,
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

describe('a value that cannot be', () => {
  const decimals = (example: string) => `"${example}" (at most 30 digits, and 10 after the point)`;
  it.each([
    [
      'money that is no number',
      '{ enterprises(filter: {registeredCapital: {gt: "1,000"}}) { totalCount } }',
      `Yuan must look like ${decimals('2528000')}, not "1,000".`,
    ],
    [
      'of something related',
      '{ parks(filter: {operatorEnterprise: {registeredCapital: {gt: 1e5}}}) { totalCount } }',
      `Yuan must look like ${decimals('2528000')}, not "1e5".`,
    ],
    [
      'of groups',
      '{ parks { aggregates(having: {floorAreaSqm: {avg: {lt: "much"}}}) { count } } }',
      `Decimal must look like ${decimals('97.44')}, not "much".`,
    ],
    [
      'that is long',
      `{ enterprises(filter: {registeredCapital: {gt: "${'9'.repeat(5000)}"}}) { totalCount } }`,
      `Yuan must look like ${decimals('2528000')}, not "${'9'.repeat(59)}….`,
    ],
    [
      'a day that no calendar has',
      '{ events(filter: {startDate: {gt: "2024-02-30"}}) { totalCount } }',
      'Date must look like "2024-07-21", not "2024-02-30".',
    ],
    [
      'a year that no calendar has',
      '{ events(filter: {startDate: {gt: "0000-01-01"}}) { totalCount } }',
      'Date must look like "2024-07-21", not "0000-01-01".',
    ],
    [
      'of an enum',
      '{ parks(filter: {level: {eq: GALACTIC}}) { totalCount } }',
      'Value "GALACTIC" does not exist in "Level" enum.',
    ],
  ])('is refused in the text before any agency is asked: %s', async (_what, query, message) => {
    expect(await hub.ask(query)).toEqual({
      errors: [{ message, locations: expect.any(Array), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect(Object.values(hub.calls)).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    ['Yuan', 'many', `Yuan must look like ${decimals('2528000')}, not "many".`],
    ['Yuan', true, `Yuan must look like ${decimals('2528000')}, not true.`],
    [
      'Yuan',
      9007199254740994,
      `Yuan of more than 15 digits must be text, like ${decimals('2528000')}, because JSON numbers lose digits.`,
    ],
    [
      'EnterpriseFilter',
      { registeredCapital: { gt: 'x' } },
      `Yuan must look like ${decimals('2528000')}, not "x".`,
    ],
  ])('is refused in a variable: %s %j', async (type, value, reason) => {
    const filter = type === 'Yuan' ? '{registeredCapital: {gt: $it}}' : '$it';
    expect(
      await hub.ask(`query ($it: ${type}) { enterprises(filter: ${filter}) { totalCount } }`, { it: value }),
    ).toEqual({
      errors: [
        {
          message: expect.stringContaining(reason),
          locations: expect.any(Array),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    expect(hub.calls.enterprises).toBe(0);
  });
});

describe('money that is written as a number', () => {
  const ids = async (query: string) => {
    const { data, errors } = await hub.ask(query);
    expect(errors).toBeUndefined();
    return (data as { list: { nodes: { id: string }[] } }).list.nodes.map(({ id }) => id);
  };

  it.each([
    [
      '{ list: enterprises(filter: {registeredCapital: {eq: 9007199254740993.01}}) { nodes { id } } }',
      'rich',
    ],
    [
      'query ($it: Yuan = 9007199254740993.02) { list: enterprises(filter: {registeredCapital: {eq: $it}}) { nodes { id } } }',
      'richer',
    ],
    [
      '{ list: parks(filter: {operatorEnterprise: {registeredCapital: {eq: 9007199254740993.01}}}) { nodes { id } } }',
      'of-rich',
    ],
  ])('keeps all its digits: %s', async (query, id) => {
    expect(await ids(query)).toEqual([id]);
  });

  it('keeps them in conditions on groups', async () => {
    const query = `{ enterprises(filter: {id: {in: ["rich", "richer"]}}) {
      aggregates(having: {registeredCapital: {max: {eq: 9007199254740993.02}, min: {lt: 9007199254740993.02}}}) { count }
    } }`;
    expect(await hub.ask(query)).toEqual({ data: { enterprises: { aggregates: [{ count: 2 }] } } });
  });
});

it.each([
  ['{field: REGISTERED_CAPITAL}', ['REGISTERED_CAPITAL+', 'much', 'x']],
  ['{field: FOUNDED_ON}', ['FOUNDED_ON+', '2024-13-45', 'x']],
  ['{park: {field: FLOOR_AREA}}', ['park.FLOOR_AREA+', 'much', 'x']],
])('a cursor that somebody made is refused: by %s', async (order, values) => {
  const cursor = Buffer.from(JSON.stringify(values)).toString('base64url');
  expect(
    await hub.ask(`{ enterprises(first: 1, orderBy: [${order}], after: "${cursor}") { nodes { id } } }`),
  ).toEqual({
    data: { enterprises: null },
    errors: [
      {
        message: 'An argument has a value that cannot be read. Use cursors exactly as the hub returned them.',
        path: ['enterprises'],
        extensions: { code: 'BAD_USER_INPUT', subgraph: 'enterprises' },
      },
    ],
  });
});

describe('a condition that is empty, or null', () => {
  const count = async (filter: string) => {
    const { data, errors } = await hub.ask(`{ enterprises(filter: ${filter}) { totalCount } }`);
    expect(errors).toBeUndefined();
    return (data as { enterprises: { totalCount: number } }).enterprises.totalCount;
  };

  it.each([
    ['{}', '{and: []}', '{not: {or: []}}', '{not: null}', '{not: {}}', '{kind: null}', '{kind: {in: null}}'],
    ['{}', '{not: {kind: null}}', '{not: {kind: {eq: null}}}', '{not: {region: {within: null}}}'],
    [
      '{}',
      '{park: null}',
      '{events: null}',
      '{events: {}}',
      '{events: {some: null}}',
      '{events: {none: {or: []}}}',
    ],
    [
      '{or: []}',
      '{kind: {in: []}}',
      '{id: {in: []}}',
      '{park: {or: []}}',
      '{events: {some: {id: {in: []}}}}',
    ],
    [
      '{park: {}}',
      '{park: {exists: null}}',
      '{park: {and: []}}',
      '{park: {not: {or: []}}}',
      '{parkId: {isNull: false}}',
    ],
    [
      '{events: {exists: false}}',
      '{events: {every: {or: []}}}',
      '{events: {none: {}}}',
      '{not: {events: {some: {}}}}',
    ],
  ])('asks as much as %s', async (filter, ...others) => {
    const expected = await count(filter);
    for (const other of others) expect([other, await count(other)]).toEqual([other, expected]);
  });
});

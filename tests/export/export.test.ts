import { expect, test } from 'vitest';
import { addEnterprises, exportFrom } from '../support/export.ts';
import { startHub, ways } from '../support/hub.ts';

const lines = (...rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test.each(ways)(
  'follows the cursors of a list to its end, %s',
  async (way) => {
    await using hub = await startHub({ way, ownRows: true });
    await addEnterprises(hub.database.adminUrl, 1_500);
    const asked = (fields: string) => ({
      query: `query ($text: String) { enterprises(filter: {nameEn: {startsWith: $text}}) { nodes { ${fields} } } }`,
      variables: { text: 'Enterprise ' },
    });
    const row = (i: number) => ({ id: `ent-test-${String(i).padStart(5, '0')}`, nameZh: `企业${i}` });
    const rows = Array.from({ length: 1_500 }, (_, i) => row(i + 1));

    // As the database writes them, and by way of the executor.
    expect(await exportFrom(hub.url, asked('id nameZh'))).toMatchObject({
      status: 200,
      text: lines(...rows),
    });
    expect(await exportFrom(hub.url, asked('id nameZh region { code }'))).toMatchObject({
      status: 200,
      text: lines(...rows.map((each) => ({ ...each, 'region.code': null }))),
    });
  },
  60_000,
);

test('objects become columns, lists of objects JSON, and only the table of a query is read', async () => {
  await using hub = await startHub();
  const query = `
    fragment Named on Agency { nameZh }
    query ($code: ID!, $all: Boolean!) {
      region(code: $code) {
        nameZh
        parks(first: 1, filter: {nameZh: {contains: "文化创意"}}) {
          totalCount
          edges { cursor node { id ... { statedTenants { count approx } } operator { __typename ...Named } aliases policies { nodes { nameZh } } notes @include(if: $all) } }
        }
      }
      enterprises { totalCount }
    }`;
  const variables = { code: '110105', all: false };
  expect(await exportFrom(hub.url, { query, variables })).toMatchObject({
    status: 200,
    text: lines(
      {
        id: 'park-sunhe-52',
        'statedTenants.count': 30,
        'statedTenants.approx': 'OVER',
        'operator.__typename': null,
        'operator.nameZh': null,
        aliases: [],
        'policies.nodes': [{ nameZh: '2023年度北京市级文化产业园区认定' }],
      },
      {
        id: 'park-tonghuihepan',
        'statedTenants.count': null,
        'statedTenants.approx': null,
        'operator.__typename': null,
        'operator.nameZh': null,
        aliases: [],
        'policies.nodes': [],
      },
    ),
  });
  // What leads to the table is not there: so it has no rows.
  expect(await exportFrom(hub.url, { query, variables: { ...variables, code: '999999' } })).toMatchObject({
    status: 200,
    text: '',
  });
});

test('a question without a table is answered as ever', async () => {
  await using hub = await startHub();
  const { status, headers, text } = await exportFrom(hub.url, {
    query: '{ park(id: "park-798") { nameZh } }',
  });
  expect({ status, type: headers.get('content-type'), answer: JSON.parse(text) }).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
    answer: { data: { park: { nameZh: '798艺术区' } } },
  });
});

test('says what is wrong with a request, with a status of its own', async () => {
  await using hub = await startHub({ down: ['party'] });
  const refused = async (body: Readonly<Record<string, unknown>>) => {
    const { status, text } = await exportFrom(hub.url, body);
    const [{ message, extensions }] = JSON.parse(text).errors;
    return [status, extensions.code, message];
  };
  expect(await refused({ query: '{ parks { nodes { id } ' })).toEqual([
    400,
    'GRAPHQL_PARSE_FAILED',
    expect.any(String),
  ]);
  expect(await refused({ query: '{ parks { nodes { rent } } }' })).toEqual([
    400,
    'GRAPHQL_VALIDATION_FAILED',
    expect.stringContaining('Cannot query field "rent" on type "Park".'),
  ]);
  expect(await refused({ query: '{ a: parks { nodes { id } } b: parks { nodes { id } } }' })).toEqual([
    400,
    'EXPORT_REFUSED',
    'An export contains one table, but the query has several: a, b. Export them one by one.',
  ]);
  expect(await refused({ query: '{ parks(last: 3) { nodes { id } } }' })).toEqual([
    400,
    'EXPORT_REFUSED',
    'An export contains all rows from the first. Leave "last" out.',
  ]);
  expect(await refused({ query: '{ parks { nodes { id } } }', after: 'nowhere' })).toEqual([
    400,
    'BAD_USER_INPUT',
    '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
  ]);
  expect(await refused({ query: '{ parks { nodes { id } } }', format: 'pdf' })).toEqual([
    400,
    'BAD_REQUEST',
    expect.stringContaining('format'),
  ]);
  expect(await refused({ query: '{ partyUnits { nodes { id } } }' })).toEqual([
    503,
    'SUBGRAPH_UNAVAILABLE',
    'Subgraph "party" cannot be reached.',
  ]);
});

test('CSV is for Excel: with a byte order mark, and no text in it is a formula', async () => {
  await using hub = await startHub({ ownRows: true });
  await addEnterprises(hub.database.adminUrl, 4);
  const { default: postgres } = await import('postgres');
  const sql = postgres(hub.database.adminUrl, { max: 1 });
  for (const [i, name] of ['=1+1', '-2, "甲"', '@cmd', '+乙\r\n丙'].entries()) {
    await sql`update enterprises.enterprises set name_zh = ${name}, registered_capital = ${-5.5 * i}, aliases = ${[name, 'b']} where id = ${`ent-test-0000${i + 1}`}`;
  }
  await sql.end();
  const query =
    '{ enterprises(filter: {nameEn: {startsWith: "Enterprise "}}) { nodes { id nameZh registeredCapital aliases } } }';
  const { headers, text } = await exportFrom(hub.url, { query, format: 'csv' });
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  // `fetch` takes a byte order mark off.
  expect(text).toBe(
    [
      'id,nameZh,registeredCapital,aliases',
      "ent-test-00001,'=1+1,0,'=1+1;b",
      'ent-test-00002,"\'-2, ""甲""",-5.5,"\'-2, ""甲"";b"',
      "ent-test-00003,'@cmd,-11,'@cmd;b",
      'ent-test-00004,"\'+乙\r\n丙",-16.5,"\'+乙\r\n丙;b"',
      '',
    ].join('\r\n'),
  );
});

import { expect, test } from 'vitest';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';

const park: Record<string, unknown> = { id: 'p1', name: 'East', next: () => park };

const parks: TestSubgraph = {
  sdl: `
    type Query { park(id: ID, ids: [ID!], where: Where): Park }
    type Park { id: ID name: String next: Park }
    input Where { name: String and: [Where!] }`,
  resolvers: { Query: { park: () => park } },
};
const east = { data: { park: { name: 'East' } } };

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (depth: number, open: string, inside: string, close: string) =>
  open.repeat(depth) + inside + close.repeat(depth);

const hostile: Record<string, string> = {
  'alias flood': `{ ${times(12_000, (i) => `a${i}: park { id }`)} }`,
  'alias flood of leaves': `{ park { ${times(20_000, (i) => `a${i}: id`)} } }`,
  'field flood': `{ park { ${'id '.repeat(80_000)} } }`,
  'directive flood, unknown': `{ park { id ${'@a '.repeat(80_000)} } }`,
  'directive flood, known': `{ park { id ${'@skip(if: false) '.repeat(14_000)} } }`,
  'fragment flood': `{ ${times(4_000, (i) => `...f${i}`)} } ${times(4_000, (i) => `fragment f${i} on Query { park { id } }`)}`,
  'fragment flood, one spread often': `{ ${'...f '.repeat(40_000)} } fragment f on Query { park { id } }`,
  'fragments that double': `{ park { ...f0 } } ${times(30, (i) => `fragment f${i} on Park { a: next { ...f${i + 1} } b: next { ...f${i + 1} } }`)} fragment f30 on Park { id }`,
  'circular fragments': '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
  'circular fragment of itself': '{ park { ...a } } fragment a on Park { next { ...a } }',
  'deep recursion': `{ park ${nested(30_000, '{ next', '{ id }', '}')} }`,
  'deep recursion of a plan': `{ park ${nested(3_000, '{ next', '{ id }', '}')} }`,
  'deep recursion of fragments': nested(20_000, '{ ...', '{ park { id } }', '}'),
  'deep recursion of lists': `{ park(ids: ${nested(100_000, '[', '"a"', ']')}) { id } }`,
  'deep recursion of input': `{ park(where: ${nested(20_000, '{and:[', '{}', ']}')}) { id } }`,
  'overlapping fields': `{ ${times(3_000, () => 'park { id next { id } }')} }`,
  'variable flood': `query(${times(12_000, (i) => `$v${i}: ID`)}) { park { id } }`,
  'operation flood': times(8_000, (i) => `query q${i} { park { id } }`),
  'error flood': `{ ${times(25_000, (i) => `x${i}`)} }`,
};

async function post(url: string, body: unknown) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

test.each(Object.entries(hostile))('%s: it is answered, and so are others meanwhile', async (_, query) => {
  await using hub = await startInProcess({ parks });
  expect(await hub.ask('{ park { name } }')).toEqual(east);
  const attack = Promise.all([post(hub.url, { query }), post(hub.url, { query: `${query} ` })]);
  for (let i = 0; i < 5; i++) expect(await hub.ask('{ park { name } }')).toEqual(east);
  for (const { status, text } of await attack) {
    expect([200, 400, 500]).toContain(status);
    expect(text.length).toBeLessThan(300_000);
  }
  // Also what it has not met before.
  expect(await hub.ask('query After { park { name } }')).toEqual(east);
});

test.each(['circular fragments', 'circular fragment of itself'])('%s are refused', async (name) => {
  await using hub = await startInProcess({ parks });
  const { status, text } = await post(hub.url, { query: hostile[name] });
  expect(status).toBe(400);
  expect(text).toContain('within itself');
  expect(hub.calls).toEqual([]);
});

test('huge lists: as long as a body may hold, they pass', async () => {
  await using hub = await startInProcess({ parks });
  const query = 'query ($ids: [ID!]) { park(ids: $ids) { name } }';
  const { status } = await post(hub.url, {
    query,
    variables: { ids: Array.from({ length: 50_000 }, () => 'a') },
  });
  expect(status).toBe(200);
});

test('deep recursion of variables: it is refused or answered', async () => {
  await using hub = await startInProcess({ parks });
  const query = 'query ($where: Where) { park(where: $where) { name } }';
  const deep = nested(18_000, '{"and":[', '{}', ']}');
  const { status, text } = await post(
    hub.url,
    `{"query":${JSON.stringify(query)},"variables":{"where":${deep}}}`,
  );
  expect([200, 400, 500]).toContain(status);
  expect(text).not.toMatch(/stack|node_modules/i);
  expect(await hub.ask('{ park { name } }')).toEqual(east);
});

test.each(['__schema', '__type', '__typename', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'an operation named %s is one like any other',
  async (name) => {
    await using hub = await startInProcess({ parks });
    const query = `query ${name} { park { name } } query other { park { id } }`;
    const { status, text } = await post(hub.url, { query, operationName: name });
    expect([status, JSON.parse(text)]).toEqual([200, east]);
  },
);

test.each(['__proto__', 'constructor', 'toString'])(
  'an operation that is not there is not found in %s',
  async (name) => {
    await using hub = await startInProcess({ parks });
    const { status, text } = await post(hub.url, { query: 'query a { park { name } }', operationName: name });
    expect(status).toBe(400);
    expect(text).toContain('OPERATION_RESOLUTION_FAILURE');
  },
);

const polluted = () => Object.keys(Object.prototype).concat(Object.keys(({} as { x?: object }).x ?? {}));

test.each([
  ['in the request', '{"__proto__":{"query":"{ park { id } }"},"constructor":{"prototype":{"x":1}}}', 400],
  [
    'in variables',
    '{"query":"query($where:Where){park(where:$where){name}}","variables":{"__proto__":{"where":{"name":"x"}}}}',
    200,
  ],
  [
    'in an input',
    '{"query":"query($where:Where){park(where:$where){name}}","variables":{"where":{"__proto__":{"name":"x"}}}}',
    400,
  ],
  [
    'as constructor of an input',
    '{"query":"query($where:Where){park(where:$where){name}}","variables":{"where":{"constructor":{"prototype":{"x":1}}}}}',
    400,
  ],
  [
    'in extensions',
    '{"query":"{park{name}}","extensions":{"__proto__":{"persistedQuery":{"version":1}}}}',
    200,
  ],
])('__proto__ %s changes nothing for others', async (_, body, status) => {
  await using hub = await startInProcess({ parks });
  expect((await post(hub.url, body)).status).toBe(status);
  expect(polluted()).toEqual([]);
  for (const { variables } of hub.calls) expect(JSON.stringify(variables ?? {})).not.toContain('x');
  expect(await hub.ask('{ park { name } }')).toEqual(east);
});

test('__proto__ as alias or variable is a name like any other', async () => {
  await using hub = await startInProcess({ parks });
  const query =
    'query ($id: ID) { __proto__: park(id: $id) { constructor: name __proto__: next { toString: id } } }';
  const { text } = await post(
    hub.url,
    `{"query":${JSON.stringify(query)},"variables":{"id":"p1","__proto__":"p2"}}`,
  );
  expect(text).toBe('{"data":{"__proto__":{"constructor":"East","__proto__":{"toString":"p1"}}}}\n');
  expect(polluted()).toEqual([]);
});

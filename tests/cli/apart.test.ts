import { fileURLToPath } from 'node:url';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { makeToken } from '../support/paste.ts';
import { poll } from '../support/poll.ts';
import { keyText } from '../support/signing.ts';

const supergraph = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const address = /http:\S+\/graphql/;

async function ask(graph: string, token: string, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(graph, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

const production = { NODE_ENV: 'production', SUBGRAPH_KEYS: keyText('a') };

const question = `{
  park(id: "park-sunhe-52") { nameZh partyUnit { nameZh } policies { totalCount } events { totalCount } }
}`;

const submission = `mutation {
  submitServiceRequest(input: {
    key: "k-1", enterpriseId: "ent-pico", regionCode: "370212", kind: FINANCING, titleZh: "申请融资对接", textZh: "希望对接文创贷款。"
  }) { serviceRequest { stage version } isReplay }
}`;

const feed = `{
  changes(types: [SERVICE_REQUEST]) { nodes { action object { ... on ServiceRequest { titleZh } } } }
  myTasks(type: SERVICE_REQUEST) { nodes { actions } }
}`;

it('runs apart: subgraphs and a gateway, each a process; one that is killed costs only its fields', async () => {
  await using database = await createDatabase();
  await using data = await createDataFolder();
  await using processes = new AsyncDisposableStack();
  const subgraphs = subgraphNames.map((name) => {
    const env = { ...production, [`${name.toUpperCase()}_DATABASE_URL`]: database.urls[name] };
    return { name, process: processes.use(runCli(['subgraph', name, '--port', '0'], env)) };
  });
  const addresses = await Promise.all(
    subgraphs.map(async ({ name, process }) => [`${name.toUpperCase()}_URL`, await process.printed(address)]),
  );
  const gateway = processes.use(
    runCli(['gateway', '--supergraph', supergraph, '--port', '0'], {
      ...Object.fromEntries(addresses),
      SUBGRAPH_KEYS: production.SUBGRAPH_KEYS,
      WENSHU_DATA: data.path,
      ACCESS: '1',
    }),
  );
  const graph = new URL('/graphql', await gateway.printed(/http:\/\/localhost:\d+/)).href;

  const token = await makeToken({ WENSHU_DATA: data.path });
  const whole = {
    nameZh: '孙河52号文化创意园区',
    partyUnit: { nameZh: '孙河52号文化创意园区党支部' },
    policies: { totalCount: 1 },
    events: { totalCount: 0 },
  };
  expect(await ask(graph, token, question)).toEqual({ data: { park: whole } });

  // A change is made in the agency that owns the object, and read by its author over all agencies.
  const clerk = await makeToken({ WENSHU_DATA: data.path }, [
    '--department',
    'PROPAGANDA',
    '--role',
    'editor',
  ]);
  expect(await ask(graph, clerk, submission)).toEqual({
    data: { submitServiceRequest: { serviceRequest: { stage: 'COLLECTED', version: 1 }, isReplay: false } },
  });
  expect(await ask(graph, clerk, submission)).toMatchObject({
    data: { submitServiceRequest: { isReplay: true } },
  });
  expect(await ask(graph, clerk, feed)).toMatchObject({
    data: {
      changes: { nodes: [{ action: 'SUBMIT', object: { titleZh: '申请融资对接' } }] },
      myTasks: { nodes: [{ actions: ['ASSIGN'] }] },
    },
  });

  const [, parks = ''] = addresses.find(([name]) => name === 'PARKS_URL') ?? [];
  expect(await ask(parks, token, '{ parks { totalCount } }')).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });

  await subgraphs.find(({ name }) => name === 'party')?.process.kill('SIGKILL');
  expect(await ask(graph, token, question)).toEqual({
    data: { park: { ...whole, partyUnit: null } },
    errors: [
      {
        message: 'Subgraph "party" cannot be reached.',
        path: ['park', 'partyUnit'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'party' },
      },
    ],
  });
  const readiness = await poll(async () => {
    const response = await fetch(new URL('/readyz', graph));
    return response.status === 503 ? response.json() : undefined;
  });
  expect(readiness).toMatchObject({ checks: { party: 'not ready', parks: 'ready' } });
  expect(await gateway.kill('SIGTERM')).toMatchObject({ code: 0 });
}, 120_000);

import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { createHubGraph } from '@wenshu/gateway/graph/hub-graph.ts';
import { readSupergraph } from '@wenshu/gateway/graph/open-graph.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import { expect, test } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { answering, startFaultServer } from '../support/fault-server.ts';
import { type Answer, startInProcess, supergraphOf } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { recordingLog } from '../support/recording-log.ts';

/** An address that the client of PostgreSQL refuses. */
const unusableUrl = 'postgres://127.0.0.1:1/x?target_session_attrs=nothing';
const withName = { sdl: 'type Query { name: String }' };
const withTitle = { sdl: 'type Query { title: String }' };

async function ask(url: string, query: string): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Answer;
}

/** A gateway over a subgraph that answers when it is told to, and notes when its connection is closed. */
async function start(options: Partial<GatewayOptions> = {}) {
  const questions: ((data: unknown) => void)[] = [];
  const closed: number[] = [];
  let opened = 0;
  const gateway = await createGateway({
    supergraphSdl: supergraphOf({ parks: withName }),
    subgraphs: () => {
      opened += 1;
      const number = opened;
      return Object.assign(
        () => new Promise<object>((resolve) => questions.push((data) => resolve({ data }))),
        { close: async () => void closed.push(number) },
      );
    },
    ...options,
  });
  const { port } = await gateway.listen(0, '127.0.0.1');
  return { gateway, url: `http://127.0.0.1:${port}`, questions, closed };
}

test('new requests get the new graph, running ones end under the old one, which is closed after them', async () => {
  const { gateway, url, questions, closed } = await start();
  const old = ask(url, '{ name }');
  const answerOld = await poll(() => questions[0]);

  await gateway.replaceSupergraph(supergraphOf({ parks: withTitle }));
  const fresh = ask(url, '{ title }');
  (await poll(() => questions[1]))({ title: 'Riverside' });
  expect(await fresh).toEqual({ data: { title: 'Riverside' } });
  expect(await ask(url, '{ name }')).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
  expect(closed).toEqual([]);

  answerOld({ name: 'East' });
  expect(await old).toEqual({ data: { name: 'East' } });
  expect(closed).toEqual([1]);
  await gateway.stop();
  expect(closed).toEqual([1, 2]);
});

test('what was asked of the old graph is planned ahead for the new one, if it is still valid', async () => {
  const log = recordingLog();
  await using hub = await startInProcess(
    {
      parks: {
        sdl: 'type Query { name: String, title: String }',
        answer: () => ({ data: { name: 'East' } }),
      },
    },
    { log },
  );
  const isListed = async (sample: string) =>
    (await (await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } })).text())
      .split('\n')
      .includes(sample) || undefined;
  const named = 'query Name($hides: Boolean = false) { name @skip(if: $hides) __typename }';
  await hub.ask('{ title }');
  await hub.ask(named);
  await hub.ask(named, { hides: true });
  expect(await isListed('wenshu_plans_kept 3')).toBe(true);

  hub.replaceSupergraph(supergraphOf({ parks: withName }));
  await poll(() => isListed('wenshu_plans_kept 2'));
  expect(await hub.ask(named)).toEqual({ data: { name: 'East', __typename: 'Query' } });
  expect(await hub.ask(named, { hides: true })).toEqual({ data: { __typename: 'Query' } });
  expect(await isListed('wenshu_plans_total{cache="miss"} 3')).toBe(true);
  expect(await isListed('wenshu_plans_total{cache="hit"} 2')).toBe(true);
  expect(log.lines.filter(({ message }) => message !== 'request')).toEqual([]);
});

// On 642f031 it was closed: the question failed.
test('a question of the gateway itself keeps the graph open that it was asked of', async () => {
  const graph = createHubGraph(readSupergraph(supergraphOf({ parks: withName })), silent);
  const { gateway, questions, closed } = await start({ graph });
  const asked = graph.ask('{ name }', {});
  const answer = await poll(() => questions[0]);
  await gateway.replaceSupergraph(supergraphOf({ parks: withTitle }));
  expect(closed).toEqual([]);
  answer({ name: 'East' });
  expect(await asked).toEqual({ name: 'East' });
  expect(closed).toEqual([1]);
  await gateway.stop();
});

/** A subgraph whose connection notes that it is closed. */
const noting = (closed: string[]) => (name: string) =>
  Object.assign(async () => ({ data: {} }), { close: async () => void closed.push(name) });
const two = {
  parks: { sdl: 'type Query { name: String }' },
  events: { sdl: 'type Query { event: String }' },
};

test('a graph that cannot be opened whole closes what it has opened', async () => {
  const closed: string[] = [];
  const connect = noting(closed);
  let opened = 0;
  const subgraphs = (name: string) => {
    opened += 1;
    if (opened === 2) throw new Error(`"${name}" has no address.`);
    return connect(name);
  };
  await expect(createGateway({ supergraphSdl: supergraphOf(two), subgraphs })).rejects.toThrow('no address');
  expect(closed).toHaveLength(1);
});

test('a gateway that cannot be opened whole closes its graph', async () => {
  const closed: string[] = [];
  const options = { supergraphSdl: supergraphOf(two), subgraphs: noting(closed) };
  const rateStore = { kind: 'postgres', url: unusableUrl } as const;
  await expect(createGateway({ ...options, admission: { rateStore } })).rejects.toThrow('is not supported');
  expect(closed.sort()).toEqual(['events', 'parks']);
});

test('a graph that a part of the gateway refuses is closed, and the old one stays for all parts', async () => {
  const graph = createHubGraph(readSupergraph(supergraphOf({ parks: withName })), silent);
  const { gateway, url, questions, closed } = await start({ graph });
  (await graph.graphs).announce(({ supergraph }) => {
    if (supergraph.sdl === supergraphOf({ parks: withTitle })) throw new Error('Refused.');
  });
  await expect(gateway.replaceSupergraph(supergraphOf({ parks: withTitle }))).rejects.toThrow('Refused.');
  expect(closed).toEqual([2]);
  const answer = ask(url, '{ name }');
  (await poll(() => questions[0]))({ name: 'East' });
  expect(await answer).toEqual({ data: { name: 'East' } });
  await gateway.stop();
  expect(closed).toEqual([2, 1]);
});

test.each([
  ['is no GraphQL', 'type Query {', 'Syntax Error'],
  ['is no supergraph', 'type Query { a: Int }', 'no subgraph'],
  [
    'the planner cannot use',
    supergraphOf({ parks: withName }).replaceAll('join__type(graph: PARKS', 'join__type(graph: NOBODY'),
    'NOBODY',
  ],
  [
    'has an invalid public schema',
    `${supergraphOf({ parks: withName })} type __Park @join__type(graph: PARKS) { name: String }`,
    '__Park',
  ],
])('a supergraph that %s is refused, and the old one stays', async (_, sdl, reason) => {
  const { gateway, url, questions, closed } = await start();
  await expect(gateway.replaceSupergraph(sdl)).rejects.toThrow(reason);
  const answer = ask(url, '{ name }');
  (await poll(() => questions[0]))({ name: 'East' });
  expect(await answer).toEqual({ data: { name: 'East' } });
  await gateway.stop();
  expect(closed).toEqual([1]);
});

test('a gateway takes up each good supergraph in its file, refuses bad ones, and starts from the last good one', async () => {
  await using data = await createDataFolder();
  await using parks = await startFaultServer(answering({ name: 'East', title: 'Riverside' }));
  const file = join(data.path, 'supergraph.graphql');
  const sdlOf = (subgraph: { sdl: string }) =>
    supergraphOf({ parks: subgraph }, new Map([['parks', parks.url]]));
  const startGateway = () => runCli(['gateway', '--supergraph', file], { WENSHU_DATA: data.path });
  const address = /http:\/\/localhost:\d+/;
  const untilItAnswers = (url: string, query: string, expected: object) =>
    poll(async () => {
      const { data: answer } = await ask(url, query);
      return answer ? (expect(answer).toEqual(expected) ?? true) : undefined;
    });

  await writeFile(file, sdlOf(withName));
  {
    await using gateway = startGateway();
    const url = await gateway.printed(address);
    expect(await ask(url, '{ name }')).toEqual({ data: { name: 'East' } });

    // put in place by a rename, as deployments do
    await writeFile(`${file}.new`, sdlOf(withTitle));
    await rename(`${file}.new`, file);
    await untilItAnswers(url, '{ title }', { title: 'Riverside' });

    await writeFile(file, 'type Query {');
    await gateway.printed(/is refused, the one in use stays: Syntax Error: Expected Name, found <EOF>/);
    expect(await ask(url, '{ title }')).toEqual({ data: { title: 'Riverside' } });

    // written over
    await writeFile(file, sdlOf(withName));
    await untilItAnswers(url, '{ name }', { name: 'East' });
    expect(await gateway.kill('SIGTERM')).toMatchObject({ code: 0 });
  }

  // On 642f031 it said that the supergraph cannot be used, and tried the last good one.
  const refused = await runCommandHere(['gateway', '--supergraph', file], {
    WENSHU_DATA: data.path,
    USAGE_DATABASE_URL: unusableUrl,
  });
  expect(refused).toEqual({ code: 1, output: expect.stringContaining('is not supported') });
  expect(refused.output).not.toMatch(/supergraph|last good/);

  await parks.stop();
  for (const spoil of [() => writeFile(file, 'type Query {'), () => rm(file)]) {
    await spoil();
    await using gateway = startGateway();
    await gateway.printed(/Starting from the last good one/);
    const url = await gateway.printed(address);
    expect(await ask(url, '{ name }')).toMatchObject({
      data: { name: null },
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
  }
});

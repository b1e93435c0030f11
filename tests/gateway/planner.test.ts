import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPlanner } from '@wenshu/gateway/planning/planner.ts';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { endless } from '../support/endless-plan.ts';
import { answering, startFaultServer } from '../support/fault-server.ts';
import { startInProcess, supergraphOf, type TestSubgraph } from '../support/federation.ts';
import { plannerOf, untilBusy, untilEnded } from '../support/processes.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { park: Park } type Park { id: ID! name: String }',
  resolvers: { Query: { park: () => ({ id: 'p1', name: 'East' }) } },
};

/** The planner aborts on one name for two fields: https://github.com/graphql-hive/router/issues/1311 */
const aborting = {
  supergraph: supergraphOf({
    departments: {
      sdl: `
        type Query { departments: [Department!] }
        interface Department { id: ID! }
        type Culture implements Department { id: ID! logo: Logo }
        type Tourism implements Department { id: ID! logo: Logo }
        type Logo @key(fields: "id") { id: ID! }`,
    },
    images: { sdl: 'type Logo @key(fields: "id") { id: ID! url(width: Int!): String }' },
  }),
  operation:
    '{ departments { ... on Culture { logo { url(width: 1) } } ... on Tourism { logo { url(width: 2) } } } }',
};

const unplannable = {
  status: 500,
  body: { errors: [{ message: expect.any(String), extensions: { code: 'OPERATION_UNPLANNABLE' } }] },
};

async function ask(url: string, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as unknown,
  };
}

const nothingMoves = { labels: new Set<string>(), percentage: 0, key: '' };

it('answers all the time, and plans again, when the planner aborts', async () => {
  await using federation = await startInProcess({ parks });
  const planner = await openPlanner(aborting.supergraph, { planTimeoutMs: 10_000 });
  const planAborting = () => planner.plan(aborting.operation, undefined, nothingMoves);
  const first = await plannerOf(process.pid);

  const aborted = expect(planAborting()).rejects.toThrow(/SIGABRT.*panicked/s);
  const answers = ['id', 'name', 'id name', 'name id'].map((fields) =>
    federation.ask(`{ park { ${fields} } }`),
  );
  for (const answer of answers) expect(await answer).toMatchObject({ data: { park: {} } });
  await aborted;
  const second = await plannerOf(process.pid);
  expect(second).not.toBe(first);

  // Known by now: nobody ends the planner with it again.
  await expect(planAborting()).rejects.toThrow('SIGABRT');
  expect(await federation.ask('{ park { a: id name } }')).toEqual({
    data: { park: { a: 'p1', name: 'East' } },
  });
  expect(await plannerOf(process.pid)).toBe(second);
  planner.close();
});

it('gives up an operation that takes too long to plan, once, and plans the next', async () => {
  await using federation = await startInProcess(endless.subgraphs, { planTimeoutMs: 2_000 });
  const refused = await Promise.all([
    ask(federation.url, endless.operation),
    // Needs no plan.
    ask(federation.url, '{ __typename }'),
  ]);
  expect(refused).toMatchObject([unplannable, { status: 200 }]);

  expect(await federation.ask('{ thing { id } }')).toEqual({ data: { thing: null } });
  // Only now is the process that was given up gone for certain.
  const planner = await plannerOf(process.pid);
  expect(await ask(federation.url, endless.operation)).toMatchObject(unplannable);
  expect(await plannerOf(process.pid)).toBe(planner);
});

/** A gateway as a process of its own. */
async function startGateway(subgraphs: Readonly<Record<string, TestSubgraph>>) {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await createDataFolder());
  const server = opening.use(await startFaultServer(answering({ park: { id: 'p1', name: 'East' } })));
  const file = join(folder.path, 'supergraph.graphql');
  const urls = new Map(Object.keys(subgraphs).map((name) => [name, server.url]));
  await writeFile(file, supergraphOf(subgraphs, urls));
  const env = { WENSHU_DATA: folder.path, PLAN_TIMEOUT: '2m' };
  const gateway = opening.use(runCli(['gateway', '--supergraph', file], env));
  const url = await gateway.printed(/http:\/\/localhost:\d+/);
  const opened = opening.move();
  return { gateway, url, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

it('plans in a new process where the one it had was killed, and leaves none when it ends', async () => {
  await using hub = await startGateway({ parks });
  const first = await plannerOf(hub.gateway.pid);
  process.kill(first, 'SIGKILL');
  expect(await ask(hub.url, '{ park { id } }')).toMatchObject({ body: { data: { park: { id: 'p1' } } } });
  const second = await plannerOf(hub.gateway.pid);
  expect(second).not.toBe(first);
  expect(await ask(hub.url, '{ park { name } }')).toMatchObject({
    body: { data: { park: { name: 'East' } } },
  });

  expect(await hub.gateway.kill('SIGTERM')).toMatchObject({ code: 0 });
  await untilEnded(second);
});

it('leaves no process behind when it is killed in the middle of a plan', async () => {
  await using hub = await startGateway(endless.subgraphs);
  const planner = await plannerOf(hub.gateway.pid);
  const asked = ask(hub.url, endless.operation).catch(() => 'gone');
  await untilBusy(planner);
  await hub.gateway.kill('SIGKILL');
  await untilEnded(planner);
  expect(await asked).toBe('gone');
}, 60_000);

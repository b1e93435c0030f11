import { expect, test } from 'vitest';
import { startInProcess, startOverHttp, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { park: Park } type Park @key(fields: "id") { id: ID! }',
  resolvers: { Query: { park: () => ({ id: 'p1' }) } },
};
const names = (answer: TestSubgraph['answer']): TestSubgraph => ({
  sdl: 'type Park @key(fields: "id") { id: ID! name: String }',
  ...(answer && { answer }),
});
const named = names(() => ({ data: { _entities: [{ name: 'East' }] } }));

/** The page as a map from `name{labels}` to value. */
async function readMetrics(url: string): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } });
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const samples = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(
    samples.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

test('requests and calls are counted, by operation and by subgraph', async () => {
  await using hub = await startOverHttp({ parks, names: named });
  for (let i = 0; i < 3; i++) await hub.ask('query Name { park { name } }');
  await hub.ask('{ park { id } }');
  await hub.ask('{ nothing }');
  expect(await readMetrics(hub.url)).toMatchObject({
    'wenshu_requests_total{operation="Name",outcome="ok"}': 3,
    'wenshu_requests_total{operation="anonymous",outcome="ok"}': 1,
    'wenshu_requests_total{operation="none",outcome="refused"}': 1,
    'wenshu_request_errors_total{operation="none",code="GRAPHQL_VALIDATION_FAILED"}': 1,
    'wenshu_request_duration_seconds_count{operation="Name"}': 3,
    'wenshu_request_duration_seconds_bucket{operation="Name",le="+Inf"}': 3,
    wenshu_requests_in_flight: 0,
    'wenshu_plans_total{cache="miss"}': 2,
    'wenshu_plans_total{cache="hit"}': 2,
    wenshu_plans_kept: 2,
    'wenshu_subgraph_request_duration_seconds_count{subgraph="parks"}': 4,
    'wenshu_subgraph_request_duration_seconds_count{subgraph="names"}': 3,
    'wenshu_subgraph_breaker{subgraph="parks",state="closed"}': 1,
    'wenshu_subgraph_breaker{subgraph="parks",state="open"}': 0,
    'wenshu_subgraph_calls{subgraph="parks",state="running"}': 0,
    'wenshu_subgraph_connections{subgraph="parks",state="busy"}': 0,
    process_resident_memory_bytes: expect.any(Number),
    nodejs_eventloop_lag_p99_seconds: expect.any(Number),
  });
});

test('failures of a subgraph are counted by why, those of requests by their code', async () => {
  const down = names(() => Promise.reject(new Error('down')));
  await using hub = await startInProcess({ parks, names: down });
  await hub.ask('query Name { park { id name } }');
  expect(await readMetrics(hub.url)).toMatchObject({
    'wenshu_requests_total{operation="Name",outcome="partial"}': 1,
    'wenshu_request_errors_total{operation="Name",code="SUBGRAPH_UNAVAILABLE"}': 1,
    'wenshu_subgraph_errors_total{subgraph="names",failure="failed"}': 1,
  });
});

test('a code that a subgraph made up is counted as other', async () => {
  const rude = names(() => ({
    data: { _entities: [null] },
    errors: [{ message: 'x', path: ['_entities', 0], extensions: { code: 'MADE_UP' } }],
  }));
  await using hub = await startInProcess({ parks, names: rude });
  await hub.ask('query Name { park { name } }');
  expect(await readMetrics(hub.url)).toMatchObject({
    'wenshu_request_errors_total{operation="Name",code="other"}': 1,
    'wenshu_subgraph_errors_total{subgraph="names",failure="errors"}': 1,
  });
});

test('only so many operations are counted by name, so that callers cannot fill the memory', async () => {
  await using hub = await startInProcess({ parks, names: named }, { operationsNamed: 2 });
  for (const name of ['A', 'B', 'C', 'D', 'A']) await hub.ask(`query ${name} { park { id } }`);
  const metrics = await readMetrics(hub.url);
  const operations = Object.keys(metrics).filter((key) =>
    key.startsWith('wenshu_request_duration_seconds_count'),
  );
  expect(operations).toHaveLength(3);
  expect(metrics).toMatchObject({
    'wenshu_requests_total{operation="A",outcome="ok"}': 2,
    'wenshu_requests_total{operation="B",outcome="ok"}': 1,
    'wenshu_requests_total{operation="other",outcome="ok"}': 2,
  });
});

test('two gateways in one process count for themselves', async () => {
  await using one = await startInProcess({ parks, names: named });
  await using other = await startInProcess({ parks, names: named });
  await one.ask('query Name { park { id } }');
  expect(await readMetrics(one.url)).toHaveProperty(['wenshu_requests_total{operation="Name",outcome="ok"}']);
  expect(await readMetrics(other.url)).not.toHaveProperty([
    'wenshu_requests_total{operation="Name",outcome="ok"}',
  ]);
});

test('/metrics can be turned off', async () => {
  await using hub = await startInProcess({ parks, names: named }, { metrics: false });
  expect((await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } })).status).toBe(404);
  expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name: 'East' } } });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { supergraphOf } from '../support/federation.ts';

/** A gateway as a process, over a subgraph that is not there. */
async function startGateway(env: Readonly<Record<string, string>> = {}) {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await createDataFolder());
  const file = join(folder.path, 'supergraph.graphql');
  await writeFile(
    file,
    supergraphOf(
      { parks: { sdl: 'type Query { name: String }' } },
      new Map([['parks', 'http://127.0.0.1:1/graphql']]),
    ),
  );
  const settings = { WENSHU_DATA: folder.path, SUBGRAPH_RETRIES: '0', ...env };
  const process = opening.use(runCli(['gateway', '--supergraph', file], settings));
  const url = await process.printed(/http:\/\/localhost:\d+/);
  const opened = opening.move();
  return {
    process,
    async ask(query: string, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        body: JSON.stringify({ query, operationName: null }),
        headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      });
      return await response.json();
    },
    metrics: () => fetch(`${url}/metrics`, { headers: { connection: 'close' } }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const jsonLines = (output: string) =>
  output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));

it('logs JSON where stdout is no terminal, to the last line before it ends', async () => {
  await using gateway = await startGateway();
  await gateway.ask('query Name { name }', { 'x-request-id': 'r1' });
  const { output } = await gateway.process.kill('SIGTERM');
  const common = { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), requestId: 'r1' };
  expect(jsonLines(output)).toMatchObject([
    { ...common, level: 'warn', subgraph: 'parks', message: 'Subgraph "parks" cannot be reached.' },
    { ...common, level: 'info', message: 'request', operation: 'Name', errorCodes: ['SUBGRAPH_UNAVAILABLE'] },
  ]);
});

it('logs less where LOG_LEVEL says so', async () => {
  await using gateway = await startGateway({ LOG_LEVEL: 'error' });
  await gateway.ask('{ name }');
  const { output } = await gateway.process.kill('SIGTERM');
  expect(jsonLines(output)).toEqual([]);
});

it('has metrics and explains nothing by default', async () => {
  await using standard = await startGateway();
  await using other = await startGateway({ METRICS: '0', EXPLAIN: '1' });
  const explain = { 'x-wenshu-explain': '1' };
  expect((await standard.metrics()).status).toBe(200);
  expect(await standard.ask('{ name }', explain)).not.toHaveProperty('extensions');
  expect((await other.metrics()).status).toBe(404);
  expect(await other.ask('{ name }', explain)).toHaveProperty('extensions.explain.plan');
});

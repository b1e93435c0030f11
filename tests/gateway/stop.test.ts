import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import type { SubgraphResponse } from '@wenshu/gateway/upstream/subgraph.ts';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { hanging, startFaultServer } from '../support/fault-server.ts';
import { supergraphOf } from '../support/federation.ts';
import { poll } from '../support/poll.ts';

const sdl = 'type Query { name: String }';

/** A gateway over one subgraph that answers when it is told to. */
async function start() {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<SubgraphResponse>();
  const gateway = await createGateway({
    supergraphSdl: supergraphOf({ parks: { sdl } }),
    subgraphs: () => () => {
      asked.resolve();
      return answer.promise;
    },
  });
  const { port } = await gateway.listen(0, '127.0.0.1');
  return { gateway, port, url: `http://127.0.0.1:${port}`, asked: asked.promise, answer: answer.resolve };
}

const ask = (url: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    body: '{"query":"{ name }"}',
    headers: { 'content-type': 'application/json' },
  });

test('a gateway that stops answers what it has begun', async () => {
  const { gateway, url, asked, answer } = await start();
  const running = ask(url);
  await asked;
  const stopped = gateway.stop();
  await expect(ask(url)).rejects.toThrow();
  answer({ data: { name: 'East' } });
  const response = await running;
  expect(response.headers.get('connection')).toBe('close');
  expect(await response.json()).toEqual({ data: { name: 'East' } });
  await stopped;
});

test('a gateway that gives notice says so at /readyz, and answers until its time has come', async () => {
  const { gateway, url, answer } = await start();
  answer({ data: { name: 'East' } });
  const stopped = gateway.stop({ noticeMs: 1_500, graceMs: 10_000 });
  const readiness = await fetch(`${url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toEqual({ status: 'stopping' });
  expect(await (await ask(url)).json()).toEqual({ data: { name: 'East' } });
  await stopped;
  await expect(ask(url)).rejects.toThrow();
});

test('a request that is on its way on an open connection when the listener closes is answered', async () => {
  const { gateway, port, url, answer } = await start();
  answer({ data: { name: 'East' } });
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const request = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
  socket.write(request);
  await poll(() => (received.includes('"ok"') ? true : undefined));
  received = '';

  const stopped = gateway.stop();
  await poll(() =>
    ask(url).then(
      () => undefined,
      () => true,
    ),
  );
  socket.write(request);
  await closed;
  expect(received).toContain('200 OK');
  expect(received.toLowerCase()).toContain('connection: close');
  await stopped;
});

test('connections that bring no request do not hold it up, nor do requests that never end', async () => {
  const { gateway, url, port, asked } = await start();
  const silent = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => silent.once('close', resolve));
  const running = ask(url);
  await asked;
  await gateway.stop({ noticeMs: 0, graceMs: 150 });
  await expect(running).rejects.toThrow();
  await closed;
});

test('a gateway that has stopped is gone from memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const startAndStop = async () => {
    const call = async () => ({ data: { name: 'East' } });
    const gateway = await createGateway({
      supergraphSdl: supergraphOf({ parks: { sdl } }),
      subgraphs: () => call,
    });
    const { port } = await gateway.listen(0, '127.0.0.1');
    expect(await (await ask(`http://127.0.0.1:${port}`)).json()).toEqual({ data: { name: 'East' } });
    await gateway.stop();
    return new WeakRef(call);
  };
  const left = await startAndStop();
  const isGone = () => {
    collect();
    return left.deref() === undefined || undefined;
  };
  expect(await poll(isGone, 5_000)).toBe(true);
});

test('the process ends in its time although a subgraph hangs', async () => {
  await using data = await createDataFolder();
  await using subgraph = await startFaultServer(hanging);
  const file = join(data.path, 'supergraph.graphql');
  await writeFile(file, supergraphOf({ parks: { sdl } }, new Map([['parks', subgraph.url]])));
  await using gateway = runCli(['gateway', '--supergraph', file], {
    WENSHU_DATA: data.path,
    STOP_GRACE: '500ms',
  });
  const running = ask(await gateway.printed(/http:\/\/localhost:\d+/));
  running.catch(() => {});
  await poll(() => subgraph.questions[0]);
  expect(await gateway.kill('SIGTERM')).toMatchObject({ code: 0 });
  await expect(running).rejects.toThrow();
});

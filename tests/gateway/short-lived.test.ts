import { request as askByHttp } from 'node:http';
import { text } from 'node:stream/consumers';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { expect, test } from 'vitest';
import { supergraphOf } from '../support/federation.ts';

setFlagsFromString('--expose-gc');
const collect: (options: { type: 'minor' }) => void = runInNewContext('gc');
// As `wenshu` has it.
setFlagsFromString('--no-allocation-site-pretenuring');

const warmUp = 1_000;
const measured = 1_000;
const collectEvery = 100;

test('what a request makes is gone with it, without a full collection', async () => {
  const sdl = supergraphOf({ names: { sdl: 'type Query { name: String }' } });
  const gateway = await createGateway({
    supergraphSdl: sdl,
    subgraphs: () => async () => ({ data: { name: 'East' } }),
  });
  await using _stopping = { [Symbol.asyncDispose]: () => gateway.stop() };
  const { url } = await gateway.listen(0, '127.0.0.1');

  await askOften(url, warmUp);
  const before = oldBytes();
  await askOften(url, measured);
  const bytesEach = (oldBytes() - before) / measured;
  expect(bytesEach).toBeLessThan(1_000);
});

async function askOften(url: string, times: number): Promise<void> {
  for (let asked = 0; asked < times; asked++) {
    expect(await ask(url)).toBe('{"data":{"name":"East"}}\n');
    if (asked % collectEvery === 0) collectYoung();
  }
  collectYoung();
}

/** By `node:http`: what `fetch` makes lives longer itself. */
async function ask(url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { 'content-type': 'application/json' };
  askByHttp(`${url}/graphql`, { method: 'POST', headers }, (response) => text(response).then(resolve, reject))
    .once('error', reject)
    .end('{"query":"{ name }"}');
  return await promise;
}

/** Twice: what outlives two collections is old. */
function collectYoung(): void {
  for (let i = 0; i < 2; i++) collect({ type: 'minor' });
}

const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ??
  Number.NaN;

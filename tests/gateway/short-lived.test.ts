import { Agent } from 'node:http';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { post } from '../faults/post.ts';
import { startInProcess } from '../support/federation.ts';

setFlagsFromString('--expose-gc');
const collect: (options: { type: 'minor' }) => void = runInNewContext('gc');
// As `wenshu` has it.
setFlagsFromString('--no-allocation-site-pretenuring');

const warmUp = 1_000;
const measured = 1_000;
const rounds = 3;
const collectEvery = 100;

test('what a request makes is gone with it, without a full collection', async () => {
  await using hub = await startInProcess(
    { names: { sdl: 'type Query { name: String }' } },
    // Keeps no list of its calls.
    { subgraphs: () => async () => ({ data: { name: 'East' } }) },
  );

  await askOften(hub.url, warmUp);
  const bytesEach: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = oldBytes();
    await askOften(hub.url, measured);
    bytesEach.push((oldBytes() - before) / measured);
  }
  // Other tests of this worker may leave work behind that adds to a round, but not to each.
  expect(Math.min(...bytesEach)).toBeLessThan(1_000);
});

/** By `post`: what `fetch` makes lives longer itself. */
async function askOften(url: string, times: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let asked = 0; asked < times; asked++) {
    const answer = await post(url, '{"query":"{ name }"}', { agent, timeoutMs: 10_000 });
    expect(answer).toMatchObject({ kind: 'answered', status: 200, text: '{"data":{"name":"East"}}\n' });
    if (asked % collectEvery === 0) collectYoung();
  }
  collectYoung();
  agent.destroy();
}

/** Twice: what outlives two collections is old. */
function collectYoung(): void {
  for (let i = 0; i < 2; i++) collect({ type: 'minor' });
}

const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ??
  Number.NaN;

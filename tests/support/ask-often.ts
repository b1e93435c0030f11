import { Agent } from 'node:http';
import { getHeapSpaceStatistics } from 'node:v8';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { post } from '../faults/post.ts';
import { supergraphOf } from './federation.ts';

// A gateway in a process of its own, so that nobody else allocates, that is asked again and again. Prints the bytes that each question
// of a round left in the old generation, for each round. Needs `--expose-gc`.

const [warmUp, rounds, measured] = [500, 3, 500];
const collectEvery = 100;
const body = '{"query":"{ name }"}';
const answer = '{"data":{"name":"East"}}\n';

const gateway = await createGateway({
  supergraphSdl: supergraphOf({ names: { sdl: 'type Query { name: String }' } }),
  subgraphs: () => async () => ({ data: { name: 'East' } }),
});
const { port } = await gateway.listen(0, '127.0.0.1');
await askOften(warmUp);
for (let round = 0; round < rounds; round++) {
  const before = oldBytes();
  await askOften(measured);
  console.log((oldBytes() - before) / measured);
}
await gateway.stop();

/** By `post`: what `fetch` makes lives longer itself. */
async function askOften(times: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let asked = 0; asked < times; asked++) {
    const reply = await post(`http://127.0.0.1:${port}`, body, { agent, timeoutMs: 10_000 });
    if (reply.kind !== 'answered' || reply.text !== answer) throw new Error(JSON.stringify(reply));
    if (asked % collectEvery === 0) collectYoung();
  }
  collectYoung();
  agent.destroy();
}

/** Twice: what outlives two collections is old. */
function collectYoung(): void {
  for (let i = 0; i < 2; i++) globalThis.gc?.({ type: 'minor' });
}

function oldBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  return old?.space_used_size ?? Number.NaN;
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { serveGraphiql } from '@wenshu/gateway/graphiql/serve-page.ts';
import { expect, test } from 'vitest';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { openConnection, statusesOf } from '../support/raw-http.ts';
import { recordingLog } from '../support/recording-log.ts';

// Each succeeded on 10c1293: a hundred readers of the page held 1,041 MB, of answers of 8 MB 655 MB, for ever.

/** More than the kernels of both sides hold for a reader. */
const large = '文'.repeat(3_000_000);

const texts: TestSubgraph = {
  sdl: 'type Query { name: String large: String }',
  resolvers: { Query: { name: () => 'East', large: () => large } },
};

const body = '{"query":"{ large }"}';
const asking = {
  '/graphiql': 'GET /graphiql HTTP/1.1\r\nhost: x\r\n\r\n',
  '/graphql': `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
};
type Path = keyof typeof asking;

/** Asks, and takes nothing but the beginning of the answer. */
async function stand(url: string, path: Path): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(asking[path]);
  await once(socket, 'readable');
  return socket;
}

/** What so many get who are connected at the same time. */
async function answersTogether(url: string, connections: number): Promise<string[]> {
  const all = Array.from({ length: connections }, () => openConnection(url).socket);
  const answers = await Promise.all(
    all.map(async (socket) => {
      socket.on('error', () => {}).write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
      const [chunk = ''] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      return String(chunk);
    }),
  );
  for (const socket of all) socket.destroy();
  return answers;
}

const numberWith = (answers: readonly string[], status: number) =>
  answers.filter((answer) => statusesOf(answer)[0] === status).length;

/** Resolves when so many connections are free. */
const untilFree = (url: string, connections: number) =>
  poll(async () => numberWith(await answersTogether(url, connections), 200) === connections || undefined);

const count = 10;
const graphiql = serveGraphiql('open', undefined);
const limits = { connectionsPerAddress: count };

test.each(Object.keys(asking) as Path[])(
  'standing readers of %s are cut off, after which others have their room',
  async (path) => {
    await using hub = await startInProcess({ texts }, { graphiql, writeIdleMs: 1_000, ...limits });
    const standing = await Promise.all(Array.from({ length: count }, () => stand(hub.url, path)));
    await untilFree(hub.url, count);
    for (const socket of standing) socket.destroy();
    // As soon as the last of them has closed.
    const { data } = await poll(() =>
      hub.ask('{ large }').then((answer) => (answer.data ? answer : undefined)),
    );
    expect(data?.large === large).toBe(true);
  },
  60_000,
);

test('standing readers of much together are cut off long before their time', async () => {
  const heldLimits = { writeIdleMs: 3_600_000, heldBytes: 1_000_000 };
  const log = recordingLog();
  await using hub = await startInProcess({ texts }, { ...heldLimits, log, ...limits });
  const standing = await Promise.all(Array.from({ length: count }, () => stand(hub.url, '/graphql')));
  // The last has nobody to make room for.
  await untilFree(hub.url, count - 1);
  expect(log.lines.filter(({ message }) => message.includes('was cut off'))[0]).toMatchObject({
    level: 'warn',
    requestId: expect.any(String),
    left: expect.any(Number),
    stoodMs: expect.any(Number),
    held: expect.any(Number),
  });
  for (const socket of standing) socket.destroy();
}, 60_000);

test('who reads is given all, with characters whole where it is handed over in pieces', async () => {
  const odd = `a${'𠮷'.repeat(300_000)}`;
  const sdl = 'type Query { odd: String }';
  await using hub = await startInProcess({ texts: { sdl, resolvers: { Query: { odd: () => odd } } } });
  const { data } = await hub.ask('{ odd }');
  expect(data?.odd === odd).toBe(true);
});

test('a flood of connections from one address is turned away, of a trusted proxy it is not', async () => {
  await using hub = await startInProcess({ texts }, limits);
  const answers = await answersTogether(hub.url, 2 * count);
  expect([numberWith(answers, 200), numberWith(answers, 429)]).toEqual([count, count]);
  expect(answers.filter((answer) => answer.includes('"code":"TOO_MANY_CONNECTIONS"'))).toHaveLength(count);
  await untilFree(hub.url, count);

  await using proxied = await startInProcess({ texts }, { ...limits, trustedProxies: ['127.0.0.0/8'] });
  expect(numberWith(await answersTogether(proxied.url, 2 * count), 200)).toBe(2 * count);
});

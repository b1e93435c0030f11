import { once } from 'node:events';
import { connect } from 'node:net';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { expect, test } from 'vitest';
import { answering, type FaultServer, hanging, startFaultServer } from '../support/fault-server.ts';
import { startInProcess } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { recordingLog } from '../support/recording-log.ts';

const sdl = 'type Query { name: String } type Mutation { rename: String }';

/** A subgraph that never answers, and notes each connection that is closed to it. */
async function startHanging() {
  const closed: number[] = [];
  const server = await startFaultServer(({ number, request }) => {
    request.socket.once('close', () => closed.push(number));
  });
  return Object.assign(server, { closed });
}

/** A gateway before this subgraph over HTTP; `sizes` are asked of one in this process. */
async function startBefore(names: FaultServer) {
  const log = recordingLog();
  const sizes: unknown[] = [];
  const hub = await startInProcess(
    { names: { sdl }, parks: { sdl: 'type Query { size(of: Int): Int }' } },
    {
      subgraphs: (name) =>
        name === 'names'
          ? createHttpSubgraph(name, names.url)
          : async ({ query, variables }) => {
              sizes.push(variables);
              return { data: { [keyOfSize.exec(query)?.[1] ?? 'size']: 1 } };
            },
      log,
    },
  );
  return Object.assign(hub, {
    log,
    /** A caller who shares the question for the name with others, and has asked it. */
    async join(number: number) {
      const caller = send(hub.url, 'query ($of: Int) { name size(of: $of) }', { of: number });
      await poll(() => sizes[number]);
      return caller;
    },
    readMetrics: async () => (await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } })).text(),
  });
}

/** The gateway asks for a field that takes arguments under a name of its own. */
const keyOfSize = /(\w+): size/;

/** A request, and a way for its caller to leave. */
function send(url: string, query: string, variables = {}) {
  const controller = new AbortController();
  const answer = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query, variables }),
    signal: controller.signal,
  }).then((response) => response.json());
  answer.catch(() => {});
  return { answer, leave: () => controller.abort() };
}

const lineOfRequest = ({ lines }: ReturnType<typeof recordingLog>) =>
  poll(() => lines.find(({ message }) => message === 'request'));

test('the calls of a caller that goes away are ended, and its request with them', async () => {
  await using names = await startHanging();
  await using hub = await startBefore(names);
  const { leave } = send(hub.url, '{ name }');
  await poll(() => names.questions[0]);
  leave();
  await poll(() => names.closed[0]);

  expect(await lineOfRequest(hub.log)).toMatchObject({
    level: 'info',
    status: 499,
    outcome: 'abandoned',
    calls: { names: 1 },
  });
  expect(hub.log.lines).toHaveLength(1);
  const metrics = await hub.readMetrics();
  expect(metrics).toContain('wenshu_requests_total{operation="anonymous",outcome="abandoned"} 1');
  expect(metrics).toContain('wenshu_requests_in_flight 0');
  expect(metrics).not.toMatch(/^wenshu_(request|subgraph)_errors_total\{/m);
});

test('its request ends also where a subgraph in this process runs on', async () => {
  await using hub = await startInProcess(
    { names: { sdl, answer: () => new Promise(() => {}) } },
    { log: recordingLog() },
  );
  const { leave } = send(hub.url, '{ name }');
  await poll(() => hub.calls[0]);
  leave();
  await poll(async () => {
    const metrics = await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } });
    return (await metrics.text()).includes('wenshu_requests_in_flight 0') || undefined;
  });
});

test('a call that others wait for runs on for them, whoever asked first', async () => {
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
  await using names = await startFaultServer((call) => {
    void mayAnswer.then(() => answering({ name: 'East' })(call));
  });
  await using hub = await startBefore(names);
  const first = await hub.join(0);
  const second = await hub.join(1);
  first.leave();
  await lineOfRequest(hub.log);

  letAnswer();
  expect(await second.answer).toEqual({ data: { name: 'East', size: 1 } });
  expect(names.questions).toHaveLength(1);
});

test('a call that several share is ended when the last of them has gone, and asked anew for who comes then', async () => {
  await using names = await startHanging();
  await using hub = await startBefore(names);
  const callers = [await hub.join(0), await hub.join(1)];
  await poll(() => names.questions[0]);
  for (const { leave } of callers) leave();
  await poll(() => names.closed[0]);

  names.behave(answering({ name: 'East' }));
  expect(await hub.ask('{ name }')).toEqual({ data: { name: 'East' } });
});

test('a mutation is carried out to its end although its caller has gone', async () => {
  const log = recordingLog();
  const asked: string[] = [];
  await using hub = await startInProcess(
    { names: { sdl }, titles: { sdl: 'type Mutation { retitle: String }' } },
    {
      subgraphs: (name) => async (_, context) => {
        asked.push(name);
        const { signal } = context;
        if (signal && !signal.aborted) await once(signal, 'abort');
        return { data: { rename: 'East', retitle: 'East' } };
      },
      log,
    },
  );
  const { leave } = send(hub.url, 'mutation { rename retitle }');
  await poll(() => asked[0]);
  leave();
  expect(await lineOfRequest(log)).toMatchObject({ outcome: 'abandoned' });
  expect(asked).toEqual(['names', 'titles']);
});

test('a caller that goes away in the middle of its question leaves no error', async () => {
  await using names = await startFaultServer(hanging);
  await using hub = await startBefore(names);
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const head =
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n';
  socket.write(`${head}content-length: 100\r\n\r\n{`);
  // "100 Continue": the gateway has begun with the request.
  await once(socket, 'data');
  socket.destroy();
  expect(await lineOfRequest(hub.log)).toMatchObject({ status: 499, outcome: 'abandoned', calls: {} });
  expect(hub.log.lines).toHaveLength(1);
});

// On 03cc490 such requests were carried out, and counted together as those of one caller without a name.
test('nothing is asked for a client whose connection has ended before its request is read', async () => {
  const log = recordingLog();
  await using hub = await startInProcess(
    { parks: { sdl, answer: () => ({ data: { name: 'East', rename: 'West' } }) } },
    // A connection that has ended has no address.
    { clientAddressOf: ({ headers }) => (headers['x-gone'] ? undefined : '192.0.2.1'), log },
  );
  const ask = (query: string, headers = {}) =>
    fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body: JSON.stringify({ query }),
    });
  await expect(ask('mutation { rename }', { 'x-gone': '1' })).rejects.toThrow();
  expect(hub.calls).toEqual([]);
  expect(log.lines).toEqual([]);
  expect((await ask('{ name }')).status).toBe(200);
});

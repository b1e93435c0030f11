import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { guardSubgraph, standardLimits } from '@wenshu/gateway/upstream/policy.ts';
import type { BreakerState } from '@wenshu/gateway/upstream/subgraph.ts';
import { describe, expect, test } from 'vitest';
import {
  answering,
  type Behaviour,
  type FaultServer,
  hanging,
  resetting,
  startFaultServer,
  status,
} from '../support/fault-server.ts';
import { type Federation, startInProcess } from '../support/federation.ts';
import { poll } from '../support/poll.ts';

const sdl = 'type Query { name: String, other: String } type Mutation { rename: String }';
const east = answering({ name: 'East' });

/** A gateway before one subgraph over HTTP, and one beside it that is always well. */
async function startBefore(
  names: FaultServer,
  { maxResponseBytes, ...options }: Partial<GatewayOptions> & { maxResponseBytes?: number } = {},
): Promise<Federation> {
  const parks = { sdl: 'type Query { park: String }', resolvers: { Query: { park: () => 'Riverside' } } };
  return startInProcess(
    { names: { sdl }, parks },
    {
      subgraphs: (name) =>
        name === 'names'
          ? createHttpSubgraph(name, names.url, maxResponseBytes === undefined ? {} : { maxResponseBytes })
          : async () => ({ data: { park: 'Riverside' } }),
      ...options,
    },
  );
}

const failure = (message: string, path = 'name', code = 'SUBGRAPH_UNAVAILABLE') => ({
  data: { [path]: null },
  errors: [{ message, path: [path], extensions: { code, subgraph: 'names' } }],
});
const unreachable = 'Subgraph "names" cannot be reached.';
const resting = 'Subgraph "names" failed repeatedly and is not asked for a short time.';

/** `fault` for the first calls, then the right answer. */
const twice =
  (fault: Behaviour): Behaviour =>
  (call) =>
    (call.number <= 2 ? fault : east)(call);

describe('retries', () => {
  test.each([
    ['HTTP 502', status(502)],
    ['HTTP 503', status(503)],
    ['HTTP 504', status(504)],
    ['a reset connection', resetting],
    [
      'an answer that breaks off',
      ({ response }: Parameters<Behaviour>[0]) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"data"');
        response.destroy();
      },
    ],
  ])('a query is sent again after %s', async (_, fault) => {
    await using names = await startFaultServer(twice(fault));
    await using hub = await startBefore(names);
    expect(await hub.ask('{ name }')).toEqual({ data: { name: 'East' } });
    expect(names.questions).toHaveLength(3);
  });

  test('a query is given up after two more tries', async () => {
    await using names = await startFaultServer(status(503));
    await using hub = await startBefore(names);
    expect(await hub.ask('{ name }')).toEqual(failure(unreachable));
    expect(names.questions).toHaveLength(3);
  });

  test.each([
    ['HTTP 503', status(503)],
    ['a reset connection', resetting],
  ])('a mutation is never sent again: %s', async (_, fault) => {
    await using names = await startFaultServer(fault);
    await using hub = await startBefore(names);
    expect(await hub.ask('mutation { rename }')).toEqual(failure(unreachable, 'rename'));
    expect(names.questions).toHaveLength(1);
  });

  test('a query is not sent again after HTTP 500, nor after an answer that is none', async () => {
    await using names = await startFaultServer(status(500));
    await using hub = await startBefore(names);
    expect(await hub.ask('{ name }')).toEqual(failure(unreachable));
    names.behave(status(200, '<h1>Welcome</h1>'));
    expect(await hub.ask('{ name }')).toEqual(failure('Subgraph "names" gave no GraphQL answer.'));
    expect(names.questions).toHaveLength(2);
  });
});

describe('time', () => {
  test('a subgraph that hangs costs its own fields, and the call is aborted', async () => {
    const aborted = Promise.withResolvers<void>();
    await using names = await startFaultServer(({ request }) => {
      request.socket.once('close', () => aborted.resolve());
    });
    await using hub = await startBefore(names, { subgraphLimits: { timeoutMs: 50 } });
    expect(await hub.ask('{ name park }')).toEqual({
      data: { name: null, park: 'Riverside' },
      errors: failure('Subgraph "names" did not answer within 50 ms.', 'name', 'SUBGRAPH_TIMEOUT').errors,
    });
    await aborted.promise;
    expect(names.questions).toHaveLength(1);
  });

  test('a request out of time is answered with what there is, and asks nobody any more', async () => {
    await using names = await startFaultServer(hanging);
    await using hub = await startBefore(names, { requestTimeoutMs: 100 });
    const message = 'Subgraph "names" did not answer before the request ran out of time.';
    expect(await hub.ask('{ park name }')).toEqual({
      data: { park: 'Riverside', name: null },
      errors: failure(message, 'name', 'SUBGRAPH_TIMEOUT').errors,
    });
  });

  test('retries end with the time of the request', async () => {
    await using names = await startFaultServer(status(503));
    await using hub = await startBefore(names, {
      requestTimeoutMs: 150,
      subgraphLimits: { retries: 1_000 },
    });
    expect(await hub.ask('{ name }')).toMatchObject({
      data: { name: null },
      errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    });
  });
});

describe('size', () => {
  const large = (bytes: number, headers: Record<string, number> = {}): Behaviour => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    return ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      let sent = 0;
      const send = () => {
        while (sent < bytes && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', send);
        }
        response.end();
      };
      send();
    };
  };
  const fiftyMb = 50 * 1024 * 1024;

  test.each([
    ['announces', large(fiftyMb, { 'content-length': fiftyMb })],
    ['sends', large(fiftyMb)],
  ])(
    'an answer that %s more than may be is not read to its end, nor asked for again',
    async (_, behaviour) => {
      await using names = await startFaultServer(behaviour);
      await using hub = await startBefore(names);
      const message = 'Subgraph "names" answered with more than 8388608 bytes. Ask for less at a time.';
      expect(await hub.ask('{ name }')).toEqual(failure(message));
      expect(names.questions).toHaveLength(1);
    },
  );

  test('an answer of the very limit is read, and a byte more is not', async () => {
    await using names = await startFaultServer(east);
    const maxResponseBytes = JSON.stringify({ data: { name: 'East' } }).length;
    await using hub = await startBefore(names, { maxResponseBytes });
    expect(await hub.ask('{ name }')).toEqual({ data: { name: 'East' } });
    names.behave(answering({ name: 'North' }));
    expect(await hub.ask('{ name }')).toMatchObject({ data: { name: null } });
  });
});

describe('the breaker', () => {
  test('leaves a subgraph alone that fails, and hears at once when it is well again', async () => {
    await using names = await startFaultServer(status(503));
    await using hub = await startBefore(names);
    await poll(async () => ((await hub.ask('{ name }')).errors?.[0]?.message === resting ? true : undefined));

    expect(await hub.ask('{ name park }')).toEqual({
      data: { name: null, park: 'Riverside' },
      errors: failure(resting).errors,
    });

    names.behave(east);
    expect(await poll(async () => (await hub.ask('{ name }')).data?.name ?? undefined)).toBe('East');
  });

  test('hears of a subgraph that was down, and was started again', async () => {
    await using names = await startFaultServer(east);
    await using hub = await startBefore(names);
    expect(await hub.ask('{ name }')).toEqual({ data: { name: 'East' } });
    await names.stop();
    await poll(async () => ((await hub.ask('{ name }')).errors?.[0]?.message === resting ? true : undefined));
    await names.start();
    expect(await poll(async () => (await hub.ask('{ name }')).data?.name ?? undefined)).toBe('East');
  });

  test('does not count answers with errors', async () => {
    const errors = [{ message: 'No such name.', path: ['name'], extensions: { code: 'NOT_FOUND' } }];
    await using names = await startFaultServer(({ response }) => response.end(JSON.stringify({ errors })));
    await using hub = await startBefore(names);
    for (let call = 0; call < 30; call += 1) await hub.ask('{ name }');
    expect(names.questions).toHaveLength(30);
  });

  test('does not count what the subgraph itself says in GraphQL with HTTP 500', async () => {
    await using names = await startFaultServer(({ response }) =>
      response
        .writeHead(500, { 'content-type': 'application/graphql-response+json' })
        .end('{"errors":[{"message":"x","extensions":{"code":"SOLD_OUT"}}]}'),
    );
    await using hub = await startBefore(names);
    expect(await hub.ask('{ name }')).toMatchObject({ errors: [{ extensions: { code: 'SOLD_OUT' } }] });
  });

  test('lets a call try now and then, while others fail at once, even where one that tries hangs', async () => {
    const states: BreakerState[] = [];
    let answer: () => Promise<object> = () => Promise.reject(new Error('down'));
    const subgraph = guardSubgraph('names', () => answer(), standardLimits, {
      onStateChange: (_, state) => states.push(state),
    });
    const ask = () =>
      subgraph({ kind: 'mutation', query: 'mutation { rename }' }, { requestId: '1', headers: new Map() });
    const kindOf = (call: Promise<unknown>) =>
      call.then(
        () => 'answered',
        ({ kind }) => kind,
      );
    /** Asks until a call gets through, and hands it over. */
    const tryOnce = async () => {
      let isAsked = false;
      const whenAsked = answer;
      answer = () => {
        isAsked = true;
        return whenAsked();
      };
      return await poll(async () => {
        const call = ask();
        call.catch(() => {});
        return isAsked ? { call } : undefined;
      });
    };

    for (let call = 0; call < 10; call += 1) expect(await kindOf(ask())).toBe('failed');
    expect(subgraph.status()).toMatchObject({ breaker: 'open', running: 0 });
    expect(await kindOf(ask())).toBe('resting');

    expect(await kindOf((await tryOnce()).call)).toBe('failed');
    const hung = Promise.withResolvers<object>();
    answer = () => hung.promise;
    const first = await tryOnce();
    expect(subgraph.status()).toMatchObject({ breaker: 'half-open', running: 1 });
    answer = async () => ({ data: { rename: 'x' } });
    expect(await (await tryOnce()).call).toEqual({ data: { rename: 'x' } });
    expect(subgraph.status()).toMatchObject({ breaker: 'closed', running: 1 });

    hung.reject(new Error('down'));
    expect(await kindOf(first.call)).toBe('failed');
    expect(await kindOf(ask())).toBe('answered');
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
  });
});

test('only so many calls are under way, only so many more wait, and the rest is refused', async () => {
  const answers: (() => void)[] = [];
  const subgraph = guardSubgraph(
    'names',
    () => new Promise((resolve) => answers.push(() => resolve({ data: {} }))),
    { ...standardLimits, concurrency: 2, queue: 1 },
  );
  const ask = () => subgraph({ kind: 'query', query: '{ name }' }, { requestId: '1', headers: new Map() });
  const calls = [ask(), ask(), ask()];
  await expect(ask()).rejects.toMatchObject({ kind: 'busy', code: 'SUBGRAPH_UNAVAILABLE' });
  expect(subgraph.status()).toMatchObject({ running: 2, waiting: 1, concurrency: 2 });
  answers[0]?.();
  await poll(() => answers[2]);
  answers[1]?.();
  answers[2]?.();
  expect(await Promise.all(calls)).toEqual([{ data: {} }, { data: {} }, { data: {} }]);
  expect(subgraph.status()).toEqual({ breaker: 'closed', running: 0, waiting: 0, concurrency: 2 });
});

// On 10c1293 the calls of one caller filled all places, and those of others waited behind them.
test('one caller who asks without end leaves places at the subgraph, and places to wait, to others', async () => {
  const { promise: answered, resolve } = Promise.withResolvers<{ data: object }>();
  const askedFor: string[] = [];
  const subgraph = guardSubgraph(
    'names',
    (_request, { caller }) => {
      const user = caller?.kind === 'department' ? caller.user : '';
      askedFor.push(user);
      return user === 'many' ? answered : Promise.resolve({ data: { name: 'East' } });
    },
    { ...standardLimits, concurrency: 9, queue: 9 },
  );
  const askAs = (user: string) =>
    subgraph(
      { kind: 'query', query: '{ name }' },
      {
        requestId: user,
        headers: new Map(),
        caller: { kind: 'department', department: 'TAXATION', role: 'viewer', user },
      },
    );
  const many = Array.from({ length: 30 }, () =>
    askAs('many').then(
      ({ data }) => data,
      ({ kind }) => kind,
    ),
  );
  expect(await askAs('other')).toEqual({ data: { name: 'East' } });
  expect(subgraph.status()).toMatchObject({ running: 3, waiting: 3 });
  resolve({ data: {} });
  const outcomes = await Promise.all(many);
  expect(outcomes.filter((each) => each === 'busy')).toHaveLength(24);
  expect(askedFor.filter((user) => user === 'many')).toHaveLength(6);
});

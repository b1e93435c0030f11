import { expect, test } from 'vitest';
import { startInProcess } from '../support/federation.ts';
import { poll } from '../support/poll.ts';

test('above the limit requests are turned away at once, but not questions about its health', async () => {
  const answers: ((data: unknown) => void)[] = [];
  await using hub = await startInProcess(
    {
      names: {
        sdl: 'type Query { name: String, title: String }',
        answer: ({ query }) =>
          query === '{ __typename }'
            ? { data: { __typename: 'Query' } }
            : new Promise((resolve) => answers.push(resolve)),
      },
    },
    { maxInFlight: 2, graphiql: () => ({ status: 200, headers: {}, body: 'GraphiQL' }) },
  );
  const running = [hub.ask('{ name }'), hub.ask('{ title }')];
  await poll(() => answers[1]);

  const refused = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: '{"query":"{ name }"}',
  });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toEqual({
    errors: [
      {
        message: 'The gateway has reached its limit of requests at a time. Try again in a second.',
        extensions: { code: 'OVERLOADED', messageZh: '网关已达处理上限。请一秒后再试。' },
      },
    ],
  });
  for (const path of ['/healthz', '/readyz', '/graphiql']) {
    expect((await fetch(hub.url + path, { headers: { connection: 'close' } })).status).toBe(200);
  }

  for (const answer of answers) answer({ data: { name: 'East', title: 'Riverside' } });
  expect(await Promise.all(running)).toEqual([{ data: { name: 'East' } }, { data: { title: 'Riverside' } }]);
  const next = hub.ask('{ name }');
  (await poll(() => answers[2]))({ data: { name: 'West' } });
  expect(await next).toEqual({ data: { name: 'West' } });
});

import { createGateway } from '@wenshu/gateway/gateway.ts';
import { expect, test } from 'vitest';
import { supergraphOf } from '../support/federation.ts';

test('a gateway that stops answers what it has begun', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<{ data: { name: string } }>();
  const gateway = await createGateway({
    supergraphSdl: supergraphOf({ parks: { sdl: 'type Query { name: String }' } }),
    subgraphs: () => () => {
      asked.resolve();
      return answer.promise;
    },
  });
  const { port } = await gateway.listen(0, '127.0.0.1');
  const request = () =>
    fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      body: '{"query":"{ name }"}',
      headers: { 'content-type': 'application/json' },
    });

  const running = request();
  await asked.promise;
  const stopped = gateway.stop();
  await expect(request()).rejects.toThrow();
  answer.resolve({ data: { name: 'East' } });
  expect(await (await running).json()).toEqual({ data: { name: 'East' } });
  await stopped;
});

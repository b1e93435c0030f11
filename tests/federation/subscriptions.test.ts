import { expect, test } from 'vitest';
import { startInProcess } from '../support/federation.ts';

test('a subscription is refused in plain words', async () => {
  const sdl = 'type Query { park: Int } type Subscription { parks: Int }';
  await using hub = await startInProcess({ parks: { sdl } });
  expect(await hub.ask('subscription { parks }')).toEqual({
    errors: [
      { message: 'This gateway does not serve subscriptions.', extensions: { code: 'BAD_USER_INPUT' } },
    ],
  });
});

import { expect, test } from 'vitest';
import { bearer, makeKey, sign, startIdentityProvider } from '../../support/identity-provider.ts';
import { startGuarded } from './guarded.ts';

const key = await makeKey('k1');

/** A hub, and a question to it with these headers of an allowed caller. */
async function startHub() {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(key));
  const hub = opening.use(await startGuarded({ departments: provider.options }));
  const token = await sign(key);
  const opened = opening.move();
  return {
    contexts: hub.contexts,
    ask: (headers: Record<string, string>) => hub.ask({ ...bearer(token), ...headers }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test('subgraphs receive the represented party, the purpose and the case number of a request', async () => {
  await using hub = await startHub();
  await hub.ask({
    'x-wenshu-represents': 'BJ/GOV/CULTURE/INSPECTION',
    'x-wenshu-purpose': encodeURIComponent('联合执法检查'),
    'x-wenshu-case': encodeURIComponent('〔2026〕京文执字第12号'),
  });
  expect(hub.contexts).toMatchObject([
    {
      purposeOfUse: {
        represents: 'BJ/GOV/CULTURE/INSPECTION',
        purpose: '联合执法检查',
        caseNumber: '〔2026〕京文执字第12号',
      },
    },
  ]);
});

const tooLong = (name: string, max: number) =>
  `The header "${name}" must be at most ${max} characters, without line ends and control characters.`;
const notEncoded =
  'The header "x-wenshu-purpose" must be ASCII. Write other characters as percent-encoded UTF-8: %E6%89%A7%E6%B3%95 for 执法.';

test.each([
  ['longer than it may be', 'x-wenshu-represents', 'x'.repeat(257), tooLong('x-wenshu-represents', 256)],
  ['longer than it may be', 'x-wenshu-purpose', 'x'.repeat(201), tooLong('x-wenshu-purpose', 200)],
  ['longer than it may be', 'x-wenshu-case', 'x'.repeat(65), tooLong('x-wenshu-case', 64)],
  ['with a line end', 'x-wenshu-case', 'a%0Ab', tooLong('x-wenshu-case', 64)],
  ['with a line separator', 'x-wenshu-case', encodeURIComponent('a\u2028b'), tooLong('x-wenshu-case', 64)],
  [
    'that turns its text round',
    'x-wenshu-case',
    encodeURIComponent('a\u202eb'),
    tooLong('x-wenshu-case', 64),
  ],
  ['not encoded', 'x-wenshu-purpose', 'caf\u00e9', notEncoded],
  ['encoded wrongly', 'x-wenshu-purpose', '%E6%89', notEncoded],
  [
    'that would be taken for strict',
    'x-wenshu-sharing',
    'Strict',
    'The header "x-wenshu-sharing" must be "strict", or be left out.',
  ],
])('a header %s is refused: %s', async (_, name, value, message) => {
  await using hub = await startHub();
  expect(await hub.ask({ [name]: value })).toEqual({
    status: 400,
    challenge: null,
    answer: { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
  });
  expect(hub.contexts).toEqual([]);
});

test('headers as long as they may be are taken, and empty ones are none', async () => {
  await using hub = await startHub();
  const purpose = '检'.repeat(200);
  const empty = { 'x-wenshu-case': '', 'x-wenshu-sharing': '' };
  await hub.ask({ 'x-wenshu-purpose': encodeURIComponent(purpose), ...empty });
  expect(hub.contexts).toMatchObject([{ purposeOfUse: { purpose } }]);
  expect(hub.contexts[0]?.purposeOfUse).not.toHaveProperty('caseNumber');
});

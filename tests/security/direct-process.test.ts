import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { keyText } from '../support/signing.ts';

const question = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ parks { totalCount } }"}',
};

test('a subgraph in production, as a process of its own, answers no direct call', async () => {
  await using database = await createDatabase();
  const env = {
    NODE_ENV: 'production',
    SUBGRAPH_KEYS: keyText('a'),
    PARKS_DATABASE_URL: database.urls.parks,
  };
  await using parks = runCli(['subgraph', 'parks', '--port', '0'], env);
  const address = await parks.printed(/http:\S+\/graphql/);
  const answer = await fetch(address, question);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect((await fetch(new URL('/healthz', address))).status).toBe(200);

  const { output } = await parks.kill('SIGTERM');
  expect(output).toContain('"message":"A call was refused."');
  expect(output).not.toContain('secret-of');
});

test('a subgraph without keys listens on this machine only, and says so', async () => {
  await using database = await createDatabase();
  const env = { HOST: '0.0.0.0', PARKS_DATABASE_URL: database.urls.parks };
  await using parks = runCli(['subgraph', 'parks', '--port', '0'], env);
  const address = await parks.printed(/http:\S+\/graphql/);
  expect(new URL(address).hostname).toBe('127.0.0.1');
  expect((await fetch(address, question)).status).toBe(200);
  const { output } = await parks.kill('SIGTERM');
  expect(output).toContain(
    'Without SUBGRAPH_KEYS the subgraph parks answers anybody: it listens on 127.0.0.1 only.',
  );
});

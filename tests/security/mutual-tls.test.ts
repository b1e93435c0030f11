import { spawnSync } from 'node:child_process';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { keyRing, keyText } from '../support/signing.ts';

/** Nothing is asked that a database knows. */
const noDatabase = 'postgres://nobody:secret@127.0.0.1:1/none';
const keys = keyRing('a');
const context = { requestId: 'r', headers: new Map<string, string>() };

// Reported as skipped, which the last line of the run tells.
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('TLS between gateway and subgraph', () => {
  async function startParks() {
    await using starting = new AsyncDisposableStack();
    const { path } = starting.use(await createDataFolder());
    const city = await createAuthority(path, 'city');
    const subgraph = parksSubgraph({ url: noDatabase, keys, tls: await city.issue('parks') });
    starting.defer(() => subgraph.close());
    const url = await subgraph.listen(0);
    const opened = starting.move();
    const ask = async (tls: MutualTls | undefined, address = url) => {
      const call = createHttpSubgraph('parks', address, { keys, tls });
      try {
        return await call({ kind: 'query', query: '{ __typename }' }, context);
      } finally {
        await call.close?.();
      }
    };
    return { folder: path, city, url, ask, [Symbol.asyncDispose]: () => opened.disposeAsync() };
  }

  const failing = (cause: string) => ({
    kind: 'unreachable',
    cause: { code: expect.stringMatching(cause) },
  });
  const closedByServer = failing('UND_ERR_SOCKET|ERR_SSL|ECONNRESET');

  test('a gateway with a certificate of the authority is answered', async () => {
    await using parks = await startParks();
    expect(parks.url).toMatch(/^https:/);
    expect(await parks.ask(await parks.city.issue('gateway'))).toEqual({ data: { __typename: 'Query' } });
  });

  test('nobody without a certificate gets a connection, not even one who has the keys', async () => {
    await using parks = await startParks();
    const { ca } = await parks.city.issue('nobody');
    await expect(parks.ask({ cert: '', key: '', ca })).rejects.toMatchObject(closedByServer);
    await expect(parks.ask(undefined, parks.url.replace('https', 'http'))).rejects.toMatchObject(
      closedByServer,
    );
  });

  test('a certificate of another authority is refused by the subgraph', async () => {
    await using parks = await startParks();
    const { ca } = await parks.city.issue('gateway');
    const forged = await (await createAuthority(parks.folder, 'forger')).issue('gateway');
    await expect(parks.ask({ ...forged, ca })).rejects.toMatchObject(closedByServer);
  });

  test('a subgraph with a certificate of another authority is refused by the gateway', async () => {
    await using parks = await startParks();
    const mine = await parks.city.issue('gateway');
    const { ca } = await (await createAuthority(parks.folder, 'other')).issue('x');
    await expect(parks.ask({ ...mine, ca })).rejects.toMatchObject(failing('SELF_SIGNED_CERT_IN_CHAIN'));
  });

  test('a gateway that is to use TLS does not ask without it', async () => {
    await using parks = await startParks();
    const mine = await parks.city.issue('gateway');
    await expect(parks.ask(mine, 'http://127.0.0.1:1/graphql')).rejects.toThrow(
      'Subgraph "parks" is to be asked over TLS, but its address is "http://127.0.0.1:1/graphql".',
    );
  });

  test('gateway and subgraph as processes, by their settings', async () => {
    await using folder = await createDataFolder();
    await using database = await createDatabase();
    const city = await createAuthority(folder.path, 'city');
    const settingsOf = async (name: string) => {
      const { files } = await city.issue(name);
      return {
        SUBGRAPH_KEYS: keyText('a'),
        SUBGRAPH_TLS_CERT: files.cert,
        SUBGRAPH_TLS_KEY: files.key,
        SUBGRAPH_TLS_CA: files.ca,
      };
    };
    await using parks = runCli(['subgraph', 'parks', '--port', '0'], {
      ...(await settingsOf('parks')),
      PARKS_DATABASE_URL: database.urls.parks,
    });
    const address = await parks.printed(/https:\S+\/graphql/);
    const nowhere = 'https://127.0.0.1:1/graphql';
    await using gateway = runCli(['gateway', '--port', '0'], {
      ...(await settingsOf('gateway')),
      WENSHU_DATA: folder.path,
      ACCESS: '0',
      PARKS_URL: address,
      ENTERPRISES_URL: nowhere,
      EVENTS_URL: nowhere,
      PARTY_URL: nowhere,
      POLICIES_URL: nowhere,
    });
    const graph = await gateway.printed(/http:\/\/localhost:\d+/);
    const answer = await fetch(`${graph}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ park(id: \\"park-sunhe-52\\") { nameZh } }"}',
    });
    expect(await answer.json()).toEqual({ data: { park: { nameZh: '孙河52号文化创意园区' } } });
  });
});

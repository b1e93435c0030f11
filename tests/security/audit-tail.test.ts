import { createPrivateKey } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grow, noted } from '@wenshu/gateway/audit/chain.ts';
import { parseLine } from '@wenshu/gateway/audit/line.ts';
import type { AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { listSegments } from '@wenshu/gateway/audit/segments.ts';
import { expect, test } from 'vitest';
import { anAnswer, createAudit, linesOf } from '../support/audit.ts';
import { type Cli, runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { answering, startFaultServer } from '../support/fault-server.ts';
import { supergraphOf } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase } from '../support/sql.ts';

// Whoever can write the files, and has no key, cuts off or replaces what was written since the last checkpoint, once the
// gateway was killed. On 10c1293 each attack succeeded: the gateway went on from the forged tail without a word, and signed it.

/** A gateway over one subgraph, as a process that is started and killed again and again on one data folder. */
async function createCity(env: Readonly<Record<string, string>> = {}) {
  await using opening = new AsyncDisposableStack();
  const data = opening.use(await createDataFolder());
  const server = opening.use(await startFaultServer(answering({ name: 'East' })));
  const file = join(data.path, 'supergraph.graphql');
  const sdl = supergraphOf(
    { parks: { sdl: 'type Query { name: String }' } },
    new Map([['parks', server.url]]),
  );
  await writeFile(file, sdl);
  const settings = { WENSHU_DATA: data.path, AUDIT: '1', GATEWAY_ID: 'g7', ...env };
  const run = (...args: readonly string[]): Cli => runCli(args, settings);
  const opened = opening.move();
  return {
    data: data.path,
    folder: join(data.path, 'audit', 'g7'),
    run,
    start: () => run('gateway', '--supergraph', file),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function ask(gateway: Cli, names: readonly string[]) {
  const url = await gateway.printed(/http:\/\/localhost:\d+/);
  for (const name of names) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ query: `query ${name} { name }` }),
    });
    expect(await response.json()).toEqual({ data: { name: 'East' } });
  }
}

const recordsIn = async (folder: string): Promise<readonly AuditRecord[]> =>
  (await linesOf(folder)).filter((line) => line !== '').map((line) => JSON.parse(line).record);

const written = (folder: string, count: number) =>
  poll(async () =>
    (await listSegments(folder)).length > 0 && (await recordsIn(folder)).length >= count ? true : undefined,
  );

/** Puts as many records of the intruder's own in the place of those after `kept`, so that the chain links. */
async function forgeTail(city: { folder: string; data: string }, kept: number, names: readonly string[]) {
  const [segment] = await listSegments(city.folder);
  const lines = (await readFile(segment?.file ?? '', 'utf8')).split(/(?<=\n)/).slice(0, kept);
  const last = parseLine(Buffer.from((lines.at(-1) ?? '').trimEnd()));
  const head = { sequence: kept, hash: last?.hash ?? '', unsigned: [] };
  const forged = names.map((name) =>
    noted(anAnswer({ operation: { name, hash: 'ab'.repeat(32) } }), new Date().toISOString()),
  );
  // The key is for checkpoints, of which there is none.
  const key = createPrivateKey(await readFile(join(city.data, 'audit-key.pem')));
  const tail = grow(head, forged, { gateway: 'g7', key, checkpointEvery: 1_000 }, false).lines.toString();
  await writeFile(segment?.file ?? '', lines.join('') + tail);
}

/** Up to nine processes, one after another. */
const manyProcessesMs = 240_000;

const nameOf = (record: AuditRecord) => (record.kind === 'answer' ? record.operation?.name : record.kind);

test(
  'audit: a tail that was cut off and forged after kill -9 is signed as if it had been written',
  async () => {
    await using city = await createCity();
    const gateway = city.start();
    await ask(gateway, ['One', 'Two', 'Three']);
    await written(city.folder, 4);
    await gateway.kill('SIGKILL');
    await forgeTail(city, 2, ['Forged', 'Forged']);

    const again = city.start();
    await ask(again, ['After']);
    await again.kill('SIGTERM');
    const records = await recordsIn(city.folder);
    expect(records.map(nameOf)).toEqual([
      'genesis',
      'One',
      'Forged',
      'Forged',
      'interruption',
      'After',
      'stop',
      'checkpoint',
    ]);
    // Nothing but the database of the hub could tell that it was forged: what is not vouched for is named.
    expect(records[4]).toMatchObject({
      reason: expect.stringContaining('records 1 to 4 were not signed by then'),
      lost: null,
    });
    expect(await city.run('audit', 'verify').ended).toMatchObject({
      code: 0,
      output: expect.stringContaining('records 1 to 4 were not signed by then'),
    });
  },
  manyProcessesMs,
);

test(
  'audit: a log that is not the one whose head the database of the hub knows is gone on with',
  async () => {
    await using database = await createDatabase();
    await using city = await createCity({ HUB_DATABASE_URL: database.urls.hub });
    const gateway = city.start();
    await ask(gateway, ['One', 'Two', 'Three']);
    await poll(async () => {
      const [head] = await askDatabase(
        database.urls.hub,
        "select sequence from audit_heads where gateway = 'g7'",
      );
      return Number(head?.sequence) >= 4 ? true : undefined;
    });
    await gateway.kill('SIGKILL');
    const [segment] = await listSegments(city.folder);
    const original = await readFile(segment?.file ?? '');

    await forgeTail(city, 2, ['Forged', 'Forged']);
    const forged = await city.start().ended;
    expect(forged.code).toBe(1);
    expect(forged.output).toContain('record 4 is not the one that the database of the hub knows');
    const refuted = await city.run('audit', 'verify', '--with-database').ended;
    expect(refuted).toMatchObject({
      code: 1,
      output: expect.stringContaining('is not the one that the database'),
    });

    await forgeTail(city, 2, []);
    const cut = await city.start().ended;
    expect(cut.code).toBe(1);
    expect(cut.output).toContain('the log ends with record 2, and the database of the hub knows record 4');
    expect(cut.output).toContain('wenshu audit accept-loss --gateway g7');

    // An operator has to say so, and that is on record. What was there is as good as before.
    await writeFile(segment?.file ?? '', original);
    const needless = await city.run('audit', 'accept-loss', '--gateway', 'g7', '--by', 'wu', '--reason', 'x')
      .ended;
    expect(needless).toMatchObject({ code: 1, output: expect.stringContaining('lacks nothing') });
    await forgeTail(city, 2, []);
    const accepted = await city.run(
      'audit',
      'accept-loss',
      '--gateway',
      'g7',
      '--by',
      'wu',
      '--reason',
      'disk lost',
    ).ended;
    expect(accepted).toMatchObject({ code: 0, output: expect.stringContaining('on the word of wu') });

    const again = city.start();
    await ask(again, ['After']);
    await again.kill('SIGTERM');
    const records = await recordsIn(city.folder);
    expect(records.map(nameOf)).toEqual([
      'genesis',
      'One',
      'interruption',
      'interruption',
      'stop',
      'checkpoint',
      'After',
      'stop',
      'checkpoint',
    ]);
    expect(records[3]).toMatchObject({
      lost: 2,
      reason: expect.stringMatching(/^wu accepts that the log ends with record 2, .*: disk lost$/),
    });
    const verdict = await city.run('audit', 'verify', '--with-database').ended;
    expect(verdict).toMatchObject({ code: 0, output: expect.stringContaining('wu accepts that') });
  },
  manyProcessesMs,
);

test('audit: a last file that does not go on from the one before is gone on with', async () => {
  await using audit = await createAudit();
  const log = await audit.open({ segmentBytes: 1 });
  await log.append(anAnswer());
  await log.append(anAnswer());
  await log.close();
  const last = (await listSegments(audit.folder)).at(-1);
  const key = createPrivateKey(await readFile(audit.keyFile));
  const head = { sequence: (last?.first ?? 0) - 1, hash: 'ff'.repeat(32), unsigned: [] };
  const forged = grow(
    head,
    [noted(anAnswer(), new Date().toISOString())],
    { gateway: 'g1', key, checkpointEvery: 9 },
    false,
  );
  await writeFile(last?.file ?? '', forged.lines);
  await expect(audit.open()).rejects.toThrow(/damaged at sequence/);
});

test('audit: others on the machine read the files, or write them', async () => {
  await using audit = await createAudit();
  const first = await audit.open();
  await first.append(anAnswer());
  await first.close();
  const [segment] = await listSegments(audit.folder);
  const file = segment?.file ?? '';
  const modes = async () => {
    const all = await Promise.all([audit.folder, file, audit.keyFile].map((each) => stat(each)));
    return all.map(({ mode }) => (mode & 0o777).toString(8));
  };
  expect(await modes()).toEqual(['700', '600', '600']);
  await chmod(audit.folder, 0o755);
  await chmod(file, 0o644);
  await (await audit.open()).close();
  expect(await modes()).toEqual(['700', '600', '600']);
});

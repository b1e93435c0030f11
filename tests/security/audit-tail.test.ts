import { createPrivateKey } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grow, noted } from '@wenshu/gateway/audit/chain.ts';
import { AuditUnavailable } from '@wenshu/gateway/audit/group-commit.ts';
import type { HeadStore } from '@wenshu/gateway/audit/kept-head.ts';
import { parseLine } from '@wenshu/gateway/audit/line.ts';
import type { AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { listSegments } from '@wenshu/gateway/audit/segments.ts';
import { verifyChain } from '@wenshu/gateway/audit/verify.ts';
import { expect, test } from 'vitest';
import { anAnswer, createAudit, linesOf, type TestAudit } from '../support/audit.ts';
import { type Cli, runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createHubDatabase } from '../support/database.ts';
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
  /** Runs a command that ends by itself. */
  const run = (...args: readonly string[]) => runCommandHere(args, settings);
  const opened = opening.move();
  return {
    data: data.path,
    folder: join(data.path, 'audit', 'g7'),
    run,
    start: (): Cli => runCli(['gateway', '--supergraph', file], settings),
    startInVain: () => run('gateway', '--supergraph', file),
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

/** Goes on with the log as it is, and ends in good order: what is on record then. */
async function goOn(city: Awaited<ReturnType<typeof createCity>>) {
  const again = city.start();
  await ask(again, ['After']);
  await again.kill('SIGTERM');
  return recordsIn(city.folder);
}

const forgeTail = (city: { folder: string; data: string }, kept: number, names: readonly string[]) =>
  forgeTailOf({ folder: city.folder, keyFile: join(city.data, 'audit-key.pem'), gateway: 'g7' }, kept, names);

/** Puts as many records of the intruder's own in the place of those after `kept`, so that the chain links. */
async function forgeTailOf(
  { folder, keyFile, gateway }: { folder: string; keyFile: string; gateway: string },
  kept: number,
  names: readonly string[],
) {
  const [segment] = await listSegments(folder);
  const lines = (await readFile(segment?.file ?? '', 'utf8')).split(/(?<=\n)/).slice(0, kept);
  const last = parseLine(Buffer.from((lines.at(-1) ?? '').trimEnd()));
  const head = { sequence: kept, hash: last?.hash ?? '', unsigned: [] };
  const forged = names.map((name) =>
    noted(anAnswer({ operation: { name, hash: 'ab'.repeat(32) } }), new Date().toISOString()),
  );
  // The key is for checkpoints, of which there is none.
  const key = createPrivateKey(await readFile(keyFile));
  const tail = grow(head, forged, { gateway, key, checkpointEvery: 1_000 }, false).lines.toString();
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

    const records = await goOn(city);
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
    expect(await city.run('audit', 'verify')).toMatchObject({
      code: 0,
      output: expect.stringContaining('records 1 to 4 were not signed by then'),
    });
  },
  manyProcessesMs,
);

test(
  'audit: a log that is not the one whose head the database of the hub knows is gone on with',
  async () => {
    await using database = await createHubDatabase();
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
    const forged = await city.startInVain();
    expect(forged.code).toBe(1);
    expect(forged.output).toContain('record 4 is not the one that the database of the hub knows');
    const refuted = await city.run('audit', 'verify', '--with-database');
    expect(refuted).toMatchObject({
      code: 1,
      output: expect.stringContaining('is not the one that the database'),
    });

    await forgeTail(city, 2, []);
    const cut = await city.startInVain();
    expect(cut.code).toBe(1);
    expect(cut.output).toContain('the log ends with record 2, and the database of the hub knows record 4');
    expect(cut.output).toContain('wenshu audit accept-loss --gateway g7');

    // An operator has to say so, and that is on record. What was there is as good as before.
    await writeFile(segment?.file ?? '', original);
    const needless = await city.run('audit', 'accept-loss', '--gateway', 'g7', '--by', 'wu', '--reason', 'x');
    expect(needless).toMatchObject({ code: 1, output: expect.stringContaining('has every record') });
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
    );
    expect(accepted).toMatchObject({ code: 0, output: expect.stringContaining('accepted by wu') });

    const records = await goOn(city);
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
    const verdict = await city.run('audit', 'verify', '--with-database');
    expect(verdict).toMatchObject({ code: 0, output: expect.stringContaining('wu accepts that') });
  },
  manyProcessesMs,
);

/** A log of three answers that was killed, and a database that knows the third, and is away until it is told to come back. */
async function killedBeforeDatabase(audit: TestAudit) {
  const first = await audit.open();
  await first.append(anAnswer());
  await first.append(anAnswer());
  const kept = await first.append(anAnswer());
  const [segment] = await listSegments(audit.folder);
  const asKilled = await readFile(segment?.file ?? '');
  await first.close();
  await writeFile(segment?.file ?? '', asKilled);
  let isUp = false;
  const heads: HeadStore = {
    async find() {
      if (!isUp) throw new Error('The database is away.');
      return kept;
    },
    async keep() {},
    async replace() {},
  };
  const comeBack = () => {
    isUp = true;
  };
  return { heads, comeBack, checkpointEvery: 1, checkpointMs: 5, keepHeadMs: 5, segmentBytes: 1, retryMs: 5 };
}

const kindsIn = async (audit: TestAudit) => (await audit.records()).map(({ kind }) => kind);
const named = (name: string) => anAnswer({ operation: { name, hash: 'ab'.repeat(32) } });

test('audit: a tail that was forged while the database of the hub is away is signed before it is back', async () => {
  // On e0e9d28 the log signed it at once, and answered conditional data on it.
  await using audit = await createAudit();
  const { comeBack, ...options } = await killedBeforeDatabase(audit);
  await forgeTailOf({ ...audit, gateway: 'g1' }, 3, ['Forged']);
  const log = await audit.open(options);
  await expect(log.append(named('Conditional'))).rejects.toThrow('has not said yet where it ended');
  // What is for everybody is answered, and its record written after the forged ones.
  expect(log.note(named('Open'))).toBe(true);
  await poll(async () => ((await audit.records()).map(nameOf).includes('Open') ? true : undefined));
  expect(await kindsIn(audit)).toEqual(['genesis', 'answer', 'answer', 'answer', 'interruption', 'answer']);

  comeBack();
  await poll(async () => {
    log.note(named('Later'));
    return log.outage?.reason === 'it lacks what was written' ? true : undefined;
  });
  await expect(log.append(named('Conditional'))).rejects.toThrow(AuditUnavailable);
  await log.close();
  expect(await kindsIn(audit)).not.toContain('checkpoint');
  await expect(audit.open(options)).rejects.toThrow('is not the one that the database of the hub knows');
});

test('audit: a log that is as it was is signed, and answers again, when the database is back', async () => {
  await using audit = await createAudit();
  const { comeBack, ...options } = await killedBeforeDatabase(audit);
  const log = await audit.open(options);
  await expect(log.append(named('Conditional'))).rejects.toThrow(AuditUnavailable);
  comeBack();
  await poll(() =>
    log.append(named('Conditional')).then(
      () => true,
      () => undefined,
    ),
  );
  await log.close();
  const records = await audit.records();
  expect(records.map(nameOf)).toEqual(
    expect.arrayContaining(['interruption', 'Conditional', 'stop', 'checkpoint']),
  );
  expect(records.at(-1)?.kind).toBe('checkpoint');
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, unsigned: 0 });
});

test('audit: a log that is never compared is not closed, and says so at the next start', async () => {
  await using audit = await createAudit();
  const { comeBack, ...options } = await killedBeforeDatabase(audit);
  const log = await audit.open(options);
  log.note(named('Open'));
  await log.close();
  expect((await kindsIn(audit)).slice(4)).toEqual(['interruption', 'answer']);
  comeBack();
  await (await audit.open(options)).close();
  const last = (await audit.records()).filter(({ kind }) => kind === 'interruption').at(-1);
  expect(last).toMatchObject({ reason: expect.stringContaining('records 1 to 6 were not signed by then') });
});

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

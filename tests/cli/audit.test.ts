import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anAnswer, createAudit, rewrite, type TestAudit } from '../support/audit.ts';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { answering, startFaultServer } from '../support/fault-server.ts';
import { supergraphOf } from '../support/federation.ts';

async function write(audit: TestAudit) {
  const log = await audit.open({ checkpointEvery: 3 });
  for (let bytes = 1; bytes <= 4; bytes++) await log.append(anAnswer({ bytes }));
  await log.close();
}

const run = (audit: TestAudit, ...args: readonly string[]) =>
  runCommandHere(['audit', ...args, '--folder', audit.folder]);

test('a log is verified, shown and proved from its files alone', async () => {
  await using audit = await createAudit();
  await write(audit);
  expect(await run(audit, 'verify', '--key', audit.keyFile)).toEqual({
    code: 0,
    output: expect.stringMatching(
      /: sound from 1 to 8; gateway g1, 2 checkpoints, 0 records not signed yet; head 8:[\da-f]{64}\.$/,
    ),
  });
  expect((await run(audit, 'verify')).output).toMatch('Give --key to be sure that it is the right one.');

  const shown = await run(
    audit,
    'show',
    '--department',
    'PROPAGANDA',
    '--field',
    'Park.rent',
    '--since',
    '2020-01-01',
  );
  expect(shown.output.split('\n').map((line) => JSON.parse(line).bytes)).toEqual([1, 2, 3, 4]);
  expect(await run(audit, 'show', '--department', 'STATISTICS')).toEqual({ code: 0, output: '' });
  const handedOver = await run(audit, 'show', '--seen-by', 'CULTURE_TOURISM');
  expect(handedOver.output.split('\n')).toHaveLength(4);
  expect(handedOver.output).not.toContain('li.wei');
  const hunted = await run(audit, 'show', '--seen-by', 'CULTURE_TOURISM', '--caller', 'li.wei');
  expect(hunted).toEqual({ code: 0, output: '' });

  const proof = await run(audit, 'prove', '3');
  const file = join(audit.folder, 'proof.json');
  await writeFile(file, proof.output);
  expect(await run(audit, 'verify', '--proof', file, '--key', audit.keyFile)).toEqual({
    code: 0,
    output: 'Record 3 of g1 is as checkpoint 4 signed it.',
  });
  await writeFile(file, proof.output.replace('"bytes":2', '"bytes":3'));
  expect(await run(audit, 'verify', '--proof', file, '--key', audit.keyFile)).toEqual({
    code: 1,
    output: 'Record 3 is not as it was when the checkpoint was signed.',
  });
});

test('a log that was changed ends with 1, and the first bad record by name', async () => {
  await using audit = await createAudit();
  await write(audit);
  const checkpoint = await run(audit, 'checkpoint');
  const kept = `${audit.keyFile}.checkpoint`;
  await writeFile(kept, checkpoint.output);
  expect(await run(audit, 'verify', '--expect-head', kept)).toMatchObject({ code: 0 });
  expect(await run(audit, 'verify', '--from-checkpoint', '4')).toMatchObject({
    code: 1,
    output: expect.stringContaining('record 4 cannot be verified without the key of its gateway'),
  });
  expect(await run(audit, 'verify', '--from-checkpoint', '4', '--key', audit.keyFile)).toMatchObject({
    code: 0,
    output: expect.stringContaining('sound from 4 to 8'),
  });

  await rewrite(audit.folder, (lines) => lines.slice(0, 4));
  expect(await run(audit, 'verify', '--key', audit.keyFile)).toMatchObject({ code: 0 });
  expect(await run(audit, 'verify', '--expect-head', kept)).toMatchObject({
    code: 1,
    output: expect.stringMatching(/record 5 is not there: the log ends with 4, and 8 was written\.$/),
  });

  await rewrite(audit.folder, (lines) => lines.toSpliced(2, 1));
  expect(await run(audit, 'verify')).toMatchObject({
    code: 1,
    output: expect.stringMatching(/record 3 is not there: 4 stands in its place \(000000000001\.jsonl\)\.$/),
  });
});

test.each([
  [['verify', '--key', '/nowhere'], 1, 'The key /nowhere cannot be read (ENOENT).'],
  [['verify', '--proof', '/nowhere'], 1, 'A proof needs the public key'],
  [['prove', '99'], 1, 'There is no record 99'],
  [['prove', 'x'], 2, 'It must be a whole number from 0 to 9007199254740991.'],
  [['show', '--since', 'yesterday'], 2, 'It must be like 2026-11-22T08:00:00Z.'],
  [['show', '--department', 'NOBODY'], 2, 'Allowed choices are PROPAGANDA'],
])('%j is refused with a reason', async (args, code, reason) => {
  await using audit = await createAudit();
  await write(audit);
  expect(await run(audit, ...args)).toEqual({ code, output: expect.stringContaining(reason) });
});

test('where there is no log, that is said', async () => {
  await using audit = await createAudit();
  expect(await run(audit, 'verify')).toEqual({
    code: 1,
    output: `wenshu: There is no audit log in ${audit.folder}.`,
  });
});

/** A gateway over one subgraph, as a process of its own. */
async function startGateway(env: Record<string, string>) {
  await using opening = new AsyncDisposableStack();
  const data = opening.use(await createDataFolder());
  const server = opening.use(await startFaultServer(answering({ name: 'East' })));
  const file = join(data.path, 'supergraph.graphql');
  await writeFile(
    file,
    supergraphOf({ parks: { sdl: 'type Query { name: String }' } }, new Map([['parks', server.url]])),
  );
  const gateway = opening.use(
    runCli(['gateway', '--supergraph', file], {
      WENSHU_DATA: data.path,
      AUDIT: '1',
      GATEWAY_ID: 'g7',
      ...env,
    }),
  );
  const opened = opening.move();
  return { gateway, data: data.path, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

test('a gateway keeps a log, which is whole and signed when it has stopped', async () => {
  await using hub = await startGateway({});
  const url = await hub.gateway.printed(/http:\/\/localhost:\d+/);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: '{"query":"{ name }"}',
  });
  expect(await response.json()).toEqual({ data: { name: 'East' } });
  expect(await hub.gateway.kill('SIGTERM')).toMatchObject({ code: 0 });

  await using verify = runCli(['audit', 'verify'], { WENSHU_DATA: hub.data });
  expect(await verify.ended).toMatchObject({
    code: 0,
    output: expect.stringContaining('sound from 1 to 4; gateway g7, 1 checkpoints, 0 records'),
  });
});

test('in production a gateway starts with the key that it is given, and with none says how one is made', async () => {
  await using hub = await startGateway({ NODE_ENV: 'production' });
  expect(await hub.gateway.ended).toEqual({
    code: 1,
    output: expect.stringContaining('openssl genpkey -algorithm ed25519 -out FILE makes one'),
  });
});

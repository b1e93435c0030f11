import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { copyFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import type { AuditLogOptions } from '@wenshu/gateway/audit/audit-log.ts';
import { grow, noHead, noted } from '@wenshu/gateway/audit/chain.ts';
import type { Entry } from '@wenshu/gateway/audit/record.ts';
import { listSegments } from '@wenshu/gateway/audit/segments.ts';
import { publicKeyText, readPublicKey } from '@wenshu/gateway/audit/signing-key.ts';
import { type VerifyOptions, verifyChain } from '@wenshu/gateway/audit/verify.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anAnswer, createAudit, linesOf, rewrite, type TestAudit } from '../support/audit.ts';

/** A chain that is closed: a genesis, six answers, a stop, and a checkpoint after every fourth record. */
async function write(audit: TestAudit, options: Partial<AuditLogOptions> = {}) {
  const log = await audit.open({ checkpointEvery: 4, ...options });
  for (let bytes = 1; bytes <= 6; bytes++) await log.append(anAnswer({ bytes }));
  await log.close();
}

async function createWritten(options?: Partial<AuditLogOptions>) {
  const audit = await createAudit();
  await write(audit, options);
  return audit;
}

const filesOf = async ({ folder }: TestAudit) => (await listSegments(folder)).map(({ file }) => file);

const headOf = async ({ folder }: TestAudit) => {
  const verdict = await verifyChain(folder);
  if (!verdict.isSound) throw new Error(verdict.reason);
  return verdict.head;
};

/** What an intruder with the right to write the files, but without the key, can make of them: a chain that links. */
function forge(entries: readonly Entry[], gateway = 'g1') {
  const { privateKey } = generateKeyPairSync('ed25519');
  const time = new Date(0).toISOString();
  const all = entries.map((entry) => noted(entry, time));
  return grow(noHead, all, { gateway, key: privateKey, checkpointEvery: 4 }, true).lines.toString();
}

test('a chain that nobody touched is sound, and says where it ends', async () => {
  await using audit = await createWritten();
  expect(await verifyChain(audit.folder, { key: await readPublicKey(audit.keyFile) })).toEqual({
    isSound: true,
    gateway: 'g1',
    first: 1,
    head: { sequence: 10, hash: expect.stringMatching(/^[\da-f]{64}$/) },
    checkpoints: 2,
    unsigned: 0,
    interruptions: [],
  });
  expect((await audit.records()).map(({ kind }) => kind)).toEqual([
    'genesis',
    'answer',
    'answer',
    'answer',
    'checkpoint',
    'answer',
    'answer',
    'answer',
    'stop',
    'checkpoint',
  ]);
});

const edited = (line: string) => line.replace('"bytes":', '"bytes":1');

test.each([
  ['edited', (lines: string[]) => lines.with(6, edited(lines[6] ?? '')), 7, 'it does not have the hash'],
  ['deleted', (lines: string[]) => lines.toSpliced(6, 1), 7, 'is not there: 8 stands in its place'],
  ['repeated', (lines: string[]) => lines.toSpliced(7, 0, lines[6] ?? ''), 8, '7 stands in its place'],
  [
    'moved',
    (lines: string[]) => lines.with(5, lines[6] ?? '').with(6, lines[5] ?? ''),
    6,
    '7 stands in its place',
  ],
  ['cut in its middle', (lines: string[]) => lines.with(9, '{"hash":"'), 10, 'is torn'],
])('a record that is %s is found, and named first', async (_, change, sequence, reason) => {
  await using audit = await createWritten();
  await rewrite(audit.folder, change);
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence,
    reason: expect.stringContaining(reason),
    file: '000000000001.jsonl',
  });
});

test('a record that is put in, with the sequence that comes next, does not follow the one before it', async () => {
  await using audit = await createWritten();
  const foreign = forge([1, 2, 3, 4, 5, 6].map((bytes) => anAnswer({ bytes }))).split(/(?<=\n)/);
  await rewrite(audit.folder, (lines) => lines.toSpliced(6, 0, foreign[6] ?? ''));
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence: 7,
    reason: 'does not follow the record before it',
  });
});

test('a tail that is cut off is found by a head that is known from elsewhere', async () => {
  await using audit = await createWritten();
  const expected = await headOf(audit);
  await rewrite(audit.folder, (lines) => lines.slice(0, 5));
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, head: { sequence: 5 } });
  expect(await verifyChain(audit.folder, { expected })).toEqual({
    isSound: false,
    sequence: 6,
    reason: 'is not there: the log ends with 5, and 10 was written',
  });
});

test('another tail, of the same length, is found by a head that is known from elsewhere', async () => {
  await using audit = await createWritten();
  const expected = await headOf(audit);
  await rewrite(audit.folder, (lines) => lines.slice(0, 5));
  const log = await audit.open({ checkpointEvery: 4 });
  // With what the log says of the cut, as many records as before.
  for (let bytes = 11; bytes <= 12; bytes++) await log.append(anAnswer({ bytes }));
  await log.close();
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, head: { sequence: 10 } });
  expect(await verifyChain(audit.folder, { expected })).toMatchObject({
    isSound: false,
    sequence: 10,
    reason: 'is not the one that was expected',
  });
});

test('files that are swapped are found', async () => {
  await using audit = await createWritten({ segmentBytes: 1 });
  const [, second = '', third = ''] = await filesOf(audit);
  await rename(second, `${second}.kept`);
  await rename(third, second);
  await rename(`${second}.kept`, third);
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence: 4,
    reason: 'is not there: 7 stands in its place',
  });
});

test('a file that is taken away is found', async () => {
  await using audit = await createWritten({ segmentBytes: 1 });
  const files = await filesOf(audit);
  expect(files.length).toBeGreaterThan(2);
  await rm(files[1] ?? '');
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence: 4,
    reason: 'is not there: a file begins with 7',
  });
});

test('a chain that is written anew with another key is not that of the given one', async () => {
  await using audit = await createWritten();
  const key = await readPublicKey(audit.keyFile);
  const foreign = generateKeyPairSync('ed25519').privateKey;
  const genesis: Entry = { kind: 'genesis', publicKey: publicKeyText(foreign) };
  const time = new Date(0).toISOString();
  const chain = { gateway: 'g1', key: foreign, checkpointEvery: 4 };
  const { lines } = grow(noHead, [noted(genesis, time)], chain, true);
  await rewrite(audit.folder, () => [lines.toString()]);
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true });
  expect(await verifyChain(audit.folder, { key })).toMatchObject({
    isSound: false,
    sequence: 1,
    reason: 'names another key than the one given',
  });
});

test('a forged checkpoint over edited records that link is found', async () => {
  await using audit = await createWritten();
  const publicKey = publicKeyText(createPrivateKey(await readFile(audit.keyFile)));
  const entries: Entry[] = [{ kind: 'genesis', publicKey }, anAnswer({ bytes: 99 })];
  const text = forge(entries);
  await rewrite(audit.folder, () => [text]);
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence: 3,
    reason: 'is a checkpoint that the key of its gateway did not sign',
  });
});

test('a checkpoint of other records than those before it is found, also where the right key signed it', async () => {
  await using audit = await createWritten();
  const key = createPrivateKey(await readFile(audit.keyFile));
  const chain = { gateway: 'g1', key, checkpointEvery: 100 };
  const time = new Date(0).toISOString();
  const genesis: Entry = { kind: 'genesis', publicKey: publicKeyText(key) };
  const begun = grow(noHead, [noted(genesis, time)], chain, false);
  const forged = grow({ ...begun.head, unsigned: ['00'.repeat(32)] }, [], chain, true);
  await rewrite(audit.folder, () => [begun.lines.toString(), forged.lines.toString()]);
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence: 2,
    reason: 'is a checkpoint of other records than those before it',
  });
});

test('the chain of another gateway does not pass for this one', async () => {
  await using audit = await createWritten();
  await using other = await createAudit();
  await copyFile(audit.keyFile, other.keyFile);
  const log = await other.open({ gateway: 'g2' });
  await log.append(anAnswer());
  await log.close();
  const foreign = await linesOf(other.folder);
  await rewrite(audit.folder, (lines) => lines.toSpliced(1, Number.POSITIVE_INFINITY, ...foreign.slice(1)));
  expect(await verifyChain(audit.folder)).toMatchObject({
    isSound: false,
    sequence: 2,
    reason: 'is of the chain of g2',
  });
});

test('from a checkpoint that is trusted, a chain is verified without what came before it', async () => {
  await using audit = await createWritten({ segmentBytes: 1 });
  const from = (await audit.records()).find((record) => record.kind === 'checkpoint');
  if (!from) throw new Error('no checkpoint');
  const key = await readPublicKey(audit.keyFile);
  const files = await filesOf(audit);
  const options: VerifyOptions = { from, key };
  expect(await verifyChain(audit.folder, options)).toMatchObject({ isSound: true, first: from.sequence });

  // The last file holds that the gateway stopped.
  const last = files.at(-2) ?? '';
  await writeFile(last, (await readFile(last, 'utf8')).replace('"bytes":', '"bytes":1'));
  expect(await verifyChain(audit.folder, options)).toMatchObject({ isSound: false });

  const { publicKey } = generateKeyPairSync('ed25519');
  expect(await verifyChain(audit.folder, { from, key: publicKey })).toMatchObject({
    isSound: false,
    sequence: from.sequence,
  });
});

type Change = (before: Buffer, after: Buffer, length: number, given: Uint8Array) => Uint8Array[];

const changes: readonly Change[] = [
  // overwritten, put in, cut out, cut off, repeated
  (before, after, _, given) => [before, given, after.subarray(given.length)],
  (before, after, _, given) => [before, given, after],
  (before, after, length) => [before, after.subarray(length)],
  (before) => [before],
  (before, after, length) => [before, after.subarray(0, length), after],
];

test('whatever is done to the bytes of a log is detected', async () => {
  await using audit = await createWritten({ segmentBytes: 1_500 });
  const key = createPublicKey(await readFile(audit.keyFile));
  const expected = await headOf(audit);
  const files = await filesOf(audit);
  const originals = await Promise.all(files.map((file) => readFile(file)));
  expect(files.length).toBeGreaterThan(1);

  const place = fc.record({
    fileAt: fc.nat(files.length - 1),
    /** Part of the file before the place. */
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 2_000 }),
    given: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    change: fc.constantFrom(...changes),
  });

  await fc.assert(
    fc.asyncProperty(place, async ({ fileAt, at, length, given, change }) => {
      const original = originals[fileAt] ?? Buffer.alloc(0);
      const start = Math.floor(at * (original.length - 1));
      const parts = change(original.subarray(0, start), original.subarray(start), length, given);
      const tampered = Buffer.concat(parts);
      const file = files[fileAt] ?? '';
      await writeFile(file, tampered);
      const verdict = await verifyChain(audit.folder, { key, expected });
      await writeFile(file, original);
      expect(verdict.isSound).toBe(tampered.equals(original));
    }),
    { numRuns: 300 },
  );
});

test('a file that ends too early by any number of bytes is detected', async () => {
  await using audit = await createWritten();
  const expected = await headOf(audit);
  const [file = ''] = await filesOf(audit);
  const original = await readFile(file);
  await truncate(file, original.length - 1);
  expect(await verifyChain(audit.folder, { expected })).toMatchObject({ isSound: false, sequence: 10 });
});

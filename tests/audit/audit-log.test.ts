import { createPublicKey } from 'node:crypto';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Receipt } from '@wenshu/gateway/audit/chain.ts';
import { AuditUnavailable } from '@wenshu/gateway/audit/group-commit.ts';
import type { HeadStore } from '@wenshu/gateway/audit/kept-head.ts';
import { proveRecord, refuteProof } from '@wenshu/gateway/audit/prove.ts';
import { type Order, type RecordFilter, readRecords } from '@wenshu/gateway/audit/read.ts';
import type { CheckpointRecord } from '@wenshu/gateway/audit/record.ts';
import { seenBy } from '@wenshu/gateway/audit/seen.ts';
import { listSegments } from '@wenshu/gateway/audit/segments.ts';
import { readPublicKey } from '@wenshu/gateway/audit/signing-key.ts';
import { verifyChain } from '@wenshu/gateway/audit/verify.ts';
import type { Caller, Department } from '@wenshu/schema/caller.ts';
import { expect, test } from 'vitest';
import { anAnswer, createAudit, linesOf, rewrite } from '../support/audit.ts';
import { poll } from '../support/poll.ts';
import { recordingLog } from '../support/recording-log.ts';

test('a record says who asked for what, and what came of it', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await log.append(
    anAnswer({
      represents: 'CN-110105/GOV/PROPAGANDA',
      purpose: '园区走访',
      caseNumber: '2026-117',
      clientAddress: '10.1.2.3',
      requestId: 'r1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      schema: 'cd'.repeat(32),
    }),
  );
  const receipt = await log.append({
    kind: 'key',
    caller: { user: 'zhao', department: 'PROPAGANDA', role: 'steward' },
    action: 'revoke',
    subject: 'k7',
    details: { reason: 'lost' },
  });
  await log.close();

  const [genesis, answer, key, stop, checkpoint] = await audit.records();
  expect(genesis).toMatchObject({
    kind: 'genesis',
    gateway: 'g1',
    sequence: 1,
    publicKey: createPublicKey(await readFile(audit.keyFile))
      .export({ type: 'spki', format: 'der' })
      .toString('base64'),
  });
  expect(answer).toEqual({
    sequence: 2,
    previous: expect.stringMatching(/^[\da-f]{64}$/),
    gateway: 'g1',
    kind: 'answer',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    caller: { user: 'li.wei', department: 'PROPAGANDA', role: 'viewer' },
    represents: 'CN-110105/GOV/PROPAGANDA',
    purpose: '园区走访',
    caseNumber: '2026-117',
    clientAddress: '10.1.2.3',
    requestId: 'r1',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    operation: { name: 'Parks', hash: 'ab'.repeat(32) },
    schema: 'cd'.repeat(32),
    decision: 'answered',
    errorCodes: [],
    denied: [],
    rows: { Park: 3 },
    bytes: 120,
    latencyMs: 4.2,
    fields: [{ coordinate: 'Park.rent', class: 'CONDITIONAL', owner: 'CULTURE_TOURISM', agreement: 'a1' }],
  });
  expect(key).toMatchObject({ sequence: receipt.sequence, kind: 'key', subject: 'k7' });
  expect(stop).toMatchObject({ kind: 'stop', previous: receipt.hash });
  expect(checkpoint).toMatchObject({ kind: 'checkpoint', first: 1, last: 4 });
});

test('a record is JSON as JSON.stringify writes it, whatever callers say', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await log.append(
    anAnswer({
      caller: { user: 'li"wei\\', department: 'PROPAGANDA', role: 'viewer' },
      represents: '","kind":"key',
      purpose: '执法 \u2028 "检查"',
      caseNumber: '\\',
      clientAddress: '::1',
      requestId: '"}\n{"',
      denied: ['parks."rent"'],
      enterprises: ['ent-"', '\u2028'],
      operation: { name: undefined, hash: '"' },
    }),
  );
  await log.close();

  const written = (await linesOf(audit.folder)).filter((line) => line !== '');
  expect(written).toEqual(written.map((line) => `${JSON.stringify(JSON.parse(line))}\n`));
  expect(written).toHaveLength(4);
});

test('what is noted is written with the next group, in its order, and none is lost at the end', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  log.note(anAnswer({ bytes: 1 }));
  log.note(anAnswer({ bytes: 2 }));
  await log.append(anAnswer({ bytes: 3 }));
  log.note(anAnswer({ bytes: 4 }));
  await log.close();
  const bytes = (await audit.records()).flatMap((record) => ('bytes' in record ? [record.bytes] : []));
  expect(bytes).toEqual([1, 2, 3, 4]);
});

test('records of many callers at once are one chain, each where its receipt says', async () => {
  await using audit = await createAudit();
  const log = await audit.open({ checkpointEvery: 7, segmentBytes: 4_096 });
  const receipts = await Promise.all(
    Array.from({ length: 200 }, (_, bytes) => log.append(anAnswer({ bytes }))),
  );
  await log.close();
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, unsigned: 0 });
  const records = await audit.records();
  for (const [bytes, { sequence }] of receipts.entries())
    expect(records[sequence - 1]).toMatchObject({ bytes });
});

test('a file that is full ends with a checkpoint, and the chain goes on in the next', async () => {
  await using audit = await createAudit();
  for (let run = 0; run < 3; run++) {
    const log = await audit.open({ segmentBytes: 1_500 });
    for (let bytes = 0; bytes < 5; bytes++) await log.append(anAnswer({ bytes }));
    await log.close();
  }
  const segments = await listSegments(audit.folder);
  expect(segments.length).toBeGreaterThan(2);
  const records = await audit.records();
  for (const { first } of segments.slice(1)) expect(records[first - 2]).toMatchObject({ kind: 'checkpoint' });
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true });
});

test('what is new is signed after a while, however little it is', async () => {
  await using audit = await createAudit();
  const told: CheckpointRecord[] = [];
  const log = await audit.open({ checkpointMs: 10, onCheckpoint: (checkpoint) => told.push(checkpoint) });
  await log.append(anAnswer());
  await poll(() => told.find(({ last }) => last >= 2));
  await log.close();
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, checkpoints: told.length });
});

test('a torn last line is moved aside and reported, and the chain continues after the acknowledged records', async () => {
  await using audit = await createAudit();
  const before = await audit.open();
  await before.append(anAnswer({ bytes: 1 }));
  await before.close();
  const [segment] = await listSegments(audit.folder);
  const [, line = ''] = await linesOf(audit.folder);
  await appendFile(segment?.file ?? '', line.slice(0, 50));

  const log = recordingLog();
  const after = await audit.open({ log });
  await after.append(anAnswer({ bytes: 2 }));
  await after.close();
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true });
  const kept = (await readdir(audit.folder)).find((name) => name.includes('.torn-at-')) ?? '';
  expect(await readFile(`${audit.folder}/${kept}`, 'utf8')).toBe(line.slice(0, 50));
  expect((await audit.records()).slice(4, 6)).toMatchObject([
    { kind: 'interruption', reason: expect.stringContaining(kept), lost: null },
    { kind: 'answer', bytes: 2 },
  ]);
  expect(log.lines).toMatchObject([{ level: 'warn', bytes: 50 }]);
});

test('a file of which nothing was written yet is begun anew', async () => {
  await using audit = await createAudit();
  const before = await audit.open();
  await before.close();
  await writeFile(`${audit.folder}/000000000004.jsonl`, '{"hash":"');
  const after = await audit.open();
  await after.append(anAnswer());
  await after.close();
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, head: { sequence: 7 } });
});

test('a log that is damaged in its middle is not gone on with', async () => {
  await using audit = await createAudit();
  const before = await audit.open();
  for (let bytes = 0; bytes < 3; bytes++) await before.append(anAnswer({ bytes }));
  await before.close();
  await rewrite(audit.folder, (lines) => lines.with(2, (lines[2] ?? '').replace('"bytes":', '"bytes":1')));
  const written = await linesOf(audit.folder);
  await expect(audit.open()).rejects.toThrow(/damaged at sequence 3, .* wenshu audit verify says how/);
  expect(await linesOf(audit.folder)).toEqual(written);
});

test('two gateways do not write one chain', async () => {
  await using audit = await createAudit();
  const first = await audit.open();
  await expect(audit.open()).rejects.toThrow('is written by another process');
  await first.close();
  await (await audit.open()).close();
});

test('the chain of another gateway, or one with another key, is not gone on with', async () => {
  await using audit = await createAudit();
  await (await audit.open()).close();
  await expect(audit.open({ gateway: 'g2' })).rejects.toThrow(
    'belongs to the gateway g1, and this gateway is g2',
  );
  await rm(audit.keyFile);
  await expect(audit.open()).rejects.toThrow('signed with another key');
});

test('in production no key is made', async () => {
  await using audit = await createAudit();
  const key = { file: audit.keyFile, isMade: false };
  await expect(audit.open({ key })).rejects.toThrow(/cannot be read \(ENOENT\).*openssl genpkey/);
  await writeFile(audit.keyFile, 'no key');
  await expect(audit.open({ key })).rejects.toThrow('is no Ed25519 key in PEM');
});

test('a file that is taken away while it is written makes the log unavailable, not silent', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await log.append(anAnswer());
  const [segment] = await listSegments(audit.folder);
  await rm(segment?.file ?? '');
  await expect(log.append(anAnswer())).rejects.toThrow(AuditUnavailable);
  expect(log.outage).toMatchObject({ reason: '000000000001.jsonl was changed by somebody else' });
  await expect(log.append(anAnswer())).rejects.toThrow('was changed by somebody else');
  await log.close();
});

test('what finds no room in the queue is counted, and put on record', async () => {
  await using audit = await createAudit();
  const log = await audit.open({ queue: 5 });
  for (let bytes = 1; bytes <= 8; bytes++) log.note(anAnswer({ bytes }));
  expect(log.outage).toMatchObject({ reason: '5 events wait for the disk', lost: 3 });
  await expect(log.append(anAnswer())).rejects.toThrow('5 events wait for the disk');
  await poll(() => (log.outage ? undefined : true));
  await log.append(anAnswer({ bytes: 9 }));
  await log.close();
  expect((await audit.records()).slice(1, -2)).toMatchObject([
    ...[1, 2, 3, 4, 5].map((bytes) => ({ bytes })),
    { kind: 'interruption', lost: 3 },
    { bytes: 9 },
  ]);
});

test('each record that is signed can be proved without the others, and no other passes for it', async () => {
  await using audit = await createAudit();
  const log = await audit.open({ checkpointEvery: 6 });
  for (let bytes = 0; bytes < 20; bytes++) await log.append(anAnswer({ bytes }));
  const key = await readPublicKey(audit.keyFile);
  await expect(proveRecord(audit.folder, 24)).rejects.toThrow('No checkpoint signs record 24 yet');
  await log.close();

  await using other = await createAudit();
  await (await other.open()).close();
  const otherKey = await readPublicKey(other.keyFile);
  const signed = (await audit.records()).filter(({ kind }) => kind !== 'checkpoint');
  expect(signed).toHaveLength(22);
  for (const { sequence } of signed) {
    const proof = JSON.parse(JSON.stringify(await proveRecord(audit.folder, sequence)));
    expect(refuteProof(proof, key)).toBeUndefined();
    expect(refuteProof(proof, otherKey)).toMatch('not signed with this key');
    const changed = { ...proof, record: { ...proof.record, time: '2026-01-01T00:00:00.000Z' } };
    expect(refuteProof(changed, key)).toMatch(`Record ${sequence} is not as it was`);
    const [last, ...shorter] = proof.path;
    expect(refuteProof({ ...proof, path: shorter }, key)).toMatch(`Record ${sequence} is not as it was`);
    const noHash = { ...proof, path: [`${last}00`, ...shorter] };
    expect(refuteProof(noHash, key)).toMatch(`Record ${sequence} is not as it was`);
  }
  await expect(proveRecord(audit.folder, 7)).rejects.toThrow('is a checkpoint');
  await expect(proveRecord(audit.folder, 99)).rejects.toThrow('There is no record 99');
});

test('records are found by who asked, whose data it was, which field, and when, from either end', async () => {
  await using audit = await createAudit();
  const log = await audit.open({ segmentBytes: 1 });
  const fields = [
    { coordinate: 'Enterprise.capital', class: 'UNCONDITIONAL', owner: 'MARKET_REGULATION' },
  ] as const;
  await log.append(anAnswer({ bytes: 1 }));
  await log.append(anAnswer({ bytes: 2, caller: { keyId: 'k1', partner: 'A' }, decision: 'denied', fields }));
  await log.append(
    anAnswer({ bytes: 3, caller: { user: 'wu', department: 'CULTURE_TOURISM', role: 'analyst' } }),
  );
  await log.close();
  const found = async (filter: RecordFilter = {}, order?: Order) => {
    const bytes: number[] = [];
    for await (const record of readRecords(audit.folder, filter, order)) {
      if ('bytes' in record) bytes.push(record.bytes);
    }
    return bytes;
  };

  expect(await found()).toEqual([1, 2, 3]);
  expect(await found({}, 'newest first')).toEqual([3, 2, 1]);
  expect(await found({ department: 'PROPAGANDA' })).toEqual([1]);
  expect(await found({ owner: 'MARKET_REGULATION' })).toEqual([2]);
  expect(await found({ field: 'Park.rent' })).toEqual([1, 3]);
  expect(await found({ field: 'Enterprise' })).toEqual([2]);
  expect(await found({ field: 'Enter' })).toEqual([]);
  expect(await found({ caller: 'k1' })).toEqual([2]);
  expect(await found({ caller: 'wu', decision: 'denied' })).toEqual([]);
  const times = (await audit.records()).flatMap((record) => ('bytes' in record ? [record.time] : []));
  expect(await found({ since: times[2] })).toContain(3);
  expect(await found({ until: times[0] })).toEqual([]);
});

test('a department reads what it asked, of others what is about its data, an auditor all, a partner nothing', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await log.append(anAnswer());
  await log.close();
  const records = await audit.records();
  const of = (department: Department, role: 'viewer' | 'auditor' = 'viewer'): Caller => ({
    kind: 'department',
    department,
    role,
    user: 'u',
  });
  const partner: Caller = {
    kind: 'partner',
    keyId: 'k',
    partner: 'p',
    isTest: false,
    scopes: [],
    regions: [],
  };
  const seen = (caller: Caller) => records.flatMap((record) => seenBy(caller, record) ?? []);
  expect(seen(of('PROPAGANDA'))).toEqual([records[1]]);
  expect(seen(of('CULTURE_TOURISM'))).toEqual([
    {
      sequence: 2,
      gateway: 'g1',
      time: expect.any(String),
      kind: 'answer',
      caller: { department: 'PROPAGANDA' },
      fields: anAnswer().fields,
    },
  ]);
  expect(seen(of('MARKET_REGULATION'))).toEqual([]);
  expect(seen(of('MARKET_REGULATION', 'auditor'))).toEqual(records);
  expect(seen(partner)).toEqual([]);
});

/** A database of the hub that is down until a test says otherwise. */
function downHeads(known?: Receipt) {
  let isDown = true;
  const kept: number[] = [];
  const answer = async <Value>(value: () => Value) => {
    if (isDown) throw new Error('connection refused');
    return value();
  };
  const heads: HeadStore = {
    find: () => answer(() => known),
    keep: (_, { sequence }) => answer(() => void kept.push(sequence)),
    replace: () => answer(() => {}),
  };
  return {
    heads,
    kept,
    comeBack: () => {
      isDown = false;
    },
  };
}

test('while the database of the hub is down the log notes what need not be durable, and its head is kept when that is back', async () => {
  await using audit = await createAudit();
  const { heads, kept, comeBack } = downHeads();
  const lines = recordingLog();
  const log = await audit.open({ heads, keepHeadMs: 5, log: lines });
  await poll(() => lines.lines.find(({ message }) => message.includes('cannot be kept')));
  expect(log.note(anAnswer())).toBe(true);
  await expect(log.append(anAnswer())).rejects.toThrow('has not said yet where it ended');
  expect(kept).toEqual([]);
  comeBack();
  await poll(() => (kept.at(-1) === 2 ? true : undefined));
  await log.close();
  expect(kept.at(-1)).toBe(4);
});

test('a log that turns out to lack what the database knew, once that is back, is written no more', async () => {
  await using audit = await createAudit();
  const { heads, kept, comeBack } = downHeads({ sequence: 99, hash: 'ab'.repeat(32) });
  const log = await audit.open({ heads, keepHeadMs: 5, retryMs: 5 });
  expect(log.note(anAnswer())).toBe(true);
  comeBack();
  await poll(() => {
    log.note(anAnswer());
    return log.outage;
  });
  expect(log.outage?.reason).toBe('it lacks what was written');
  await log.close();
  expect(kept).toEqual([]);
});

import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type NewestFirst, readNewestFirst } from '@wenshu/gateway/audit/newest-first.ts';
import { listSegments } from '@wenshu/gateway/audit/segments.ts';
import { openTrail } from '@wenshu/gateway/control/audit-trail.ts';
import { sealWith } from '@wenshu/gateway/control/sealed-cursor.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { expect, test } from 'vitest';
import { anAnswer, createAudit, rewrite } from '../support/audit.ts';

const auditor: Caller = { kind: 'department', department: 'FINANCE', role: 'auditor', user: 'sun' };
const cursors = sealWith(Buffer.alloc(32, 1));
const anyBytes = Number.POSITIVE_INFINITY;

/** What an answer is told by in these tests. */
async function bytesOf(reading: NewestFirst | undefined, count = anyBytes) {
  const found: number[] = [];
  while (found.length < count) {
    const line = await reading?.next();
    if (!line) break;
    if ('bytes' in line.record) found.push(line.record.bytes);
  }
  return found;
}

test('a log is read backwards file by file, and gone on from where it was left while more is written', async () => {
  await using audit = await createAudit();
  const log = await audit.open({ segmentBytes: 1_500 });
  for (let bytes = 1; bytes <= 9; bytes++) await log.append(anAnswer({ bytes }));
  const first = await readNewestFirst(audit.folder, undefined, anyBytes);
  expect(await bytesOf(first, 4)).toEqual([9, 8, 7, 6]);
  expect(first?.isOver).toBe(false);
  for (let bytes = 10; bytes <= 19; bytes++) await log.append(anAnswer({ bytes }));
  await log.close();
  expect((await listSegments(audit.folder)).length).toBeGreaterThan(3);
  const rest = await readNewestFirst(audit.folder, first?.place, anyBytes);
  expect(await bytesOf(rest)).toEqual([5, 4, 3, 2, 1]);
  expect(rest?.isOver).toBe(true);
});

test('lines longer than what is read at once are read whole', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  const purpose = '长'.repeat(200_000);
  for (let bytes = 1; bytes <= 3; bytes++) await log.append(anAnswer({ bytes, purpose }));
  await log.close();
  expect(await bytesOf(await readNewestFirst(audit.folder, undefined, anyBytes))).toEqual([3, 2, 1]);
});

test('chains of several gateways are read as one, and a chain that began later is not missed for it', async () => {
  await using audit = await createAudit();
  const folder = dirname(audit.folder);
  const one = await audit.open();
  const other = await audit.open({ folder: `${folder}/g2`, gateway: 'g2' });
  for (let bytes = 1; bytes <= 6; bytes++) {
    await (bytes % 2 ? one : other).append(anAnswer({ bytes }));
    const written = Date.now();
    // Records of one millisecond have no order between chains.
    await expect.poll(() => Date.now() > written).toBe(true);
  }
  const first = await readNewestFirst(folder, undefined, anyBytes);
  expect(await bytesOf(first, 3)).toEqual([6, 5, 4]);
  const third = await audit.open({ folder: `${folder}/g3`, gateway: 'g3' });
  await third.append(anAnswer({ bytes: 7 }));
  for (const log of [one, other, third]) await log.close();
  expect(await bytesOf(await readNewestFirst(folder, first?.place, anyBytes))).toEqual([3, 2, 1]);
  expect((await bytesOf(await readNewestFirst(folder, undefined, anyBytes)))[0]).toBe(7);
});

test('a line that is damaged, and one that is just written, are passed over', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  for (let bytes = 1; bytes <= 3; bytes++) await log.append(anAnswer({ bytes }));
  await log.close();
  await rewrite(audit.folder, (lines) => lines.with(2, (lines[2] ?? '').replace('"bytes":', '"bytes":1')));
  const [segment] = await listSegments(audit.folder);
  const text = await readFile(segment?.file ?? '');
  await writeFile(segment?.file ?? '', Buffer.concat([text, Buffer.from('{"hash":"')]));
  expect(await bytesOf(await readNewestFirst(audit.folder, undefined, anyBytes))).toEqual([3, 1]);
});

test('one question reads a part of the log, and says where to go on', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  const wanted = anAnswer({ requestId: 'wanted', caller: { keyId: 'k1', partner: 'A' } });
  await log.append(wanted);
  for (let i = 0; i < 1_000; i++) log.note(anAnswer());
  await log.close();
  const trail = openTrail(audit.folder, cursors, 300_000);
  const filter = { caller: 'k1' };
  let page = await trail.records(auditor, filter, { first: 1 });
  expect(page).toEqual({
    edges: [],
    nodes: [],
    pageInfo: {
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: expect.any(String),
    },
  });
  let questions = 1;
  while (page?.nodes.length === 0 && page.pageInfo.hasNextPage) {
    page = await trail.records(auditor, filter, { first: 1, after: page.pageInfo.endCursor });
    questions += 1;
  }
  expect(page?.nodes).toMatchObject([{ record: { requestId: 'wanted' } }]);
  expect(questions).toBeLessThan(5);
});

test('where there is no log, there is none to read', async () => {
  await using audit = await createAudit();
  const trail = openTrail(audit.folder, cursors);
  expect(await trail.records(auditor, {}, {})).toBeNull();
  await expect(trail.records(auditor, {}, { after: 'x' })).rejects.toThrow('does not belong to this list');
});

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AuditUnavailable } from '@wenshu/gateway/audit/group-commit.ts';
import type { AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { verifyChain } from '@wenshu/gateway/audit/verify.ts';
import type { FieldAccess } from '@wenshu/gateway/request/field-access.ts';
import type { FindFieldAccesses } from '@wenshu/gateway/response/audit-answers.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { expect, test } from 'vitest';
import { aLog, createAudit } from '../support/audit.ts';
import { startInProcess, supergraphOf, type TestSubgraph } from '../support/federation.ts';
import { gate } from '../support/gate.ts';
import { poll } from '../support/poll.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const parks: TestSubgraph = {
  sdl: `
    type Query { parks: [Park!] park: Park }
    type Park @key(fields: "id") { id: ID! name: String rent: Int secret: String }
  `,
  resolvers: {
    Query: {
      parks: () => ['p1', 'p2', 'p3'].map((id) => ({ id, name: '东园', rent: 3 })),
      park: () => ({ id: 'p1', name: '东园', rent: 3 }),
    },
  },
};

const rent: readonly FieldAccess[] = [
  { coordinate: 'Park.rent', class: 'CONDITIONAL', owner: 'CULTURE_TOURISM' },
];
const name: readonly FieldAccess[] = [{ coordinate: 'Park.name', class: 'UNCONDITIONAL' }];

/** As the one who knows classes will: one list for each operation. */
const fieldAccesses: FindFieldAccesses = ({ document }) =>
  JSON.stringify(document).includes('"rent"') ? rent : name;

const answers = (records: readonly AuditRecord[]) => records.filter(({ kind }) => kind === 'answer');

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('each answer is on record: what was asked, what it touched, and what came of it', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startInProcess({ parks }, { audit: log, fieldAccesses });
  const query = 'query Rents { parks { name rent } }';
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const { text } = await post(
    hub.url,
    { query },
    { 'x-request-id': 'r1', traceparent: `00-${trace}-b7ad6b7169203331-01` },
  );
  await log.close();
  expect(answers(await audit.records())).toEqual([
    {
      sequence: 2,
      previous: expect.any(String),
      gateway: 'g1',
      kind: 'answer',
      time: expect.any(String),
      clientAddress: expect.stringContaining('127.0.0.1'),
      requestId: 'r1',
      traceId: trace,
      operation: { name: 'Rents', hash: createHash('sha256').update(query).digest('hex') },
      schema: createHash('sha256').update(supergraphOf({ parks })).digest('hex'),
      decision: 'answered',
      errorCodes: [],
      denied: [],
      rows: { Park: 3 },
      bytes: Buffer.byteLength(text),
      latencyMs: expect.any(Number),
      fields: rent,
    },
  ]);
});

const failing = (error: Error): TestSubgraph => ({
  ...parks,
  resolvers: {
    ...parks.resolvers,
    Park: {
      secret: () => {
        throw error;
      },
    },
  },
});

test.each([
  [
    'a part of it failed',
    failing(new Error('x')),
    { query: '{ park { id secret } }' },
    { decision: 'partial', rows: { Park: 1 } },
  ],
  [
    'an agency was down',
    { ...parks, answer: () => Promise.reject(new Error('down')) },
    { query: '{ park { id } }' },
    { decision: 'partial', errorCodes: ['SUBGRAPH_UNAVAILABLE'] },
  ],
  [
    'the document was wrong',
    parks,
    { query: '{ nothing }' },
    { decision: 'refused', errorCodes: ['GRAPHQL_VALIDATION_FAILED'], fields: [] },
  ],
  ['it was no question', parks, {}, { decision: 'refused', errorCodes: ['BAD_REQUEST'] }],
] as const)('an operation is on record also where %s', async (_, subgraph, body, expected) => {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startInProcess({ parks: subgraph }, { audit: log, fieldAccesses });
  await post(hub.url, body);
  await log.close();
  expect(answers(await audit.records())).toMatchObject([expected]);
});

test('what the caller had no right to is on record by its place', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  const denied = Object.assign(new HubError('NOT_FOUND', 'No agreement.', { messageZh: '没有该协议。' }), {
    extensions: { code: 'NOT_SHARED' },
  });
  const subgraph: TestSubgraph = { ...failing(denied) };
  await using hub = await startInProcess({ parks: subgraph }, { audit: log, fieldAccesses });
  await post(hub.url, { query: '{ parks { id hidden: secret } }' });
  await log.close();
  expect(answers(await audit.records())).toMatchObject([
    { decision: 'denied', errorCodes: ['NOT_SHARED'], denied: ['parks.hidden'] },
  ]);
});

/** A log whose disk takes as long as the test wants. */
function slowLog() {
  const disk = gate();
  const noted: unknown[] = [];
  const log = aLog({
    async append(event) {
      await disk.opened;
      noted.push(event);
      return { sequence: noted.length, hash: '' };
    },
    note: (event) => noted.push(event) > 0,
  });
  return { log, disk, noted };
}

test('an answer with conditional data leaves when its record is durable, others do not wait', async () => {
  const { log, disk, noted } = slowLog();
  await using hub = await startInProcess({ parks }, { audit: log, fieldAccesses });
  let isOut = false;
  const waiting = hub.ask('{ parks { rent } }').finally(() => {
    isOut = true;
  });
  for (let i = 0; i < 3; i++)
    expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name: '东园' } } });
  expect(isOut).toBe(false);
  expect(noted).toHaveLength(3);
  disk.open();
  expect(await waiting).toEqual({ data: { parks: [{ rent: 3 }, { rent: 3 }, { rent: 3 }] } });
  expect(noted).toHaveLength(4);
});

test('an answer without data does not wait for its record', async () => {
  const { log } = slowLog();
  const down: TestSubgraph = { ...parks, answer: () => ({ errors: [{ message: 'x' }], data: null }) };
  await using hub = await startInProcess(
    { parks: { ...down, sdl: parks.sdl.replace('park: Park', 'park: Park!') } },
    { audit: log, fieldAccesses },
  );
  expect(await hub.ask('{ park { rent } }')).toMatchObject({ data: null });
});

test('while the log cannot be written, conditional answers are refused, others go out, and readiness says why', async () => {
  const noted: unknown[] = [];
  const log = aLog({
    append: () => Promise.reject(new AuditUnavailable('the disk is full')),
    note: (event) => noted.push(event) > 0,
    outage: { reason: 'the disk is full', since: '2026-11-22T00:00:00.000Z', lost: 0 },
  });
  await using hub = await startInProcess({ parks }, { audit: log, fieldAccesses });
  const refused = await post(hub.url, { query: '{ parks { rent } }' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(JSON.parse(refused.text)).toEqual({
    errors: [
      {
        message: 'The answer has data, but the audit log cannot record it now. Try again later.',
        extensions: { code: 'AUDIT_UNAVAILABLE', messageZh: expect.stringContaining('无法记录') },
      },
    ],
  });
  expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name: '东园' } } });
  expect(noted).toMatchObject([
    { decision: 'refused', errorCodes: ['AUDIT_UNAVAILABLE'] },
    { decision: 'answered' },
  ]);

  const ready = await fetch(`${hub.url}/readyz`, { headers: { connection: 'close' } });
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    checks: { parks: 'ready', auditLog: 'not ready: the disk is full' },
  });
});

test('a disk that is full: conditional answers are refused, and given again when it has room', async (context) => {
  await using disk = await mountSmallDisk();
  if (!disk) {
    console.warn('SKIPPED: the full disk, because this account may not mount one. Run it as root.');
    return context.skip();
  }
  await using audit = await createAudit();
  const folder = join(disk.path, 'g1');
  const log = await audit.open({ folder, retryMs: 20 });
  await using hub = await startInProcess({ parks }, { audit: log, fieldAccesses });
  const askRent = () => post(hub.url, { query: '{ parks { rent } }' });
  const checkOf = async () =>
    (await (await fetch(`${hub.url}/readyz`, { headers: { connection: 'close' } })).json()).checks.auditLog;
  expect(await askRent()).toMatchObject({ status: 200 });
  expect(await checkOf()).toBe('ready');

  await disk.fill();
  // What is left of the last page may still take some.
  await poll(async () => ((await askRent()).status === 503 ? true : undefined));
  expect(await checkOf()).toBe('not ready: the disk is full');
  expect(await post(hub.url, { query: '{ park { name } }' })).toMatchObject({ status: 200 });

  await disk.free();
  await poll(async () => ((await checkOf()) === 'ready' ? true : undefined));
  expect(await askRent()).toMatchObject({ status: 200 });
  await log.close();
  expect(await verifyChain(folder)).toMatchObject({ isSound: true, unsigned: 0 });
});

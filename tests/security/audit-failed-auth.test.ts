import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import type { AuditLog, AuditLogOptions } from '@wenshu/gateway/audit/audit-log.ts';
import type { AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { verifyChain } from '@wenshu/gateway/audit/verify.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import type { FieldAccess } from '@wenshu/gateway/request/field-access.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { expect, type TestContext, test } from 'vitest';
import { createAudit, linesOf } from '../support/audit.ts';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { bearer } from '../support/identity-provider.ts';
import { poll } from '../support/poll.ts';
import { recordingLog } from '../support/recording-log.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

// Strangers fill the disk of the audit log. On 10c1293 these attacks succeeded: each request of a stranger took 450 bytes for
// ever; when the disk was full conditional data stopped, and when the queue was full answers left without a record. The last
// one is on what keeps them from leaving: it could not be tried then.

const parks: TestSubgraph = {
  sdl: 'type Query { rent: Int name: String }',
  resolvers: { Query: { rent: () => 3, name: () => '东园' } },
};
const rent: readonly FieldAccess[] = [
  { coordinate: 'Query.rent', class: 'CONDITIONAL', owner: 'CULTURE_TOURISM' },
];
const name: readonly FieldAccess[] = [{ coordinate: 'Query.name', class: 'UNCONDITIONAL' }];

const known: Caller = { kind: 'department', department: 'PROPAGANDA', role: 'viewer', user: 'li.wei' };

async function startOn(
  log: AuditLog,
  onLog = recordingLog(),
  access: Partial<AccessOptions> = {},
  admission: GatewayOptions['admission'] = {},
) {
  const hub = await startInProcess(
    { parks },
    {
      audit: log,
      fieldAccesses: ({ document }) => (JSON.stringify(document).includes('"rent"') ? rent : name),
      access: { others: [async ({ bearer: token }) => (token === 'known' ? known : undefined)], ...access },
      admission,
      clientAddressOf: ({ headers }) => String(headers['x-from'] ?? '203.0.113.9'),
      log: onLog,
    },
  );
  const post = async (query: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, text: await response.text() };
  };
  return {
    ask: (query: string) => post(query, bearer('known')),
    askAsStranger: (query: string) => post(query),
    async knock(times: number, from: (i: number) => string = () => '203.0.113.9') {
      for (let i = 0; i < times; i += 50) {
        const some = Array.from({ length: Math.min(50, times - i) }, (_, j) =>
          post('{ rent }', { 'x-from': from(i + j) }),
        );
        for (const { status } of await Promise.all(some)) expect(status).toBe(401);
      }
    },
    async ready() {
      const response = await fetch(`${hub.url}/readyz`);
      return { status: response.status, state: (await response.json()).checks.auditLog };
    },
    metrics: async () => (await fetch(`${hub.url}/metrics`, { headers: bearer('known') })).text(),
    logged: onLog.lines,
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

const recordsIn = async (folder: string): Promise<readonly AuditRecord[]> =>
  (await linesOf(folder)).filter((line) => line !== '').map((line) => JSON.parse(line).record);

async function bytesIn(folder: string) {
  const sizes = (await readdir(folder)).map(async (each) => (await stat(join(folder, each))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function smallDisk(context: TestContext) {
  const disk = await mountSmallDisk();
  if (!disk) {
    console.warn('SKIPPED: the full disk, because this account may not mount one. Run it as root.');
    return context.skip();
  }
  return disk;
}

test('audit: a stranger takes 450 bytes of the disk with each request', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startOn(log);
  const before = await bytesIn(audit.folder);
  await hub.knock(400);
  await log.close();
  expect((await bytesIn(audit.folder)) - before).toBeLessThan(2_000);
  const records = await audit.records();
  expect(records.filter(({ kind }) => kind === 'answer')).toEqual([]);
  expect(records.filter(({ kind }) => kind === 'refusals')).toMatchObject([
    { clientAddress: '203.0.113.9', counts: { UNAUTHENTICATED: 400 }, since: expect.any(String) },
  ]);
});

test('audit: a stranger takes a record with each refused question where callers without a token are let in', async () => {
  // On caa8d77: who is let in without saying who it is was no stranger.
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startOn(log, recordingLog(), { letsInAnonymous: true });
  const before = await bytesIn(audit.folder);
  for (let i = 0; i < 40; i++) expect(await hub.askAsStranger('{ nothing }')).toMatchObject({ status: 400 });
  await log.close();
  expect((await bytesIn(audit.folder)) - before).toBeLessThan(2_000);
  expect(
    (await audit.records()).filter(({ kind }) => kind === 'answer' || kind === 'refusals'),
  ).toMatchObject([
    { kind: 'refusals', clientAddress: '203.0.113.9', counts: { GRAPHQL_VALIDATION_FAILED: 40 } },
  ]);
});

test('audit: a stranger takes a record with each question that no subgraph is asked for', async () => {
  // On e0e9d28 each was a record, without a limit.
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startOn(log, recordingLog(), { letsInAnonymous: true });
  const questions = [
    '{ __typename }',
    '{ a: __typename ... on Query { b: __typename } }',
    'query ($on: Boolean = false) { name @include(if: $on) }',
  ];
  for (let i = 0; i < 10; i++) {
    for (const query of questions) expect(await hub.askAsStranger(query)).toMatchObject({ status: 200 });
  }
  expect(await hub.askAsStranger('query Seen { name __typename }')).toMatchObject({ status: 200 });
  expect(await hub.ask('query Known { __typename }')).toMatchObject({ status: 200 });
  await log.close();
  const records = await audit.records();
  expect(
    records.flatMap((record) => (record.kind === 'answer' ? [record.operation?.name] : [])).toSorted(),
  ).toEqual(['Known', 'Seen']);
  expect(records.filter(({ kind }) => kind === 'refusals')).toMatchObject([
    { clientAddress: '203.0.113.9', counts: { NO_DATA: 30 } },
  ]);
});

test('audit: a known caller takes a record with each of any number of wrong questions', async () => {
  // On e0e9d28 there was no limit to them.
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startOn(log);
  for (let i = 0; i < 15; i++) {
    for (const query of [`{ nothing${i} }`, `{ name`])
      expect(await hub.ask(query)).toMatchObject({ status: 400 });
  }
  expect(await hub.ask('query Right { name }')).toMatchObject({ status: 200 });
  await log.close();
  const records = await audit.records();
  const answers = records.flatMap((record) => (record.kind === 'answer' ? [record.decision] : []));
  expect(answers).toEqual([...Array.from({ length: 20 }, () => 'refused'), 'answered']);
  expect(records.filter(({ kind }) => kind === 'refusals')).toMatchObject([
    {
      caller: { user: 'li.wei' },
      counts: { GRAPHQL_VALIDATION_FAILED: 5, GRAPHQL_PARSE_FAILED: 5 },
    },
  ]);
});

test('audit: a caller that is over its quota takes a record with each question', async () => {
  // On caa8d77: only those over the limit of a minute were counted.
  await using audit = await createAudit();
  const log = await audit.open();
  const rateLimits = {
    department: { costPerMinute: 0, costPerDay: 1 },
    partner: { costPerMinute: 0, costPerDay: 1 },
  };
  await using hub = await startOn(log, recordingLog(), {}, { rateLimits });
  expect(await hub.ask('{ name }')).toMatchObject({ status: 200 });
  for (let i = 0; i < 10; i++) expect(await hub.ask('{ name }')).toMatchObject({ status: 429 });
  await log.close();
  const records = await audit.records();
  expect(records.filter(({ kind }) => kind === 'answer').length).toBe(1);
  expect(records.filter(({ kind }) => kind === 'refusals')).toMatchObject([
    { caller: { user: 'li.wei' }, counts: { QUOTA_EXCEEDED: 10 } },
  ]);
});

test('audit: a stranger with many addresses takes a record for each', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startOn(log);
  await hub.knock(150, (i) => `2001:db8:0:${i.toString(16)}::${i + 1}`);
  await hub.knock(150, (i) => `2001:db8:0:1::${i + 1}`);
  await log.close();
  const counted = (await audit.records()).flatMap((record) => (record.kind === 'refusals' ? [record] : []));
  expect(counted.length).toBe(101);
  const of = (network: string) =>
    counted.find(({ clientAddress }) => clientAddress === network)?.counts.UNAUTHENTICATED;
  expect(of('2001:db8:0:1::/64')).toBe(151);
  expect(of('others')).toBe(50);
});

test('audit: strangers fill the disk until conditional data stops', async (context) => {
  await using disk = await smallDisk(context);
  await using audit = await createAudit();
  const log = await audit.open({ folder: join(disk.path, 'g1') });
  await using hub = await startOn(log);
  await hub.knock(1_000);
  expect(await hub.ask('{ rent }')).toMatchObject({ status: 200 });
  expect(await hub.ready()).toEqual({ status: 200, state: 'ready' });
  await log.close();
});

/** A hub on a small disk of which, by the setting, the rest is kept for known callers. */
async function startOnReserve(folder: string, options: Partial<AuditLogOptions>) {
  await using opening = new AsyncDisposableStack();
  const audit = opening.use(await createAudit());
  const warned = recordingLog();
  const log = await audit.open({ folder, log: warned, ...options });
  const hub = opening.use(await startOn(log, warned));
  const opened = opening.move();
  return { log, hub, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

test('audit: strangers take what room is left when the disk is nearly full, and nobody is warned', async (context) => {
  await using disk = await smallDisk(context);
  const folder = join(disk.path, 'g1');
  const options = { warnBelowBytes: 512 * 1024, refusalsMs: 5 };
  await using city = await startOnReserve(folder, options);
  const { hub, log } = city;
  const before = await bytesIn(folder);
  await hub.knock(100);
  expect(await bytesIn(folder)).toBe(before);
  expect(await hub.ask('{ rent }')).toMatchObject({ status: 200 });
  // On e0e9d28 it told strangers how many bytes.
  expect(await hub.ready()).toEqual({ status: 200, state: 'ready, but: its disk is nearly full' });
  expect(hub.logged).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'The disk of the audit log is nearly full.' }),
  );
  await log.close();
  expect((await recordsIn(folder)).map(({ kind }) => kind)).toEqual([
    'genesis',
    'answer',
    'stop',
    'checkpoint',
  ]);
});

test('audit: what room the disk has is on the page of metrics', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startInProcess({ parks }, { audit: log });
  const page = await (await fetch(`${hub.url}/metrics`)).text();
  expect(Number(/^wenshu_audit_free_bytes (\S+)$/m.exec(page)?.[1])).toBeGreaterThan(0);
  await log.close();
});

test('audit: answers leave without a record when the disk and the queue are full', async (context) => {
  await using disk = await smallDisk(context);
  const folder = join(disk.path, 'g1');
  await using city = await startOnReserve(folder, { queue: 8, retryMs: 20 });
  const { hub, log } = city;
  await disk.fill();
  // What is left of the last page may still take some.
  await poll(async () => ((await hub.ask('{ rent }')).status === 503 ? true : undefined));
  const given: number[] = [];
  for (let i = 0; i < 20; i++) given.push((await hub.ask(`query Open${i} { name }`)).status);
  expect(given).toEqual([
    ...given.filter((status) => status === 200),
    ...given.filter((status) => status === 503),
  ]);
  expect(given).toContain(200);
  expect(given).toContain(503);
  expect(await hub.ask('{ name }')).toMatchObject({
    status: 503,
    text: expect.stringContaining('AUDIT_UNAVAILABLE'),
  });

  await disk.free();
  await poll(async () => (log.outage ? undefined : true));
  await log.close();
  const onRecord = (await recordsIn(folder)).flatMap((record) =>
    record.kind === 'answer' && record.decision === 'answered' ? [record.operation?.name] : [],
  );
  given.forEach((status, i) => void (status === 200 && expect(onRecord).toContain(`Open${i}`)));
  expect(await verifyChain(folder)).toMatchObject({ isSound: true, unsigned: 0 });
});

test('audit: refused questions take the room in the queue from answers with data', async (context) => {
  await using disk = await smallDisk(context);
  await using city = await startOnReserve(join(disk.path, 'g1'), { queue: 16, retryMs: 60_000 });
  const { hub } = city;
  await disk.fill();
  await poll(async () => ((await hub.ask('{ rent }')).status === 503 ? true : undefined));
  // After these they are counted.
  for (let i = 0; i < 20; i++) await hub.ask('{ nothing }');
  expect(await hub.ask('{ name }')).toMatchObject({ status: 200 });
  expect(city.log.outage?.lost).toBeGreaterThan(0);
});

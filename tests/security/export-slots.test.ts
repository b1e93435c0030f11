import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import { createExportSlots } from '@wenshu/gateway/export/export-slots.ts';
import { expect, test } from 'vitest';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';

// On 10c1293 the first succeeded: exports that waited for their caller's rate limit kept all slots, and others got 503.

/** Rows without end. */
const rows: TestSubgraph = {
  sdl: `
    type Query { rows(first: Int, after: String): RowConnection @listSize(slicingArguments: ["first"], sizedFields: ["nodes"]) }
    type RowConnection { nodes: [Row!]! pageInfo: PageInfo! }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Row @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      rows: (_root: unknown, { first, after }: { first: number; after?: string }) => {
        const start = Number(after ?? 0);
        return {
          nodes: Array.from({ length: first }, (_, i) => ({ id: start + i })),
          pageInfo: { endCursor: String(start + first), hasNextPage: true },
        };
      },
    },
  },
};

const access: AccessOptions = {
  others: [
    async ({ headers }) => {
      const keyId = headers.get('x-caller') ?? '';
      const [partner = ''] = keyId.split('/');
      return { kind: 'partner', keyId, partner, isTest: false, scopes: [], regions: [] };
    },
  ],
};

const unlimited = { costPerMinute: 0, costPerDay: 0 };

/** After its first page an export waits for the next minute. */
const startHub = () =>
  startInProcess(
    { rows },
    {
      access,
      exportLimits: { concurrency: 2, perCaller: 2 },
      admission: {
        rateLimits: { department: unlimited, partner: { costPerMinute: 1_000, costPerDay: 1_000_000 } },
      },
    },
  );

async function startExport(url: string, caller: string) {
  const leaving = new AbortController();
  const response = await fetch(`${url}/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-caller': caller },
    body: JSON.stringify({ query: '{ rows { nodes { id } } }', marks: true }),
    signal: leaving.signal,
  });
  const chunks = response.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = '';
  /** What has come when this is in it; all, where it never is. */
  const readUntil = async (sought: string) => {
    for (let next = await chunks?.next(); next && !next.done; next = await chunks?.next()) {
      text += next.value;
      if (text.includes(sought)) break;
    }
    return text;
  };
  return { status: response.status, readUntil, leave: () => leaving.abort() };
}

test('exports that wait for their rate limit keep nobody from exporting', async () => {
  await using hub = await startHub();
  const waiting = [await startExport(hub.url, 'a/1'), await startExport(hub.url, 'a/1')];
  for (const each of waiting) expect(await each.readUntil('"pause"')).toContain('"pause"');
  const other = await startExport(hub.url, 'b/1');
  expect(other.status).toBe(200);
  expect(await other.readUntil('"pause"')).toContain('"id":"499"');
  for (const each of [...waiting, other]) each.leave();
});

test('a partner with as many exports as it may have gets no more, with another key neither; another partner has its own', async () => {
  await using hub = await startHub();
  const waiting = [await startExport(hub.url, 'a/1'), await startExport(hub.url, 'a/2')];
  for (const each of waiting) await each.readUntil('"pause"');
  // On 03cc490 it was answered: with two keys a partner had all slots of the hub.
  const refused = await startExport(hub.url, 'a/2');
  expect(refused.status).toBe(503);
  expect(JSON.parse(await refused.readUntil('never'))).toEqual({
    errors: [
      {
        message:
          '2 of your exports are running, which is the limit for one caller. Try again when one has ended.',
        extensions: { code: 'OVERLOADED', messageZh: expect.stringContaining('2 个') },
      },
    ],
  });
  const other = await startExport(hub.url, 'b/1');
  expect(other.status).toBe(200);
  for (const each of [...waiting, other]) each.leave();
});

test('floods of waiting exports are bounded, so that snapshots are left for others; the first has to be resumed', async () => {
  await using hub = await startHub();
  const waiting = [];
  for (const caller of ['a/1', 'b/1', 'c/1']) {
    const each = await startExport(hub.url, caller);
    await each.readUntil('"pause"');
    waiting.push(each);
  }
  expect(await waiting[0]?.readUntil('never')).toContain('"code":"EXPORT_INTERRUPTED"');
  for (const each of waiting) each.leave();
});

test('who has waited reads again in its turn', async () => {
  const slots = createExportSlots({ concurrency: 1, perCaller: 1 });
  const { signal } = new AbortController();
  const first = slots.take('a', () => {});
  first.pause();
  const second = slots.take('b', () => {});
  const order: string[] = [];
  const resumed = first.resume(signal).then(() => order.push('a reads'));
  expect(() => slots.take('c', () => {})).toThrow('1 exports are running');
  order.push('b ends');
  second.end();
  await resumed;
  expect(order).toEqual(['b ends', 'a reads']);
  expect(() => slots.take('c', () => {})).toThrow('1 exports are running');
  first.end();
  slots.take('c', () => {}).end();
});

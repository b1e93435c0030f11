import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import { badCredentials } from '@wenshu/gateway/request/refusal.ts';
import { expect, test } from 'vitest';
import { createAudit } from '../support/audit.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { exportFrom } from '../support/export.ts';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { ask } from '../support/sql.ts';

const filler = 'x'.repeat(4_000);

/** Rows without end, or so many; each of 4 kB. */
const endless = (rows = Number.POSITIVE_INFINITY): TestSubgraph => ({
  sdl: `
    type Query { rows(first: Int, after: String): RowConnection @listSize(slicingArguments: ["first"], sizedFields: ["nodes"]) }
    type RowConnection { nodes: [Row!]! pageInfo: PageInfo! totalCount: Int }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Row @key(fields: "id") { id: ID! text: String! }
  `,
  resolvers: {
    Query: {
      rows: (_root: unknown, { first, after }: { first: number; after?: string }) => {
        const start = Number(after ?? 0);
        const end = Math.min(start + first, rows);
        return {
          nodes: Array.from({ length: Math.max(0, end - start) }, (_, i) => ({
            id: start + i,
            text: filler,
          })),
          pageInfo: { endCursor: String(end), hasNextPage: end < rows },
          totalCount: null,
        };
      },
    },
  },
});

const body = JSON.stringify({ query: '{ rows { nodes { id text } } }' });
const headers = { 'content-type': 'application/json', connection: 'close' };

/** Takes nothing of an export but its beginning. */
async function stall(url: string, signal: AbortSignal, more: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/export`, {
    method: 'POST',
    headers: { ...headers, ...more },
    body,
    signal,
  });
  expect(response.status).toBe(200);
  return response;
}

test('a reader that stands still stops the reading; one that goes away ends it', async () => {
  await using hub = await startInProcess({ rows: endless() });
  const leaving = new AbortController();
  await stall(hub.url, leaving.signal);
  // It stops when what lies between is full: a few pages of 2 MB, of any number.
  let before = -1;
  const stopped = await poll(async () => {
    for (let i = 0; i < 20; i++) await hub.ask('{ __typename }');
    const same = hub.calls.length === before ? before : undefined;
    before = hub.calls.length;
    return same;
  });
  expect(stopped).toBeLessThan(20);
  leaving.abort();
  // One is let in again at once where only one may be: its place is free.
  expect(hub.calls.length).toBeLessThan(stopped + 3);
});

test('one export above the limit is refused, with the time of the next try', async () => {
  await using hub = await startInProcess({ rows: endless() }, { exportLimits: { concurrency: 1 } });
  const leaving = new AbortController();
  await stall(hub.url, leaving.signal);
  const refused = await exportFrom(hub.url, JSON.parse(body));
  expect([refused.status, refused.headers.get('retry-after'), JSON.parse(refused.text)]).toEqual([
    503,
    '5',
    {
      errors: [
        {
          message: '1 exports are running, which is the limit. Try again later.',
          extensions: { code: 'OVERLOADED', messageZh: '正在进行的导出已有 1 个,达到上限。请稍后再试。' },
        },
      ],
    },
  ]);
  leaving.abort();
  const next = new AbortController();
  await poll(
    async () =>
      (await fetch(`${hub.url}/export`, { method: 'POST', headers, body, signal: next.signal })).ok ||
      undefined,
  );
  next.abort();
});

test('a reader that takes nothing for too long is cut off', async () => {
  await using hub = await startInProcess(
    { rows: endless() },
    { exportLimits: { idleMs: 50, concurrency: 1 } },
  );
  const response = await stall(hub.url, new AbortController().signal);
  // Its place is free for another only when it is over.
  const next = new AbortController();
  await poll(
    async () =>
      (await fetch(`${hub.url}/export`, { method: 'POST', headers, body, signal: next.signal })).ok ||
      undefined,
  );
  next.abort();
  await expect(response.text()).rejects.toThrow();
});

const access: AccessOptions = {
  others: [
    async ({ headers: given }) =>
      given.get('x-caller') === 'key'
        ? { kind: 'partner', keyId: 'k1', partner: 'p1', isTest: false, scopes: [], regions: [] }
        : undefined,
  ],
};
const limited = (costPerMinute: number, costPerDay: number): Partial<GatewayOptions> => ({
  access,
  admission: {
    rateLimits: { department: { costPerMinute: 0, costPerDay: 0 }, partner: { costPerMinute, costPerDay } },
  },
});

test('nobody exports who is not known', async () => {
  await using hub = await startInProcess({ rows: endless(10) }, { access });
  expect(await exportFrom(hub.url, JSON.parse(body))).toMatchObject({ status: 401 });
});

test('an export costs what its rows cost, apart from questions, and ends with the quota', async () => {
  await using hub = await startInProcess({ rows: endless(3_000) }, limited(100_000, 1_500));
  const marked = { ...JSON.parse(body), marks: true };
  const { status, text } = await exportFrom(hub.url, marked, { 'x-caller': 'key' });
  expect(status).toBe(200);
  const closing = JSON.parse(text.trimEnd().split('\n').at(-1)?.slice(1) ?? '');
  expect(closing.closing.failure).toEqual({
    code: 'QUOTA_EXCEEDED',
    message: expect.stringContaining('may use a query cost of 1500 a day'),
  });
  const question = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'x-caller': 'key' },
    body: JSON.stringify({ query: '{ rows(first: 1) { nodes { id } } }' }),
  });
  expect(question.status).toBe(200);
});

/** What has come so far of an export with marks, each time more of it comes. */
async function* growing(url: string, signal?: AbortSignal): AsyncGenerator<string> {
  const response = await fetch(`${url}/export`, {
    method: 'POST',
    headers: { ...headers, 'x-caller': 'key' },
    body: JSON.stringify({ ...JSON.parse(body), marks: true }),
    ...(signal && { signal }),
  });
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    yield text;
  }
}

/** What comes of an export until this is in it; then its reader leaves. */
async function readUntil(url: string, sought: string): Promise<string> {
  const leaving = new AbortController();
  let text = '';
  for await (text of growing(url, leaving.signal)) if (text.includes(sought)) break;
  leaving.abort();
  return text;
}

test('an export that costs more than a minute allows reports each wait before it', async () => {
  await using hub = await startInProcess({ rows: endless() }, limited(1_000, 100_000));
  const marks = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .map((line) => JSON.parse(line.slice(1)));
  const pause = { kind: 'pause', seconds: expect.toSatisfy((seconds) => seconds > 0 && seconds <= 60) };
  const opening = expect.objectContaining({ kind: 'opening' });

  const first = await readUntil(hub.url, '"pause"');
  expect(marks(first)).toEqual([
    opening,
    { kind: 'page', page: expect.objectContaining({ rows: 500, cursor: '500' }) },
    pause,
  ]);
  expect(first.split('\n').filter((line) => line.startsWith('{'))).toHaveLength(500);
  // Nothing is left of the minute for another.
  expect(marks(await readUntil(hub.url, '"pause"'))).toEqual([opening, pause]);
});

/**
 * A minute lasts until its cost is used up: whatever the clock says, the first page is paid, and the second waits. What
 * a refused page gives back does not begin a new minute.
 */
const minutesByCost = (costPerMinute: number) => `
  create function wenshu_gateway.end_minute() returns trigger language plpgsql as $$
  declare now_ms bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
  begin
    new.expire = case
      when tg_op = 'UPDATE' and new.points < old.points and old.expire > now_ms then old.expire
      when new.points > ${costPerMinute} then now_ms + 1
      else now_ms + 3600000 end;
    return new;
  end $$;
  create trigger end_minute before insert or update on wenshu_gateway.usage
    for each row when (new.key like 'wenshu-minute%') execute function wenshu_gateway.end_minute()`;

test('a key that is revoked while its export waits is given nothing more', async () => {
  await using database = await createEmptyDatabase();
  // It is admitted when it arrives, and before each of two pages; the second has to wait.
  let left = 3;
  const revocable: AccessOptions = {
    others: [
      async (credentials) => {
        left -= 1;
        if (left < 0) throw badCredentials('API key "k1" was revoked.', { messageZh: '密钥已吊销。' });
        return access.others?.[0]?.(credentials);
      },
    ],
  };
  const { admission } = limited(1_000, 100_000);
  await using hub = await startInProcess(
    { rows: endless() },
    {
      access: revocable,
      admission: { ...admission, rateStore: { kind: 'postgres', url: database.adminUrl } },
    },
  );
  await ask(database.adminUrl, minutesByCost(1_000));
  const { text } = await exportFrom(hub.url, { ...JSON.parse(body), marks: true }, { 'x-caller': 'key' });
  const lines = text.trimEnd().split('\n');
  const kinds = lines.map((line) => (line.startsWith('#') ? JSON.parse(line.slice(1)) : { kind: 'row' }));
  const marks = kinds.filter(({ kind }) => kind !== 'row');
  expect(kinds.length - marks.length).toBe(500);
  // It may have to wait for more than one minute of the store's clock.
  expect([...new Set(marks.map(({ kind }) => kind))]).toEqual(['opening', 'page', 'pause', 'closing']);
  expect(lines.at(-1)).toContain('"code":"UNAUTHENTICATED"');
});

test('an export is on record: before its first row where it is not for everybody, and with what it came to', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startInProcess(
    { rows: endless(700) },
    {
      audit: log,
      fieldAccesses: () => [{ coordinate: 'Row.text', class: 'CONDITIONAL', owner: 'CULTURE_TOURISM' }],
    },
  );
  const { text } = await exportFrom(
    hub.url,
    { query: 'query Rows { rows { nodes { id text } } }' },
    { 'x-request-id': 'e1' },
  );
  await poll(
    async () => (await audit.records()).filter(({ kind }) => kind === 'export').length === 2 || undefined,
  );
  await log.close();
  const records = (await audit.records()).flatMap((each) => (each.kind === 'export' ? [each] : []));
  expect(
    records.map(({ requestId, decision, rows, bytes, operation }) => ({
      requestId,
      decision,
      rows,
      bytes,
      name: operation?.name,
    })),
  ).toEqual([
    { requestId: 'e1', decision: 'answered', rows: {}, bytes: 0, name: 'Rows' },
    {
      requestId: 'e1',
      decision: 'answered',
      rows: { Row: 700 },
      bytes: Buffer.byteLength(text),
      name: 'Rows',
    },
  ]);
});

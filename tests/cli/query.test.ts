import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { addEnterprises, exportFrom } from '../support/export.ts';
import { startHub } from '../support/hub.ts';
import { bearer, makeKey, sign, startIdentityProvider } from '../support/identity-provider.ts';
import { poll } from '../support/poll.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const query = `
  query Enterprises($name: String!) {
    enterprises(filter: {nameEn: {startsWith: $name}}) {
      nodes { id nameZh registeredCapital foundedOn isCultureRelated aliases updatedAt version honours { titleZh } region { code } }
    }
  }`;

/** A folder with a query in it, and a command that asks a hub with it. */
async function createDesk(text = query) {
  const folder = await createDataFolder();
  const file = join(folder.path, 'query.graphql');
  await writeFile(file, text);
  return {
    path: (name: string) => join(folder.path, name),
    read: (name: string) => readFile(join(folder.path, name), 'utf8'),
    query: (url: string, ...args: readonly string[]) =>
      runCommandHere(['query', file, '--hub', url, ...args]),
    /** The same as a process, which can be killed. */
    startQuery: (url: string, ...args: readonly string[]) => runCli(['query', file, '--hub', url, ...args]),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const some = ['--var', 'name=Enterprise '];

/** Enterprises of which an export has several pages. */
let filled: TestDatabase;
beforeAll(async () => {
  filled = await createDatabase();
  await addEnterprises(filled.adminUrl, 1_500);
});
afterAll(() => filled[Symbol.asyncDispose]());

/** Stands before a hub, and cuts the first so many answers off after some bytes; undefined leaves them hanging there. */
async function startBreaking(url: string, times: number, afterBytes: number, cuts = true) {
  let left = times;
  const server = createServer((request, response) => {
    const onward = ask(`${url}${request.url}`, { method: 'POST', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      const breaks = left > 0;
      left -= 1;
      let seen = 0;
      answer.on('data', (chunk: Buffer) => {
        if (breaks && seen + chunk.length > afterBytes) {
          response.write(chunk.subarray(0, Math.max(0, afterBytes - seen)));
          seen = afterBytes;
          answer.pause();
          if (cuts) setImmediate(() => response.destroy());
          return;
        }
        seen += chunk.length;
        response.write(chunk);
      });
      answer.on('end', () => response.end());
    });
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('writes a table in every format, whole, with a manifest', async () => {
  await using hub = await startHub({ ownRows: true });
  await using desk = await createDesk();
  await addEnterprises(hub.database.adminUrl, 600);
  const { default: postgres } = await import('postgres');
  const sql = postgres(hub.database.adminUrl, { max: 1 });
  await sql`
    update enterprises.enterprises
    set registered_capital = 12345678901234567.25, founded_on = '1999-12-31', is_culture_related = true, aliases = ${['<甲>', '=b']},
      updated_at = '2026-01-02T03:04:05.678901Z'
    where id = 'ent-test-00001'`;
  await sql`insert into enterprises.enterprise_honours (owner_id, seq, title_zh) values ('ent-test-00001', 0, '奖')`;
  await sql.end();
  const { text } = await exportFrom(hub.url, { query, variables: { name: 'Enterprise ' } });
  const first = {
    id: 'ent-test-00001',
    nameZh: '企业1',
    registeredCapital: '12345678901234567.25',
    foundedOn: '1999-12-31',
    isCultureRelated: true,
    aliases: ['<甲>', '=b'],
    updatedAt: '2026-01-02T03:04:05.678901Z',
    version: 1,
    honours: [{ titleZh: '奖' }],
    'region.code': null,
  };
  expect(JSON.parse(text.split('\n')[0] ?? '')).toEqual(first);

  for (const format of ['ndjson', 'csv', 'parquet', 'xlsx']) {
    const out = `out.${format}`;
    const ended = await desk.query(hub.url, ...some, '-o', desk.path(out));
    expect(ended).toEqual({ code: 0, output: `600 rows in ${desk.path(out)}.` });
    const bytes = await readFile(desk.path(out));
    const manifest = JSON.parse(await desk.read(`${out}.manifest.json`));
    expect(manifest).toEqual({
      file: out,
      format,
      rows: 600,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      asOf: [{ fromRow: 0, asOf: { enterprises: expect.stringMatching(/^20..-..-..T.*Z$/) } }],
      queryHash: expect.stringMatching(/^[\da-f]{64}$/),
      columns: expect.arrayContaining([{ name: 'registeredCapital', kind: 'decimal', isList: false }]),
      hubVersion: '0.1.0',
      errors: {},
      startedAt: expect.any(String),
      endedAt: expect.any(String),
    });
    expect(existsSync(desk.path(`${out}.part`))).toBe(false);
    expect(existsSync(desk.path(`${out}.part.json`))).toBe(false);
  }
  expect(await desk.read('out.ndjson')).toBe(text);
  expect((await desk.read('out.csv')).split('\r\n')[1]).toBe(
    'ent-test-00001,企业1,12345678901234567.25,1999-12-31,true,<甲>;=b,2026-01-02T03:04:05.678901Z,1,"[{""titleZh"":""奖""}]",',
  );
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(desk.path('out.parquet')) });
  expect(rows.length).toBe(600);
  expect(rows[0]).toEqual({
    ...first,
    // The reader makes a double of it; the file has all its digits.
    registeredCapital: Number(first.registeredCapital),
    foundedOn: new Date('1999-12-31'),
    updatedAt: new Date('2026-01-02T03:04:05.678Z'),
  });
  const sheet = Buffer.from(
    unzipSync(await readFile(desk.path('out.xlsx')))['xl/worksheets/sheet1.xml'] ?? [],
  ).toString();
  expect(sheet.match(/<row>/g)?.length).toBe(601);
  expect(sheet).toContain('<t xml:space="preserve">&lt;甲&gt;;=b</t>');
}, 60_000);

test('goes on by itself after the connection breaks: no row twice, none lost', async () => {
  await using hub = await startHub({ database: filled });
  await using desk = await createDesk();
  const { text } = await exportFrom(hub.url, { query, variables: { name: 'Enterprise ' } });
  await using broken = await startBreaking(hub.url, 1, 150_000);
  const { code, output } = await desk.query(broken.url, ...some, '-o', desk.path('out.ndjson'));
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(/broke.* Continuing in 1 s\.\n1,500 rows in/s),
  });
  expect(await desk.read('out.ndjson')).toBe(text);
  const { asOf } = JSON.parse(await desk.read('out.ndjson.manifest.json'));
  expect(asOf.map(({ fromRow }: { fromRow: number }) => fromRow)).toEqual([0, 500]);
}, 60_000);

test.each(['csv', 'parquet'])(
  'is resumed after it was killed, in %s',
  async (format) => {
    await using hub = await startHub({ database: filled });
    await using desk = await createDesk('{ enterprises { nodes { id nameZh } } }');
    await using hanging = await startBreaking(hub.url, 1, 60_000, false);
    const out = desk.path(`out.${format}`);
    await using killed = desk.startQuery(hanging.url, '-o', out);
    await poll(
      async () =>
        (await desk.read(`out.${format}.part.json`).catch(() => '')).includes('"rows":500') || undefined,
    );
    await killed.kill('SIGKILL');
    expect(existsSync(out)).toBe(false);
    // As if it had been killed in the middle of a write.
    await writeFile(`${out}.part`, 'half a row', { flag: 'a' });

    const resumed = await desk.query(hub.url, '-o', out, '--resume');
    expect(resumed).toMatchObject({ code: 0, output: expect.stringContaining('Continuing after 500 rows.') });
    const whole = desk.path(`whole.${format}`);
    expect(await desk.query(hub.url, '-o', whole)).toMatchObject({ code: 0 });
    expect((await readFile(out)).equals(await readFile(whole))).toBe(true);
    const other = await desk.query(hub.url, '-o', out, '--resume', '--format', 'ndjson');
    expect(other.code).toBe(0);
  },
  60_000,
);

test('says that it waits for the rate limit, and is resumed from there', async () => {
  const key = await makeKey('k1');
  await using provider = await startIdentityProvider(key);
  const none = { costPerMinute: 0, costPerDay: 0 };
  await using hub = await startHub({
    ownRows: true,
    access: { departments: provider.options },
    // Of 1,300 rows the first page leaves too little for the second.
    admission: { rateLimits: { department: { ...none, costPerMinute: 1_000 }, partner: none } },
  });
  await addEnterprises(hub.database.adminUrl, 1_300);
  await using desk = await createDesk(
    '{ enterprises(filter: {nameEn: {startsWith: "Enterprise "}}) { nodes { id nameZh } } }',
  );
  const out = desk.path('out.ndjson');
  const finance = await sign(key, { department: 'FINANCE' });
  await using waiting = desk.startQuery(hub.url, '--token', finance, '-o', out);
  await waiting.printed(
    /^38 % {2}500 of 1,300 rows, waits (\d+ s|1 min 0 s) for the rate limit of this minute$/m,
  );
  expect(await waiting.kill('SIGINT')).toMatchObject({
    code: 6,
    output: expect.stringContaining('Interrupted. The rows so far are'),
  });

  // Another department has a minute of its own.
  const culture = await sign(key, { department: 'CULTURE_TOURISM' });
  const resumed = await desk.query(hub.url, '--token', culture, '-o', out, '--resume');
  expect(resumed).toEqual({ code: 0, output: `Continuing after 500 rows.\n1,300 rows in ${out}.` });
  const ids = (await desk.read('out.ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(ids).toEqual(Array.from({ length: 1_300 }, (_, i) => `ent-test-${String(i + 1).padStart(5, '0')}`));
}, 60_000);

test('the exit code says how it ended', async () => {
  const key = await makeKey('k1');
  await using provider = await startIdentityProvider(key);
  await using hub = await startHub({ database: filled, down: ['party'] });
  await using guarded = await startHub({ access: { departments: provider.options } });
  await using desk = await createDesk(
    '{ parks(filter: {id: {in: ["park-798"]}}) { nodes { id partyUnit { nameZh } } } }',
  );
  const run = async (url: string, ...args: readonly string[]) => await desk.query(url, ...args);
  const out = desk.path('out.csv');
  const nowhere = await startBreaking(hub.url, 0, 0);
  await nowhere[Symbol.asyncDispose]();

  expect(await run(hub.url)).toEqual({
    code: 4,
    output: expect.stringContaining('Something is missing in the rows: SUBGRAPH_UNAVAILABLE 1 times.'),
  });
  expect(await run(hub.url, '-o', out, '--strict')).toMatchObject({ code: 4 });
  expect(existsSync(out)).toBe(false);
  expect(await run(hub.url, '--format', 'xlsx')).toMatchObject({ code: 2 });
  expect(await run(hub.url, '--var', 'x=1')).toEqual({
    code: 2,
    output: 'wenshu: The query has no variable for --var x=1.',
  });
  expect(await run(nowhere.url)).toEqual({
    code: 5,
    output: `wenshu: There is no hub at ${nowhere.url} (ECONNREFUSED).`,
  });
  // What an earlier try left is still there after one that was refused.
  await writeFile(`${out}.part`, 'rows');
  expect(await run(guarded.url, '-o', out)).toMatchObject({
    code: 3,
    output: expect.stringContaining('(UNAUTHENTICATED)'),
  });
  expect(await desk.read('out.csv.part')).toBe('rows');
  await rm(`${out}.part`);
  const token = await sign(key, { department: 'FINANCE' });
  expect(bearer(token).authorization).toContain(token);
  expect(await run(guarded.url, '--token', token)).toMatchObject({
    code: 4,
    output: expect.stringContaining('NOT_SHARED 1 times'),
  });
  expect(await run(guarded.url, '--token', token, '--strict')).toMatchObject({
    code: 3,
    output: expect.stringContaining('(NOT_SHARED)'),
  });

  await using enterprises = await createDesk('{ enterprises { nodes { id nameZh } } }');
  await using broken = await startBreaking(hub.url, 1, 60_000);
  const interrupted = await enterprises.query(broken.url, '-o', out, '--retries', '0');
  expect(interrupted).toMatchObject({
    code: 6,
    output: expect.stringContaining(
      `The rows so far are in ${out}.part. Run the command again with --resume.`,
    ),
  });
}, 60_000);

test('a full disk is reported, and the received rows are kept', async (context) => {
  await using disk = await mountSmallDisk();
  if (!disk) return context.skip('This account may not mount a disk.');
  await using hub = await startHub({ database: filled });
  await using desk = await createDesk();
  const out = join(disk.path, 'out.ndjson');
  const { code, output } = await desk.query(hub.url, ...some, '-o', out);
  expect({ code, output }).toEqual({
    code: 7,
    output: `wenshu: The disk is full. The rows so far are in ${out}.part. Free space, then run the command again with --resume.`,
  });
  expect(existsSync(out)).toBe(false);
}, 60_000);

test('prints what is no table, and explains what it would do', async () => {
  await using hub = await startHub();
  await using one = await createDesk('query ($id: ID!) { park(id: $id) { nameZh } }');
  expect(await one.query(hub.url, '--var', 'id=park-798')).toEqual({
    code: 0,
    output: JSON.stringify({ data: { park: { nameZh: '798艺术区' } } }, null, 2),
  });
  await using table = await createDesk('{ parks { nodes { id } } }');
  expect(await table.query(hub.url, '--format', 'csv')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^\uFEFF?id\r\npark-22c-radio-tv\r\n/),
  });
  expect(await table.query(hub.url, '--explain')).toMatchObject({
    code: 3,
    output: expect.stringContaining('(FORBIDDEN)'),
  });
}, 60_000);

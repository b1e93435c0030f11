import { type DatabaseName, databaseNames } from '@wenshu/migrations/database-names.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { steward } from '../support/callers.ts';
import { createDatabase, databaseOn, type TestDatabase } from '../support/database.ts';
import { startHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask, refusalOf, refusalOn } from '../support/sql.ts';
import { startThrowAwayPostgres } from '../support/throw-away-postgres.ts';

// On 10c1293 each of these was carried out: a role could connect to any database of the server, make temporary tables and
// large objects, take any advisory lock (that of migrations too, for ever), and hear the ids of keys on the channel "hub".

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  // A copy has the rights of databases anew, as an installation of before has: the next start revokes them.
  await migrate({ adminUrl: database.adminUrl });
});
afterAll(() => database[Symbol.asyncDispose]());

const otherThan = (name: DatabaseName) => databaseNames.find((each) => each !== name);

const attacks: readonly (readonly [
  what: string,
  statement: (name: DatabaseName) => string,
  refusal: RegExp,
])[] = [
  [
    'takes an advisory lock',
    () => 'select pg_advisory_lock(7825773)',
    /^permission denied for function pg_advisory_lock$/,
  ],
  ['tries an advisory lock', () => 'select pg_try_advisory_lock(1, 2)', /^permission denied for function/],
  ['takes one for a transaction', () => 'select pg_advisory_xact_lock(1)', /^permission denied for function/],
  ['shares one', () => 'select pg_try_advisory_xact_lock_shared(1)', /^permission denied for function/],
  ['frees all', () => 'select pg_advisory_unlock_all()', /^permission denied for function/],
  [
    'makes a temporary table',
    () => 'create temp table t (a int)',
    /^permission denied to create temporary tables in database/,
  ],
  ['makes a large object', () => 'select lo_create(0)', /^permission denied for function lo_create$/],
  ['writes one', () => "select lo_from_bytea(0, 'x')", /^permission denied for function lo_from_bytea$/],
  ['makes a table in public', () => 'create table public.t (a int)', /^permission denied for schema public$/],
  ['uses public', () => "select public.similarity('a', 'b')", /^permission denied for schema public$/],
  ['makes a schema', () => 'create schema mine', /^permission denied for database/],
  ['makes a table of its own', (name) => `create table ${name}.t (a int)`, /^permission denied for schema/],
  [
    'makes a function',
    (name) => `create function ${name}.f() returns int language sql as 'select 1'`,
    /^permission denied for schema/,
  ],
  [
    'reads the schema of another',
    (name) => `select from ${otherThan(name)}.migrations`,
    /^permission denied for schema/,
  ],
  ['becomes another', (name) => `set role wenshu_${otherThan(name)}`, /^permission denied to set role/],
  ['reads a file', () => "select pg_read_file('PG_VERSION')", /^permission denied for function/],
  ['lists a folder', () => "select pg_ls_dir('.')", /^permission denied for function/],
  ['runs a program', () => "copy (select 1) to program 'true'", /^permission denied to COPY/],
  ['reads passwords', () => 'select from pg_authid', /^permission denied for table pg_authid$/],
  ['loads an extension', () => 'create extension dblink', /^permission denied to create extension/],
];

describe.each(databaseNames)('attack: the role of %s', (name) => {
  let sql: postgres.Sql;
  beforeAll(() => {
    sql = postgres(database.urls[name], { max: 1, fetch_types: false, onnotice: () => {} });
  });
  afterAll(() => sql.end());

  test.each(attacks)('%s', async (_what, statement, refusal) => {
    expect(await refusalOn(sql, statement(name))).toMatch(refusal);
  });

  test('reads and writes its own schema all the same', async () => {
    expect([...(await sql`select current_user::text as me`)]).toEqual([{ me: `wenshu_${name}` }]);
  });

  test.each(['postgres', 'template1'])('connects to the database %s', async (other) => {
    expect(await refusalOf(databaseOn(database.urls[name], other), 'select 1')).toBe(
      `permission denied for database "${other}"`,
    );
  });

  test('reads what another asks', async () => {
    const other = postgres(database.adminUrl, { max: 1, fetch_types: false });
    await other`select 'of another'`;
    const seen = await sql`select query from pg_stat_activity where usename <> current_user`;
    expect(JSON.stringify(seen)).not.toContain('of another');
    await other.end();
  });
});

test('attack: any other role of the server connects to the database of the hub', async () => {
  const role = `stranger_${database.adminUrl.slice(-12)}`;
  await ask(database.adminUrl, `create role ${role} login password 'x'`);
  const url = new URL(database.adminUrl);
  url.username = role;
  url.password = 'x';
  expect(await refusalOf(url.href, 'select 1')).toMatch(/^permission denied for database/);
  await ask(database.adminUrl, `drop role ${role}`);
});

test('an installation of before is closed by its next start, and a start that finds it closed changes nothing', async () => {
  await using old = await createDatabase();
  await ask(old.adminUrl, 'grant execute on function pg_advisory_lock(bigint) to public');
  await ask(old.adminUrl, 'grant all on schema public to public');
  await migrate({ adminUrl: old.adminUrl });
  expect(await refusalOf(old.urls.parks, 'select pg_advisory_lock(1)')).toMatch(/^permission denied/);
  const rights =
    'select xmin::text from pg_proc where proname = $$pg_advisory_lock$$ union all select xmin::text from pg_namespace where nspname = $$public$$';
  const before = await ask(old.adminUrl, rights);
  await migrate({ adminUrl: old.adminUrl });
  expect(await ask(old.adminUrl, rights)).toEqual(before);
});

// On a server of its own: it changes the passwords of roles that all databases of a server share.
test('an administrator who may not revoke all is warned of what stays open, and the hub is migrated', async () => {
  await using server = await startThrowAwayPostgres({});
  await ask(databaseOn(server.url, 'postgres'), `create role managed login createdb createrole password 'x'`);
  const url = new URL(databaseOn(server.url, 'city'));
  url.username = 'managed';
  url.password = 'x';
  await ask(databaseOn(server.url, 'postgres'), 'create database city owner managed template template0');
  const warnings: string[] = [];
  const urls = await migrate({ adminUrl: url.href }, (line) => warnings.push(line));
  expect(warnings).toEqual([
    'Every role of the database server may still do this in the database city, because its administrator may not ' +
      'revoke it: to take advisory locks, to make large objects.',
  ]);
  expect(await refusalOf(urls.parks, 'create temp table t (a int)')).toMatch(/^permission denied/);
});

test('attack: announcements reveal no row to listeners, and forged ones change nothing', async () => {
  await using hub = await startHub({ keys: true, ownRows: true });
  const { urls } = hub.database;
  const heard: string[] = [];
  const listener = postgres(urls.parks, { max: 1 });
  await listener.listen('hub', (text) => heard.push(text));
  const { secret, apiKey } = await hub.issue({ scopes: ['Park'] });
  await poll(() => heard[0]);
  expect(heard.every((text) => text === 'api_keys')).toBe(true);
  expect(heard.join()).not.toContain(apiKey.id);

  const count = () => hub.as({ secret }).ask('{ parks { totalCount } }');
  const before = await count();
  expect(before.data?.parks).toMatchObject({ totalCount: expect.any(Number) });
  for (const text of [
    'api_keys',
    `api_keys ${apiKey.id}`,
    'agreements x',
    '',
    '{"revoked":true}',
    'x'.repeat(7_000),
  ]) {
    await listener.notify('hub', text);
    expect(await count()).toEqual(before);
  }
  await listener.unsafe(
    `do $$ begin for i in 1..5000 loop perform pg_notify('hub', 'agreements ' || i); end loop; end $$`,
  );
  expect(await count()).toEqual(before);
  await hub
    .as(steward)
    .ask('mutation ($id: ID!) { revokeApiKey(id: $id, reason: "x") { id } }', { id: apiKey.id });
  await poll(async () => ((await count()).errors ? true : undefined));
  await listener.end();
});

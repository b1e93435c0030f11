import { readFileSync } from 'node:fs';
import { databaseNames } from '@wenshu/migrations/database-names.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { ask, refusalOf } from '../support/sql.ts';

describe('the role of a subgraph', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(databaseNames)('%s reads and writes its own schema, and no other', async (name) => {
    const readable = await ask(
      database.urls[name],
      `select distinct table_schema from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema', 'public')`,
    );
    expect(readable).toEqual([{ table_schema: name }]);
  });

  it('parks cannot read enterprises', async () => {
    expect(await refusalOf(database.urls.parks, 'select from enterprises.enterprises')).toBe(
      'permission denied for schema enterprises',
    );
  });

  it.each([
    [
      'make tables in its own schema',
      'create table parks.more (id text)',
      'permission denied for schema parks',
    ],
    ['make tables in public', 'create table public.more (id text)', 'permission denied for schema public'],
    [
      'see or change which migrations ran',
      'delete from parks.migrations',
      'permission denied for table migrations',
    ],
    ['become another', 'set role wenshu_enterprises', 'permission denied to set role "wenshu_enterprises"'],
  ])('cannot %s', async (_what, sql, refusal) => {
    expect(await refusalOf(database.urls.parks, sql)).toBe(refusal);
  });

  it('needs its password', async () => {
    const url = new URL(database.urls.parks);
    url.password = 'guessed';
    expect(await refusalOf(url.href, 'select 1')).toBe(
      'password authentication failed for user "wenshu_parks"',
    );
  });
});

describe('migrate', () => {
  it('brings an empty database up to date, also when two processes start at once', async () => {
    await using database = await createEmptyDatabase();
    const { adminUrl } = database;
    const [urls] = await Promise.all([migrate({ adminUrl }), migrate({ adminUrl })]);
    const count = 'select count(*)::int as migrations from parks.migrations';
    const [first] = await ask(adminUrl, count);
    await migrate({ adminUrl });
    expect(await ask(adminUrl, count)).toEqual([first]);
    expect(await ask(urls.parks, 'select current_user as me')).toEqual([{ me: 'wenshu_parks' }]);
  });

  it('gives parks that were loaded before the revenue that is published of them', async () => {
    await using database = await createDatabase();
    const [sql = ''] = readFileSync(
      new URL('../../migrations/parks/0003_revenue-of-parks.sql', import.meta.url),
      'utf8',
    )
      .split('--> statement-breakpoint')
      .slice(-1);
    const revenues = `select id, revenue, revenue_approx, revenue_period_start::text, revenue_period_end::text
      from parks.parks where revenue is not null order by 1`;
    const loaded = await ask(database.adminUrl, revenues);
    expect(loaded).toEqual([
      {
        id: 'park-nciz',
        revenue: '67420000000',
        revenue_approx: 'EXACT',
        revenue_period_start: '2024-01-01',
        revenue_period_end: '2024-05-31',
      },
    ]);
    await ask(
      database.adminUrl,
      `update parks.parks set revenue = null, revenue_approx = null, revenue_period_start = null, revenue_period_end = null; ${sql}`,
    );
    expect(await ask(database.adminUrl, revenues)).toEqual(loaded);
  });

  it('takes no harm from hubs on other databases of the server that start at once', async () => {
    await using one = await createEmptyDatabase();
    await using two = await createEmptyDatabase();
    await using three = await createEmptyDatabase();
    const all = [one, two, three];
    await Promise.all(all.map(({ adminUrl }) => migrate({ adminUrl })));
    await Promise.all(all.map(({ adminUrl }) => migrate({ adminUrl })));
    expect(await ask(three.urls.parks, 'select current_user as me')).toEqual([{ me: 'wenshu_parks' }]);
  });

  it("works in a database of the subgraph's own as whoever its address names", async () => {
    await using hub = await createEmptyDatabase();
    await using own = await createEmptyDatabase();
    const parks = await ownerOf(own.adminUrl);
    await migrate({ adminUrl: hub.adminUrl, separateUrls: { parks } });
    const schemas = (url: string) =>
      ask(url, "select schemaname as name from pg_tables where tablename = 'migrations' order by 1");
    expect(await schemas(own.adminUrl)).toEqual([{ name: 'parks' }]);
    expect((await schemas(hub.adminUrl)).map(({ name }) => name)).toEqual([
      'enterprises',
      'events',
      'hub',
      'party',
      'policies',
    ]);
  });

  it('leaves a database alone that a newer hub has migrated', async () => {
    await using database = await createDatabase();
    const { adminUrl } = database;
    await ask(
      adminUrl,
      "insert into parks.migrations (hash, created_at) values ('of tomorrow', 9999999999999)",
    );
    await expect(migrate({ adminUrl })).rejects.toThrow(
      'The schema "parks" was migrated by another version of the hub, in ways that this one does not know.',
    );
  });

  it('names the database that cannot be reached, and not its password', async () => {
    const adminUrl = 'postgres://admin:secret@127.0.0.1:1/hub';
    await expect(migrate({ adminUrl })).rejects.toThrow(
      'The database 127.0.0.1:1/hub says: connect ECONNREFUSED 127.0.0.1:1.',
    );
  });

  it('asks for the address of each subgraph that has none', async () => {
    await expect(migrate({})).rejects.toThrow(
      'No database for enterprises: set DATABASE_URL or ENTERPRISES_DATABASE_URL.',
    );
  });
});

/** The address of a new login that owns the database, as an agency's own would. */
async function ownerOf(adminUrl: string): Promise<string> {
  const url = new URL(adminUrl);
  const name = url.pathname.slice(1);
  await ask(
    adminUrl,
    `create role ${name}_owner login password 'own'; alter database ${name} owner to ${name}_owner`,
  );
  url.username = `${name}_owner`;
  url.password = 'own';
  return url.href;
}

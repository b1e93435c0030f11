import { readFileSync } from 'node:fs';
import { databaseNames } from '@wenshu/migrations/database-names.ts';
import { readDataset } from '@wenshu/migrations/load/dataset.ts';
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

  it('gives rows that were loaded before the stages, paraphrases and periods of now', async () => {
    await using database = await createDatabase();
    const lastOf = (file: string) =>
      readFileSync(new URL(`../../migrations/${file}`, import.meta.url), 'utf8')
        .split('--> statement-breakpoint')
        .at(-1);
    const rows = async () => [
      await ask(database.adminUrl, 'select * from parks.project_stages order by project_id, seq'),
      await ask(database.adminUrl, 'select id, is_paraphrase from policies.measures order by id'),
      await ask(
        database.adminUrl,
        'select id, period_label, period_start::text, period_end::text from enterprises.indicators order by id',
      ),
    ];
    const loaded = await rows();
    await ask(
      database.adminUrl,
      `update parks.project_stages set part_zh = null;
       update parks.project_stages s set stage = old.stage, status = old.status
         from (values ${stagesBefore}) old (project_id, seq, stage, status)
         where s.project_id = old.project_id and s.seq = old.seq;
       update policies.measures set is_paraphrase = false;
       update enterprises.indicators set period_label = '2021 to Nov', period_start = '2021-01-01', period_end = '2021-11-09'
         where id in ('ind-haier-growth', 'ind-goertek-growth')`,
    );
    expect(await rows()).not.toEqual(loaded);
    for (const file of ['parks/0004', 'policies/0004', 'enterprises/0003'])
      await ask(database.adminUrl, lastOf(`${file}_chinese-texts.sql`) ?? '');
    expect(await rows()).toEqual(loaded);
  });

  it('gives rows that were loaded before their honours, targets and subjects from columns and links', async () => {
    await using database = await createDatabase();
    const { adminUrl } = database;
    const dataset = await readDataset(new URL('../../migrations/data/', import.meta.url));
    const rows = () =>
      Promise.all([
        ...heldInColumns.map(({ table, order }) => ask(adminUrl, `select * from ${table} order by ${order}`)),
        ...linked.map(([table]) =>
          ask(adminUrl, `select owner_id, role, target_type, target_id from ${table} order by 1, 2, 4`),
        ),
        ask(adminUrl, "select * from policies.policy_subjects where role = 'ATTRACTED' order by seq"),
      ]);
    const loaded = await rows();
    for (const held of loaded) expect(held.length).toBeGreaterThan(0);

    const records = [
      ...dataset.enterprises,
      ...dataset.events,
      ...dataset.projects,
      ...dataset.partyUnits,
      ...dataset.organisations,
    ];
    const links = records.flatMap(({ id, relations }) =>
      relations.map(({ type, targetId }, seq) => [id, seq, type, dataset.typeOf(targetId), targetId]),
    );
    const values = links.map((link) => `('${link.join("', '")}')`).join(', ');
    for (const { from, column, table, value } of heldInColumns)
      await ask(
        adminUrl,
        `alter table ${from} add ${column} jsonb not null default '[]';
         update ${from} as owner set ${column} = (
           select coalesce(jsonb_agg(${value} order by seq), '[]') from ${table} as held where ${table.includes('targets') ? 'project_id' : 'owner_id'} = owner.id);
         delete from ${table}`,
      );
    for (const [table] of linked) await ask(adminUrl, `delete from ${table}`);
    await ask(adminUrl, "delete from policies.policy_subjects where role = 'ATTRACTED'");
    for (const schema of new Set(linked.map(([table]) => table.split('.')[0])))
      await ask(
        adminUrl,
        `create table ${schema}.links (subject_id text, seq int, type text, target_type text, target_id text);
         insert into ${schema}.links select subject_id, seq::int, type, target_type, target_id
           from (values ${values}) as stated(subject_id, seq, type, target_type, target_id)`,
      );

    const files = [...heldInColumns.map(({ file }) => file), ...linked.map(([, file]) => file)];
    for (const file of new Set(files)) {
      const sql = readFileSync(new URL(`../../migrations/${file}.sql`, import.meta.url), 'utf8');
      for (const statement of sql.split('--> statement-breakpoint'))
        if (statement.trim().startsWith('INSERT')) await ask(adminUrl, statement);
    }
    expect(await rows()).toEqual(loaded);
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

const honour = "jsonb_build_object('titleZh', title_zh, 'year', year, 'level', level)";
const heldInColumns = [
  ['enterprises.enterprises', 'honours', 'enterprises.enterprise_honours', 'enterprises/0009'],
  ['parks.parks', 'recognitions', 'parks.park_recognitions', 'parks/0009'],
  ['events.works', 'honours', 'events.work_honours', 'events/0008'],
  ['party.party_units', 'honours', 'party.party_unit_honours', 'party/0009'],
  ['party.party_brands', 'honours', 'party.party_brand_honours', 'party/0009'],
  ['parks.projects', 'targets', 'parks.project_targets', 'parks/0009'],
].map(([from = '', column = '', table = '', file = '']) => ({
  from,
  column,
  table,
  file: `${file}_honours-and-subjects`,
  order: column === 'targets' ? 'project_id, seq' : 'owner_id, seq',
  value:
    column === 'targets'
      ? "jsonb_build_object('period', period, 'periodZh', period_zh, 'textZh', text_zh)"
      : honour,
}));

/** Tables of subjects, each with the migration that fills it from the links of before. */
const linked = [
  ['enterprises.enterprise_subjects', 'enterprises/0010_links-are-typed'],
  ['events.event_subjects', 'events/0009_links-are-typed'],
  ['parks.project_subjects', 'parks/0010_links-are-typed'],
  ['party.party_unit_subjects', 'party/0010_links-are-typed'],
  ['party.party_mechanism_subjects', 'party/0010_links-are-typed'],
  ['policies.agency_subjects', 'policies/0011_links-are-typed'],
] as const;

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

/** Stages of the dataset as databases from before hold them: project, place, stage, status. */
const stagesBefore = `
  ('prj-bfa-huairou', 1, 'PHASE1_MAIN_STRUCTURE', 'IN_PROGRESS'),
  ('prj-bfa-huairou', 2, 'PHASE2', 'READY_TO_START'),
  ('prj-bfa-talent-community', 1, 'DEMOLITION_AND_PRELIMINARY', 'DONE'),
  ('prj-producers-hq', 1, 'INDUSTRIAL_PLOT', 'STARTED'),
  ('prj-cfg-base-phase2', 1, 'AGREEMENT', 'DONE'),
  ('prj-guanghua-renovation', 1, 'RENOVATION', 'DONE'),
  ('prj-guanghua-renovation', 2, 'INVESTMENT_PROMOTION', 'STARTED'),
  ('prj-bona-vfx-base', 1, 'DESIGN', 'BASICALLY_FIXED'),
  ('prj-block08', 1, 'PLOT_A_FARMLAND_QUOTA', 'APPROVED'),
  ('prj-block08', 2, 'RESETTLEMENT_PHASE1', 'ACCEPTED'),
  ('prj-cy-cloud-park', 1, 'BUILD', 'DONE'),
  ('prj-sunac-ocean-city', 1, 'CONSTRUCTION', 'IN_PROGRESS'),
  ('prj-sailing-centre', 1, 'CONSTRUCTION', 'IN_PROGRESS'),
  ('prj-shell-park', 1, 'CONSTRUCTION', 'IN_PROGRESS'),
  ('prj-navy-museum', 1, 'OPENING', 'DONE'),
  ('prj-zhucha-island', 1, 'RELOCATION', 'BASICALLY_DONE'),
  ('prj-aofan-5a', 1, '5A_CREATION', 'ON_LIST'),
  ('prj-qd-old-town-heritage', 1, 'FEASIBILITY', 'PASSED_PROVINCIAL_REVIEW'),
  ('prj-qd-model-city', 1, 'STRIVE_FOR_PILOT', 'DONE'),
  ('prj-qd-model-city', 2, 'STRIVE_FOR_EVALUATION', 'NEXT'),
  ('prj-qd-model-city', 3, 'STRIVE_FOR_MODEL', 'LATER'),
  ('prj-maglev-600', 1, 'RND', 'DONE'),
  ('prj-smart-sensor-base', 1, 'PUBLISHED', 'DONE'),
  ('prj-qihe-mushroom', 1, 'SIGNED', 'DONE'),
  ('prj-qihe-mushroom', 2, 'STARTED', 'DONE'),
  ('prj-pd-renewal', 1, 'PLAN', 'DONE'),
  ('prj-pd-renewal', 2, 'FIRST_BATCH', 'STARTED'),
  ('prj-pd-renewal', 3, 'COMPLETED_2020', 'DONE'),
  ('prj-pd-renewal', 4, 'STARTED_2021', 'IN_PROGRESS')`;

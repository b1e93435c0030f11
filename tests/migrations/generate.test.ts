import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { planCity } from '@wenshu/migrations/generate/city.ts';
import { cityTables, generate, linesOf, trialCity } from '@wenshu/migrations/generate.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { creditCodeProblem, organisationCheckCharacter } from '@wenshu/schema/credit-code.ts';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { buildSchema, getNamedType, isListType, isNonNullType, isRequiredArgument } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOfHub } from '../support/control-plane.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { everyField } from '../support/every-field.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask } from '../support/sql.ts';
import { unlimited } from '../support/unlimited.ts';

const size = { enterprises: 2_000, seed: 7 };
const schemas = subgraphNames.map((name) => `'${name}'`).join(', ');

/** Every row of the five schemas, by table, in a few characters; of real rows or synthetic ones alone. */
async function fingerprints(adminUrl: string, which: 'real' | 'synthetic') {
  const tables = await ask(
    adminUrl,
    `select format('%I.%I', n.nspname, c.relname) as name, a.attname as key
     from pg_class c join pg_namespace n on n.oid = relnamespace join pg_index i on i.indrelid = c.oid and indisprimary
     join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where n.nspname in (${schemas}) and c.relname <> 'migrations' order by 1`,
  );
  const prints = tables.map(
    ({ name, key }) =>
      `select '${name}' as name, count(*)::int as count, md5(string_agg(t::text, '' order by t::text)) as rows
       from ${name} t where ${which === 'real' ? 'not' : ''} starts_with(${key}::text, 'syn-')`,
  );
  return await ask(adminUrl, `${prints.join(' union all ')} order by name`);
}

const structure = (adminUrl: string) =>
  ask(
    adminUrl,
    `select indexdef as definition from pg_indexes where schemaname in (${schemas})
     union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
     from pg_constraint where connamespace::regnamespace::text in (${schemas}) order by 1`,
  );

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
  ({ name: field, args }) =>
    !fieldsOfHub.has(field) &&
    !args.some(isRequiredArgument) &&
    args.some(({ name }) => name === 'filter') &&
    args.some(({ name }) => name === 'last'),
);

describe('the rows of a synthetic city', () => {
  const hashOf = (options: typeof size) => {
    const hash = createHash('sha256');
    for (const tables of Object.values(cityTables(planCity(options))))
      for (const table of tables) for (const line of linesOf(table)) hash.update(line);
    return hash.digest('hex');
  };

  it('are the same for the same size and seed, on every machine', () => {
    // Changes only with what the generator makes: whoever repeats a measurement then has other rows.
    expect(hashOf(size)).toMatchInlineSnapshot(
      `"d33eee8671fff70de5f376517070ea93edead0a911755b5b6e4d02248201e8cc"`,
    );
  });

  it('differ from one seed to the next', () => {
    expect(hashOf({ ...size, seed: 8 })).not.toBe(hashOf(size));
  });
});

describe('a database with a synthetic city', () => {
  let database: TestDatabase;
  let hub: TestHub;
  let real: Awaited<ReturnType<typeof fingerprints>>;
  let built: Awaited<ReturnType<typeof structure>>;
  let made: readonly number[];

  beforeAll(async () => {
    hub = await startHub({
      admission: { queryLimits: unlimited },
      prepare: async (ofHub) => {
        database = ofHub;
        real = await fingerprints(database.adminUrl, 'real');
        built = await structure(database.adminUrl);
        made = await Promise.all([generate(database, size), generate(database, size)]);
      },
    });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  it('holds the real rows, the indexes and the constraints as they were', async () => {
    expect(await fingerprints(database.adminUrl, 'real')).toEqual(real);
    expect(await structure(database.adminUrl)).toEqual(built);
  });

  it('holds as many rows as were planned, in every table that agencies fill', async () => {
    const counts = Object.fromEntries(
      (await fingerprints(database.adminUrl, 'synthetic')).map(({ name, count }) => [name, count]),
    );
    expect(counts).toMatchObject({
      'enterprises.enterprises': 2_000,
      'events.events': 400,
      'parks.parks': 12,
      'policies.policies': 224,
    });
    const empty = Object.keys(counts).filter((name) => counts[name] === 0);
    // Regions and published figures are real. What else a document says of a record comes from documents alone. Changes
    // and their keys come from callers.
    const fromDocuments =
      /\.(regions|region_closure|changes|mutation_keys|due_notices|sweeps|enterprise_submissions|published_totals|(?!policy_)\w+_subjects|(work|party_unit|party_brand)_honours)$/;
    expect(empty.filter((name) => !fromDocuments.test(name))).toEqual([
      'events.event_likenesses',
      'party.indicators',
      'policies.barred_enterprises',
      'policies.listing_steps',
      'policies.qualifying_list_members',
      'policies.qualifying_lists',
    ]);
  });

  it('holds service requests whose history is a walk of the table, and leads to what the request says', async () => {
    const rows = await ask(
      database.adminUrl,
      `select r.id, r.stage, r.version, r.due_on::text as due, jsonb_agg(jsonb_build_array(s.action, s.stage, s.due_on) order by s.seq) as steps
       from policies.service_requests r join policies.service_request_steps s on s.object_id = r.id
       where r.id like 'syn-%' group by r.id`,
    );
    const open = new Set<unknown>();
    for (const { id, stage, version, due, steps } of rows) {
      const walked = steps as [string, string, string | null][];
      let before: string | undefined;
      for (const [action, after] of walked) {
        const isAllowed = serviceRequestTable.transitions.some(
          (each) =>
            each.action === action &&
            (before === undefined ? each.from.length === 0 : each.from.some((from) => from === before)) &&
            (each.to ?? before) === after,
        );
        expect([id, before, action, after, isAllowed]).toEqual([id, before, action, after, true]);
        before = after;
      }
      expect([stage, version, due]).toEqual([before, walked.length, walked.at(-1)?.[2]]);
      open.add(stage);
    }
    expect([...open]).toEqual(expect.arrayContaining(['ASSIGNED', 'COLLECTED', 'RESOLVED', 'STRUCK_OFF']));
  });

  it('refers to nothing that is not there', async () => {
    const columns = await ask(
      database.adminUrl,
      `select format('select %L as in, %I as id from %I.%I', table_schema || '.' || table_name || '.' || column_name,
         column_name, table_schema, table_name) as ids, column_name as name
       from information_schema.columns where table_schema in (${schemas}) and data_type = 'text' and table_name <> 'migrations'`,
    );
    const union = (of: typeof columns) => of.map(({ ids }) => ids).join(' union all ');
    const missing = await ask(
      database.adminUrl,
      `with records as (select id from (${union(columns.filter(({ name }) => name === 'id'))}) all_ids)
       select distinct used.in, used.id from (${union(columns)}) used
       where used.id like 'syn-%' and used.id not in (select id from records)`,
    );
    expect(missing).toEqual([]);
  });

  it('knows no region that the real data does not', async () => {
    const columns = await ask(
      database.adminUrl,
      `select format('select %I as code from %I.%I', column_name, table_schema, table_name) as codes
       from information_schema.columns where table_schema in (${schemas}) and column_name = 'region_code'`,
    );
    expect(
      await ask(
        database.adminUrl,
        `select distinct code from (${columns.map(({ codes }) => codes).join(' union all ')}) used
         where code not in (select code from enterprises.regions)`,
      ),
    ).toEqual([]);
  });

  it('says of every record that it is synthetic', async () => {
    const tables = await ask(
      database.adminUrl,
      `select format('select %1$I from %2$I.%3$I where synthetic <> starts_with(%1$I, ''syn-'')',
           case when table_name like 'coverage%' then 'target_id' else 'id' end, table_schema, table_name) as strays,
         (select format('select id from %I.%I where starts_with(id, ''syn-'') and not name_zh like ''%%（合成）''', table_schema, table_name)
          from information_schema.columns named where named.table_schema = flags.table_schema
          and named.table_name = flags.table_name and column_name = 'name_zh') as unmarked
       from information_schema.columns flags
       where table_schema in (${schemas}) and column_name = 'synthetic' and table_name <> 'statistical_returns'`,
    );
    const strays = tables.flatMap(({ strays: one, unmarked }) => [one, unmarked]).filter(Boolean);
    expect(strays.length).toBeGreaterThan(20);
    expect(await ask(database.adminUrl, strays.join(' union all '))).toEqual([]);
    expect(
      await ask(database.adminUrl, 'select from enterprises.statistical_returns where not synthetic'),
    ).toEqual([]);
  });

  it('has credit codes that check, but for a few that are missing or fail as early ones do', async () => {
    const rows = await ask(
      database.adminUrl,
      'select credit_code as code, region_code as region from enterprises.enterprises where synthetic',
    );
    const codes = rows.filter(({ code }) => code !== null).map(({ code }) => String(code));
    const failing = codes.filter((code) => creditCodeProblem(code));
    expect(rows.length - codes.length).toBeLessThan(30);
    expect(failing.length).toBeLessThan(20);
    for (const { code, region } of rows.filter(({ code }) => code !== null)) {
      expect(code).toMatch(new RegExp(`^91${region}TX`));
      expect(String(code).charAt(16)).toBe(organisationCheckCharacter(String(code).slice(8, 16)));
    }
  });

  it('was made once by the two that made it at once, and is left alone when it is made again', async () => {
    const rows = await fingerprints(database.adminUrl, 'synthetic');
    const count = rows.reduce((sum, table) => sum + Number(table.count), 0);
    expect(made.reduce((sum, each) => sum + each)).toBe(count);
    expect(await generate(database, size)).toBe(0);
  });

  it('refuses another city, and is replaced by it on request', async () => {
    await using copy = await createDatabase();
    await generate(copy, { enterprises: 100, seed: 1 });
    const first = await fingerprints(copy.adminUrl, 'synthetic');
    await expect(generate(copy, size)).rejects.toThrow(
      'holds the synthetic rows of "wenshu generate --enterprises 100 --seed 1". Nothing was changed there. Give --replace',
    );
    expect(await fingerprints(copy.adminUrl, 'synthetic')).toEqual(first);

    // What goes wrong in the middle leaves the subgraph as it was, and the next try goes on from there.
    await ask(copy.adminUrl, `alter table parks.parks add constraint few check (id not like '%12')`);
    const before = await structure(copy.adminUrl);
    await expect(generate(copy, { ...size, replace: true })).rejects.toThrow(
      'violates check constraint "few"',
    );
    expect(await structure(copy.adminUrl)).toEqual(before);
    const ofParks = (tables: typeof first) => tables.filter(({ name }) => String(name).startsWith('parks.'));
    expect(ofParks(await fingerprints(copy.adminUrl, 'synthetic'))).toEqual(ofParks(first));

    await ask(copy.adminUrl, 'alter table parks.parks drop constraint few');
    await generate(copy, { ...size, replace: true });
    expect(await fingerprints(copy.adminUrl, 'synthetic')).toEqual(
      await fingerprints(database.adminUrl, 'synthetic'),
    );
    expect(await fingerprints(copy.adminUrl, 'real')).toEqual(real);
    expect(await structure(copy.adminUrl)).toEqual(built);
  });

  it('takes the place of the city of a trial hub without being asked to replace it', async () => {
    await using copy = await createDatabase();
    await generate(copy, trialCity);
    const countOf = 'select count(*)::int as count from enterprises.enterprises where synthetic';
    expect(await ask(copy.adminUrl, countOf)).toEqual([{ count: trialCity.enterprises }]);
    await generate(copy, { enterprises: 30, seed: 2 });
    expect(await ask(copy.adminUrl, countOf)).toEqual([{ count: 30 }]);
    expect(await fingerprints(copy.adminUrl, 'real')).toEqual(real);
  });

  it.each(lists.map((field) => [field.name, field] as const))(
    'answers every field of %s, one step deep, without an error',
    async (name, field) => {
      const type = getNamedType(field.type);
      expect(isListType(isNonNullType(field.type) ? field.type.ofType : field.type)).toBe(false);
      const { data, errors } = await hub.ask(`{ rows: ${name}(last: 100) { ${everyField(type, 0)} } }`);
      expect(errors).toBeUndefined();
      expect(data?.rows).not.toBeNull();
    },
  );

  it('answers from all agencies what they agree on', async () => {
    const { data, errors } = await hub.ask(`{
      enterprises(first: 1, filter: {synthetic: {eq: true}}) { nodes {
        nameZh synthetic creditCode region { nameZh }
        park { id nameZh region { nameZh } partyUnit { nameZh } operator { ... on Enterprise { id } } }
        partyUnit { nameZh region { nameZh } }
        policyMatches(first: 1) { nodes { policy { nameZh issuers { ... on Agency { nameZh } } } } }
        events(first: 1) { nodes { nameZh hosts { role host { ... on Agency { nameZh } } } } }
      } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchInlineSnapshot(`
      {
        "enterprises": {
          "nodes": [
            {
              "creditCode": "91110105TX00000012",
              "events": {
                "nodes": [],
              },
              "nameZh": "方文文化创意（合成）",
              "park": {
                "id": "syn-park-00000001",
                "nameZh": "北京音艺创新中心（合成）",
                "operator": {
                  "id": "syn-ent-00000001",
                },
                "partyUnit": {
                  "nameZh": "北京知书园区党支部（合成）",
                },
                "region": {
                  "nameZh": "朝阳区",
                },
              },
              "partyUnit": {
                "nameZh": "北京嘉方元联合党支部（合成）",
                "region": {
                  "nameZh": "朝阳区",
                },
              },
              "policyMatches": {
                "nodes": [
                  {
                    "policy": {
                      "issuers": [
                        {
                          "nameZh": "北京宣传部（合成）",
                        },
                      ],
                      "nameZh": "北京支持文化金融“新海一”若干措施（合成）",
                    },
                  },
                ],
              },
              "region": {
                "nameZh": "朝阳区",
              },
              "synthetic": true,
            },
          ],
        },
      }
    `);
  });
});

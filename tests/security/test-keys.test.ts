import { readFileSync } from 'node:fs';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { buildSchema, getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

/* Each attack succeeded on commit 10c1293. */

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
const scopes = Object.keys(schema.getTypeMap());
const own = 'ent-bona-film';

/** Every list of records. A region is none: it is neither real nor synthetic, and its figures are of rows of one kind. */
const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, args, type }) => {
  const connection = getNamedType(type);
  const rows = isObjectType(connection) ? getNamedType(connection.getFields().nodes?.type) : undefined;
  return isObjectType(rows) &&
    rows.name !== 'Region' &&
    rows.getFields().id &&
    args.some((each) => each.name === 'filter')
    ? [name]
    : [];
});
type Page = { nodes: { id: string }[] } | null;

/** The ids that a partner reads in all lists, one after the other. */
async function idsRead(partner: Partial<PartnerCaller>): Promise<string[]> {
  const ids: string[] = [];
  for (const name of lists) {
    const { data } = await as(partner, `{ list: ${name}(first: 200) { nodes { id } } }`);
    ids.push(...((data?.list as Page | undefined)?.nodes ?? []).map(({ id }) => id));
  }
  return ids;
}

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ agreements: {}, ownRows: true });
  const { urls } = hub.database;
  await sql(
    urls.enterprises,
    `insert into enterprises (id, name_zh, name_en, kind, region_code, synthetic)
     select 'syn-e-' || i, '企业（合成）', 'Enterprise', 'ENTERPRISE', '110105', true from generate_series(1, 167) as i;
     insert into inspections (id, enterprise_id, method, inspected_on, synthetic)
     values ('syn-i-1', 'syn-e-1', 'ROUTINE', '2024-01-01', true), ('real-i-1', '${own}', 'ROUTINE', '2024-01-01', false)`,
  );
  await sql(
    urls.parks,
    `insert into parks (id, name_zh, name_en, kind, is_virtual, region_code, synthetic)
     select 'syn-p-' || i, '园（合成）', 'Park', 'CULTURE_PARK', false, '110105', true from generate_series(1, 30) as i`,
  );
  await sql(
    urls.party,
    `insert into party_units (id, name_zh, name_en, kind, region_code, synthetic)
     values ('syn-u-1', '支部（合成）', 'Branch', 'BRANCH', '110105', true);
     insert into coverages (unit_id, target_type, target_id)
     select 'syn-u-1', 'Park', 'syn-p-' || i from generate_series(1, 12) as i`,
  );
  await sql(
    urls.policies,
    `insert into policies (id, name_zh, name_en, kind, domain, status, region_code, synthetic)
     values ('syn-pol-1', '政策（合成）', 'Policy', 'PLAN', 'ARTS', 'ISSUED', '110105', true);
     insert into measures (id, policy_id, seq, title_zh, title_en, kind, text_zh)
     values ('syn-m-1', 'syn-pol-1', 1, '措施', 'Measure', 'SUBSIDY', '措施');
     insert into open_calls (id, title_zh, publisher_id, region_code, stage, published_on) values
       ('call-bj', '朝阳', (select min(id) from agencies where region_code = '110105'), '110105', 'PUBLISHED', '2026-01-01'),
       ('call-nobody', '无', null, null, 'PUBLISHED', '2026-01-02')`,
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

const as = (partner: Partial<PartnerCaller>, query: string) => hub.as({ scopes, ...partner }).ask(query);

test('a test key with an enterprise of its own sees nothing of it where that is real', async () => {
  const query = `{ enterprise(id: "${own}") { id nameZh inspections { totalCount nodes { id } } } }`;
  expect((await as({ isTest: true, enterpriseId: own }, query)).data?.enterprise).toBeNull();
  // Its live twin does, so that the attack is one.
  const seen = await as({ enterpriseId: own }, query);
  expect(seen.data?.enterprise).toMatchObject({ id: own, inspections: { nodes: [{ id: 'real-i-1' }] } });
  const made = await as({ isTest: true, enterpriseId: 'syn-e-1' }, query.replace(own, 'syn-e-1'));
  expect(made.data?.enterprise).toMatchObject({ id: 'syn-e-1', inspections: { nodes: [{ id: 'syn-i-1' }] } });
});

test('a test key reads no real row in any list, a live key no synthetic one', async () => {
  const test = await idsRead({ isTest: true });
  expect(test.filter((id) => !isSyntheticId(id))).toEqual([]);
  expect(test.length).toBeGreaterThan(150);
  const live = await idsRead({});
  expect(live.filter(isSyntheticId)).toEqual([]);
  expect(live.length).toBeGreaterThan(100);
});

test('a live key reads no synthetic row by its id, by a filter, or of its own', async () => {
  const query = `{
    enterprise(id: "syn-e-1") { id } park(id: "syn-p-1") { id } policy(id: "syn-pol-1") { id } measure(id: "syn-m-1") { id }
    enterprises(filter: { synthetic: { eq: true } }) { totalCount nodes { id } }
    parks(filter: { or: [{ synthetic: { eq: true } }] }) { totalCount nodes { id } }
  }`;
  expect((await as({}, query)).data).toEqual({
    enterprise: null,
    park: null,
    policy: null,
    measure: null,
    enterprises: { totalCount: 0, nodes: [] },
    parks: { totalCount: 0, nodes: [] },
  });
  const ofOwn = await as(
    { enterpriseId: 'syn-e-1' },
    '{ enterprise(id: "syn-e-1") { id inspections { totalCount } } }',
  );
  expect(ofOwn.data).toEqual({ enterprise: null });
});

const counts = (argument = '') => `enterpriseCount${argument} parkCount${argument}
  partyCoverage${argument} { synthetic parks { organisation { total isSuppressed } } }`;
const region = (selection: string) => `{ region(code: "110105") { ${selection} } }`;

test('numbers of a region are of real rows, or of synthetic ones where they are asked for, never of both', async () => {
  const { data } = await hub.as('FINANCE').ask(region(counts()));
  const real = data?.region as { enterpriseCount: number; parkCount: number };
  expect(real.enterpriseCount).toBeLessThan(100);
  const made = await hub.as('FINANCE').ask(region(counts('(synthetic: true)')));
  expect(made.data?.region).toEqual({
    enterpriseCount: 167,
    parkCount: 30,
    partyCoverage: { synthetic: true, parks: { organisation: { total: 30, isSuppressed: false } } },
  });
  const lists = await hub.as('FINANCE').ask(
    region(`enterprises { totalCount } parks { totalCount aggregates(groupBy: [{ field: SYNTHETIC }]) { group { synthetic } count } }
      made: parks(filter: { synthetic: { eq: true } }) { totalCount }`),
  );
  expect(lists.data?.region).toEqual({
    enterprises: { totalCount: real.enterpriseCount },
    parks: {
      totalCount: real.parkCount,
      aggregates: [{ group: { synthetic: false }, count: real.parkCount }],
    },
    made: { totalCount: 30 },
  });
});

test('no filter brings real and synthetic rows into one count', async () => {
  for (const filter of [
    'or: [{ synthetic: { eq: true } }, { synthetic: { eq: false } }]',
    'synthetic: { isNull: false }',
    'not: { synthetic: { isNull: true } }',
    'and: [{ or: [{ synthetic: { eq: true } }, { id: { isNull: false } }] }]',
  ]) {
    const { data } = await hub
      .as('FINANCE')
      .ask(
        `{ enterprises(filter: { ${filter} }) { aggregates(groupBy: [{ field: SYNTHETIC }]) { group { synthetic } count } } }`,
      );
    const { aggregates } = (data?.enterprises ?? {}) as { aggregates?: unknown[] };
    expect([filter, aggregates?.length]).toEqual([filter, 1]);
  }
});

test('a key gets numbers of its own kind only, whatever it asks for', async () => {
  const test = await as({ isTest: true }, region(counts()));
  expect(test.data?.region).toMatchObject({ enterpriseCount: 167, parkCount: 30 });
  for (const [isTest, argument] of [
    [true, '(synthetic: false)'],
    [false, '(synthetic: true)'],
  ] as const) {
    const { data, errors } = await as({ isTest }, region(counts(argument)));
    expect(data?.region).toEqual({ enterpriseCount: null, parkCount: null, partyCoverage: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'NOT_SHARED',
      'NOT_SHARED',
      'NOT_SHARED',
    ]);
  }
});

test('a key of one region reads no list of others, open calls among them', async () => {
  const query = '{ openCalls { totalCount nodes { id } } openCall(id: "call-bj") { id } }';
  const elsewhere = { regions: ['370212'] };
  const here = { regions: ['110105'] };
  expect((await as(elsewhere, query)).data).toEqual({
    openCalls: { totalCount: 0, nodes: [] },
    openCall: null,
  });
  expect((await as(here, query)).data).toEqual({
    openCalls: { totalCount: 1, nodes: [{ id: 'call-bj' }] },
    openCall: { id: 'call-bj' },
  });
  const [ofOne, ofOther] = [await idsRead(here), await idsRead(elsewhere)];
  expect(ofOne.length).toBeGreaterThan(10);
  expect(ofOne.filter((id) => ofOther.includes(id))).toEqual([]);
});

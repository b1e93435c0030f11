import { readFileSync } from 'node:fs';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

/* Each attack succeeded on commit caa8d77, each refusal of what is shared was there. */

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
const scopes = Object.keys(schema.getTypeMap());
const own = 'ent-bona-film';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ agreements: {}, ownRows: true });
  const { urls } = hub.database;
  await sql(
    urls.enterprises,
    `insert into enterprises (id, name_zh, name_en, kind, region_code)
     values ('e-qd', '企业', 'Enterprise', 'ENTERPRISE', '370212'), ('e-qd-2', '企业', 'Enterprise', 'ENTERPRISE', '370212'),
       ('e-bj', '企业', 'Enterprise', 'ENTERPRISE', '110105');
     insert into blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on, published_on)
     select id, enterprise, 'agency', '事由', '2025-04-01', '2025-05-01'
     from (values ('a-hidden', 'e-qd'), ('b-own', '${own}'), ('c-hidden', 'e-qd-2')) as t (id, enterprise)`,
  );
  await sql(
    urls.policies,
    `insert into payouts (id, policy_id, enterprise_id, region_code, stage, amount, paid_on)
     select id, 'pol-ls-exempt-apply', enterprise, region, 'PAID', 100, '2026-06-30'
     from (values ('a-hidden', 'e-qd', '370212'), ('b-shown', 'e-bj', '110105'), ('c-hidden', 'e-qd', '370212'),
       ('d-shown', 'e-bj', '110105'), ('e-hidden', 'e-qd', null)) as t (id, enterprise, region)`,
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

const as = (partner: Partial<PartnerCaller>, query: string) => hub.as({ scopes, ...partner }).ask(query);

const page = (list: string, first: number) =>
  `{ page: ${list}(first: ${first}, orderBy: [{ field: ID }]) { nodes { id } pageInfo { hasNextPage startCursor endCursor } totalCount } }`;
const cursorOf = (id: string) => Buffer.from(JSON.stringify(['ID+', id])).toString('base64url');

test('a key that knows of its own enterprise alone is paged through its blacklist entries alone', async () => {
  const key = { scopes: ['BlacklistEntry'], enterpriseId: own };
  expect((await as(key, page('blacklist', 1))).data?.page).toMatchObject({
    nodes: [{ id: 'b-own' }],
    pageInfo: { hasNextPage: false, startCursor: cursorOf('b-own'), endCursor: cursorOf('b-own') },
    totalCount: 1,
  });
});

test('a department of a region pages through the payouts there: pages are full and reveal no others', async () => {
  const { data, errors } = await hub
    .as({ department: 'PROPAGANDA', region: '110105' })
    .ask(page('payouts', 2));
  expect(errors).toBeUndefined();
  expect(data?.page).toEqual({
    nodes: [{ id: 'b-shown' }, { id: 'd-shown' }],
    pageInfo: { hasNextPage: false, startCursor: cursorOf('b-shown'), endCursor: cursorOf('d-shown') },
    totalCount: 2,
  });
});

test('a list that cannot be asked without hidden rows reveals nothing: works, to a key of one region', async () => {
  const { data, errors } = await as(
    { regions: ['110105'] },
    '{ page: works(first: 2) { pageInfo { hasNextPage endCursor } } }',
  );
  expect(data).toEqual({ page: null });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED' });
});

test('a key may pick and order by what it sees of all rows that it is listed, also where some are drafts', async () => {
  const query = `{
    events(first: 1, orderBy: [{ field: NAME }]) { nodes { id } }
    policies(first: 1, filter: { status: { in: [ISSUED, TRIAL] } }, orderBy: [{ field: NAME }]) { nodes { id } }
    starLists(first: 1, filter: { year: { gt: 2000 } }) { nodes { id } }
    openCalls(first: 1, orderBy: [{ policy: { field: UPDATED_AT } }]) { nodes { id } }
  }`;
  for (const regions of [[], ['110105']]) {
    expect((await as({ regions }, query)).errors).toBeUndefined();
  }
});

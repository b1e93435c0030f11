import { describe, expect, test } from 'vitest';
import { startHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as sql } from '../support/sql.ts';

const draft = 'pol-qd-culture-tourism-support';

const campaigns = `insert into events (id, name_zh, name_en, kind, status) values
  ('evt-planned', '暑期检查', 'Summer inspection', 'INSPECTION_CAMPAIGN', 'SCHEDULED'),
  ('evt-done', '春季检查', 'Spring inspection', 'INSPECTION_CAMPAIGN', 'HELD');`;

const supervision = `
  insert into inspections (id, enterprise_id, method, inspected_on, result) values
    ('i1', 'ent-goertek', 'COMPLAINT', '2024-03-01', 'SUSPECTED'),
    ('i2', 'ent-bona-film', 'COMPLAINT', '2024-03-02', 'SUSPECTED');
  insert into findings (id, inspection_id, enterprise_id, stage, title_zh, penalty_kinds, penalty_amount, penalty_decided_on,
      notified_on, penalty_published_on) values
    ('f1', 'i1', 'ent-goertek', 'PUBLISHED', '噪声', '{FINE}', 500, '2024-04-01', '2024-03-20', '2024-04-08'),
    ('f2', 'i2', 'ent-bona-film', 'PENALISED', '无证', '{FINE}', 900, '2024-04-01', '2024-03-20', null);`;

const support = `
  insert into payouts (id, policy_id, enterprise_id, stage, amount, paid_on) values
    ('pay-1', 'pol-ls-exempt-apply', 'ent-goertek', 'PAID', 100, '2026-06-30'),
    ('pay-2', 'pol-ls-exempt-apply', 'ent-bona-film', 'PAID', 200, '2026-06-30');
  insert into star_lists (id, name_zh, year, half, stage, published_on) values
    ('star-1', '上半年榜单', 2025, 'FIRST', 'PUBLISHED', '2025-07-28'),
    ('star-2', '下半年榜单', 2025, 'SECOND', 'DRAFT', null);
  insert into star_list_entries (list_id, enterprise_id, criteria, rank) values
    ('star-1', 'ent-goertek', '{PERFORMANCE}', 1), ('star-2', 'ent-goertek', '{PERFORMANCE}', 1);`;

describe('a draft among policies', () => {
  const drafts =
    '{ policies(filter: {status: {in: [DRAFTING, DRAFT_FOR_COMMENT]}}) { totalCount nodes { id status } } }';
  const elsewhere = `{
    policy(id: "${draft}") { nameZh }
    measure(id: "${draft}-m01") { titleZh }
    enforced: measure(id: "pol-ls-exempt-apply-m01") { policy { id } }
  }`;

  test('is there for its keeper only: others cannot list, count or find it, nor see it in its measures', async () => {
    await using hub = await startHub({ agreements: {} });
    const kept = await hub.as('PROPAGANDA').ask(drafts);
    expect(kept).toMatchObject({ data: { policies: { totalCount: 4, nodes: expect.anything() } } });
    const none = { data: { policies: { totalCount: 0, nodes: [] } } };
    expect(await hub.as('FINANCE').ask(drafts)).toEqual(none);
    expect(await hub.as({ scopes: ['Policy'] }).ask(drafts)).toEqual(none);
    const named =
      '{ policies(filter: {nameEn: {contains: "New round of culture"}}) { totalCount nodes { nameZh } } }';
    expect(await hub.as({ scopes: ['Policy.nameZh', 'PolicyFilter'] }).ask(named)).toEqual(none);
    expect(await hub.as('FINANCE').ask(elsewhere)).toEqual({
      data: { policy: null, measure: null, enforced: { policy: { id: 'pol-ls-exempt-apply' } } },
    });
    expect((await hub.as('PROPAGANDA').ask(elsewhere)).data).toMatchObject({
      policy: { nameZh: '新一轮文化和旅游产业扶持政策' },
      measure: { titleZh: '六大领域' },
    });
  });

  test('is shown by an agreement for its region that leaves the region itself out', async () => {
    const fields = ['Policy.id', 'Policy.nameZh'];
    await using hub = await startHub({ agreements: { FINANCE: [{ fields, region: '370200' }] } });
    const query = `{
      policy(id: "${draft}") { nameZh region { code } }
      policies(filter: {id: {eq: "${draft}"}}) { edges { node { nameZh } } }
    }`;
    expect(await hub.as('FINANCE').ask(query)).toMatchObject({
      data: {
        policy: { nameZh: '新一轮文化和旅游产业扶持政策', region: null },
        policies: { edges: [{ node: { nameZh: '新一轮文化和旅游产业扶持政策' } }] },
      },
      errors: [
        { path: ['policy', 'region'], extensions: { code: 'NOT_SHARED', coordinate: 'Policy.region' } },
      ],
    });
  });

  test.each([
    ['without a filter', 'query { policies(first: 500) { totalCount nodes { id } } }', {}],
    [
      'with one in a variable',
      'query ($filter: PolicyFilter) { policies(first: 500, filter: $filter) { totalCount nodes { id } } }',
      { filter: { id: { isNull: false } } },
    ],
    [
      'with a variable that is not given',
      'query ($filter: PolicyFilter) { policies(first: 500, filter: $filter) { totalCount nodes { id } } }',
      {},
    ],
    [
      'in pages by edges',
      'query { policies(first: 500) { totalCount edges { cursor node { id } } pageInfo { hasNextPage } } }',
      {},
    ],
  ])('is left out of a list %s, which reveals nothing else of it', async (_how, query, variables) => {
    await using hub = await startHub({ agreements: {} });
    const counted = async (department: 'PROPAGANDA' | 'FINANCE') => {
      const { data, errors } = await hub.as(department).ask(query, variables);
      const policies = data?.policies as { totalCount: number; nodes?: unknown[]; edges?: unknown[] };
      return { total: policies.totalCount, listed: (policies.nodes ?? policies.edges)?.length, errors };
    };
    const all = await counted('PROPAGANDA');
    expect(all.listed).toBe(all.total);
    expect(await counted('FINANCE')).toEqual({
      total: all.total - 4,
      listed: all.total - 4,
      errors: undefined,
    });
  });

  test('is not revealed by rows that name it: not by its id, its existence or groups', async () => {
    await using hub = await startHub({ agreements: {}, ownRows: true });
    await sql(
      hub.database.urls.parks,
      `delete from project_policies;
       insert into project_policies (project_id, seq, policy_id) values
         ((select min(id) from projects), 1, '${draft}'), ((select max(id) from projects), 1, 'pol-ls-exempt-apply')`,
    );
    const query = `query ($named: ProjectFilter) {
      byId: projects(filter: {policyId: {in: ["${draft}", "pol-ls-exempt-apply"]}}) { totalCount }
      byVariable: projects(filter: $named) { totalCount }
      any: projects(filter: {policyId: {isNull: false}}) { totalCount }
      none: projects(filter: {not: {or: [{policyId: {isNull: true}}]}}) { totalCount }
    }`;
    const named = { named: { policyId: { eq: draft } } };
    const counts = (...all: number[]) => ({
      data: Object.fromEntries(
        ['byId', 'byVariable', 'any', 'none'].map((name, i) => [name, { totalCount: all[i] }]),
      ),
    });
    expect(await hub.as('PROPAGANDA').ask(query, named)).toEqual(counts(2, 1, 2, 2));
    expect(await hub.as('FINANCE').ask(query, named)).toEqual(counts(1, 0, 1, 1));
    expect(await hub.as({ scopes: ['Project', 'Policy'] }).ask(query, named)).toEqual(counts(1, 0, 1, 1));

    const groups = '{ projects { aggregates(groupBy: [{field: POLICY_ID}]) { group { policyId } count } } }';
    expect((await hub.as('PROPAGANDA').ask(groups)).data).toMatchObject({
      projects: { aggregates: expect.arrayContaining([{ group: { policyId: draft }, count: 1 }]) },
    });
    const inVariable =
      'query ($by: ProjectDimension!) { projects { aggregates(groupBy: [{field: $by}]) { group { policyId } count } } }';
    const refused = {
      message:
        'groupBy.0 by POLICY_ID would reveal ids of rows that are not shared with you. Use a condition on the related records instead.',
      extensions: { code: 'NOT_SHARED', argument: 'groupBy.0' },
    };
    expect(await hub.as('FINANCE').ask(groups)).toEqual({
      data: { projects: { aggregates: null } },
      errors: [{ ...refused, path: ['projects', 'aggregates'] }],
    });
    expect(await hub.as('FINANCE').ask(inVariable, { by: 'POLICY_ID' })).toMatchObject({ errors: [refused] });
    expect(await hub.as('FINANCE').ask(groups, {}, { 'x-wenshu-sharing': 'strict' })).toEqual({
      errors: [refused],
    });
  });

  test('is opened by an agreement on its fields, and does not have a strict operation refused', async () => {
    await using hub = await startHub({
      agreements: { FINANCE: [{ fields: ['Policy.id', 'Policy.status'] }] },
    });
    expect(await hub.as('FINANCE').ask(drafts)).toMatchObject({ data: { policies: { totalCount: 4 } } });
    const strict = { 'x-wenshu-sharing': 'strict' };
    expect(await hub.as('CULTURE_TOURISM').ask(drafts, {}, strict)).toEqual({
      data: { policies: { totalCount: 0, nodes: [] } },
    });
  });
});

test('an inspection that is planned is known to those who make it, and to others when it is made', async () => {
  await using hub = await startHub({ agreements: {}, ownRows: true });
  await sql(hub.database.urls.events, campaigns);
  const query = `{
    event(id: "evt-planned") { nameZh }
    events(filter: {id: {in: ["evt-planned", "evt-done"]}}, orderBy: [{field: ID}]) { totalCount nodes { id } }
  }`;
  const planned = {
    data: {
      event: { nameZh: '暑期检查' },
      events: { totalCount: 2, nodes: [{ id: 'evt-done' }, { id: 'evt-planned' }] },
    },
  };
  expect(await hub.as('CULTURE_TOURISM').ask(query)).toEqual(planned);
  expect(await hub.as('MARKET_REGULATION').ask(query)).toEqual(planned);
  const done = { data: { event: null, events: { totalCount: 1, nodes: [{ id: 'evt-done' }] } } };
  expect(await hub.as('PROPAGANDA').ask(query)).toEqual(done);
  expect(await hub.as({ scopes: ['Event'] }).ask(query)).toEqual(done);
});

test('a star list is left out, with its entries, until it is published', async () => {
  await using hub = await startHub({ agreements: {}, ownRows: true });
  await sql(hub.database.urls.policies, support);
  const query =
    '{ starLists { totalCount nodes { id entries { list { id } rank } } } starList(id: "star-2") { id } }';
  expect(await hub.as('FINANCE').ask(query)).toEqual({
    data: {
      starLists: { totalCount: 1, nodes: [{ id: 'star-1', entries: [{ list: { id: 'star-1' }, rank: 1 }] }] },
      starList: null,
    },
  });
  expect(await hub.as('PROPAGANDA').ask(query)).toMatchObject({ data: { starLists: { totalCount: 2 } } });
});

test('the enterprises of an audio-visual base are known to the department whose it is', async () => {
  await using hub = await startHub({ agreements: {} });
  const query = `{
    base: parks(first: 1, filter: {kind: {eq: AV_BASE}}) { nodes { enterprises { totalCount } } }
    other: parks(first: 1, filter: {not: {kind: {eq: AV_BASE}}}) { nodes { enterprises { totalCount } } }
  }`;
  expect(await hub.as('RADIO_TELEVISION').ask(query)).toMatchObject({
    data: {
      base: { nodes: [{ enterprises: { totalCount: expect.any(Number) } }] },
      other: { nodes: [{ enterprises: null }] },
    },
    errors: [{ path: ['other', 'nodes', 0, 'enterprises'] }],
  });
  expect((await hub.as('FINANCE').ask(query)).errors).toHaveLength(2);
});

describe('a partner with consent', () => {
  const query = `query ($id: ID!) {
    enterprise(id: $id) {
      inspections { totalCount nodes { id result findings { titleZh penalty { amount } } } }
      payouts { totalCount edges { node { id amount } } }
    }
  }`;

  test('sees all that is kept about its own enterprise, and of no other', async () => {
    await using hub = await startHub({ agreements: {}, ownRows: true });
    await sql(hub.database.urls.enterprises, supervision);
    await sql(hub.database.urls.policies, support);
    const partner = { scopes: ['Enterprise', 'PolicyMatch'], enterpriseId: 'ent-bona-film' };
    expect(await hub.as(partner).ask(query, { id: 'ent-bona-film' })).toEqual({
      data: {
        enterprise: {
          inspections: {
            totalCount: 1,
            nodes: [
              { id: 'i2', result: 'SUSPECTED', findings: [{ titleZh: '无证', penalty: { amount: '900' } }] },
            ],
          },
          payouts: { totalCount: 1, edges: [{ node: { id: 'pay-2', amount: '200' } }] },
        },
      },
    });
    const matches =
      'query ($id: ID!) { enterprise(id: $id) { policyMatches(first: 1) { nodes { verdict } } } }';
    expect(await hub.as(partner).ask(matches, { id: 'ent-bona-film' })).toEqual({
      data: { enterprise: { policyMatches: { nodes: [{ verdict: expect.any(String) }] } } },
    });
    const notOpen = (field: string) => ({
      path: ['enterprise', field],
      extensions: { code: 'NOT_SHARED', coordinate: `Enterprise.${field}` },
    });
    expect(await hub.as(partner).ask(query, { id: 'ent-goertek' })).toMatchObject({
      data: { enterprise: { inspections: null, payouts: null } },
      errors: [notOpen('inspections'), notOpen('payouts')],
    });
    expect(await hub.as(partner).ask('{ payouts { totalCount } payout(id: "pay-1") { id } }')).toMatchObject({
      data: { payouts: null, payout: null },
      errors: [{ path: ['payouts'] }, { path: ['payout'] }],
    });
  });

  test('for a region sees the rows of that region alone, and counts no others', async () => {
    await using hub = await startHub({ agreements: {} });
    const everywhere =
      '{ enterprises(first: 500) { totalCount nodes { id } } enterprise(id: "ent-bona-film") { id region { code } } }';
    const inQingdao =
      '{ enterprises(first: 500, filter: {region: {within: "370200"}}) { totalCount nodes { id } } }';
    const scopes = ['Enterprise', 'Region'];
    const all = await hub.as({ scopes }).ask(inQingdao);
    // Until the regions are read, nothing lies in any.
    const answer = await poll(async () => {
      const given = await hub.as({ scopes, regions: ['370200'] }).ask(everywhere);
      const nodes = (given.data?.enterprises as { nodes?: unknown[] } | undefined)?.nodes;
      return nodes?.length ? given : undefined;
    });
    expect(answer).toEqual({ data: { ...all.data, enterprise: null } });
  });
});

test('a department of a district sees of what is not for everybody the rows of its district alone', async () => {
  await using hub = await startHub({
    agreements: {
      CULTURE_TOURISM: [
        { fields: ['Query.inspections', 'Inspection.id', 'InspectionFilter.result'], region: '370200' },
      ],
    },
    ownRows: true,
  });
  await sql(
    hub.database.urls.enterprises,
    `update enterprises set region_code = '370212' where id = 'ent-goertek';
    update enterprises set region_code = '110105' where id = 'ent-bona-film'; ${supervision}`,
  );
  const listed =
    '{ inspections(filter: {result: {eq: SUSPECTED}}, orderBy: [{field: ID}]) { totalCount nodes { id } } }';
  const owner = { department: 'MARKET_REGULATION', region: '370212' } as const;
  const both = { data: { inspections: { totalCount: 2, nodes: [{ id: 'i1' }, { id: 'i2' }] } } };
  const own = { data: { inspections: { totalCount: 1, nodes: [{ id: 'i1' }] } } };
  expect(await hub.as('MARKET_REGULATION').ask(listed)).toEqual(both);
  const answer = await poll(async () => {
    const given = await hub.as(owner).ask(listed);
    return (given.data?.inspections as { nodes?: unknown[] } | null)?.nodes?.length ? given : undefined;
  });
  expect(answer).toEqual(own);
  // What is for everybody, it sees everywhere; of what is not, nothing of another district by any way.
  const around = `{
    enterprise(id: "ent-bona-film") { nameZh inspections { totalCount } }
    inspection(id: "i2") { id }
  }`;
  expect(await hub.as(owner).ask(around)).toMatchObject({
    data: { enterprise: { nameZh: expect.any(String), inspections: null }, inspection: null },
    errors: [{ path: ['enterprise', 'inspections'], extensions: { code: 'NOT_SHARED' } }],
  });
  // An agreement for a region limits the list and its count alike.
  expect(await hub.as('CULTURE_TOURISM').ask('{ inspections { totalCount nodes { id } } }')).toEqual(own);
});

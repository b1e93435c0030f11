import { dayOf } from '@wenshu/kit/today.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Who } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

// What has ended leaves every open view: blacklist entries and penalties. What has not begun for an enterprise is not there for it: findings.

const fromToday = (days: number) => dayOf(Date.now() + days * 86_400_000);
const [yesterday, today] = [fromToday(-1), fromToday(0)];
const listing = 'org-wh-propaganda';

const rows = `
  insert into blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on, published_on, until, restored_on) values
    ('b-force', 'ent-goertek', '${listing}', '至今日止', '2024-01-01', '2024-01-02', '${today}', null),
    ('b-lapsed', 'ent-gaea', '${listing}', '昨日期满', '2024-01-01', '2024-01-02', '${yesterday}', null),
    ('b-restored', 'ent-bona-film', 'org-other', '已修复', '2024-01-01', '2024-01-02', null, '2024-06-01');
  insert into inspections (id, enterprise_id, method, inspected_on, result) values
    ('ins-1', 'ent-goertek', 'JOINT', '2024-03-01', 'SUSPECTED'), ('ins-2', 'ent-goertek', 'JOINT', '2024-03-02', 'SUSPECTED');
  insert into findings (id, inspection_id, enterprise_id, title_zh, notified_on, penalty_kinds, penalty_amount, penalty_decided_on,
      penalty_published_on, penalty_published_until, penalty_restored_on) values
    ('f-1', 'ins-1', 'ent-goertek', '公示中', '2024-03-20', '{FINE}', 1, '2024-04-01', '2024-04-02', '${today}', null),
    ('f-2', 'ins-1', 'ent-goertek', '公示期满', '2024-03-20', '{FINE}', 2, '2024-04-01', '2024-04-02', '${yesterday}', null),
    ('f-3', 'ins-1', 'ent-goertek', '已修复', '2024-03-20', '{FINE}', 3, '2024-04-01', '2024-04-02', null, '2024-09-01'),
    ('f-4', 'ins-1', 'ent-goertek', '阶段为已修复', '2024-03-20', '{FINE}', 4, '2024-04-01', '2024-04-02', null, null),
    ('f-5', 'ins-1', 'ent-goertek', '未告知', null, null, null, null, null, null, null),
    ('f-6', 'ins-2', 'ent-goertek', '未告知', null, null, null, null, null, null, null);
  insert into finding_steps values ('f-4', 0, 'RESTORED', '2024-09-01'), ('f-5', 0, 'FILED', '2024-03-10');
  update findings f set stage = s.stage from (select distinct on (object_id) object_id, stage from finding_steps order by object_id, seq desc) s where s.object_id = f.id;
  update findings set stage = 'PUBLISHED' where id in ('f-1', 'f-2', 'f-3');`;

const fields = ['Query.inspections', 'Inspection.id', 'Inspection.findings', 'Finding.id', 'Finding.penalty'];

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    ownRows: true,
    agreements: { FINANCE: [{ fields }] },
    prepare: ({ urls }) => sql(urls.enterprises, rows),
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const answerTo = async (who: Who, question: string) => (await hub.as(who).ask(question)).data;
const partner = { scopes: ['BlacklistEntry', 'Enterprise', 'Query'] };

describe('a blacklist entry that was restored or has lapsed', () => {
  const question = `{
    blacklist(orderBy: [{ field: ID }]) { totalCount nodes { id status } }
    lapsed: blacklist(filter: { status: { in: [LAPSED, RESTORED] } }) { totalCount }
    restored: blacklist(filter: { restoredOn: { isNull: false } }) { totalCount }
    enterprises(filter: { isBlacklisted: { eq: true } }) { nodes { id blacklistEntry { id } } }
    related: enterprises(filter: { blacklistEntries: { exists: true } }) { nodes { id } }
    enterprise(id: "ent-gaea") { blacklistEntry { id } }
  }`;
  const open = {
    blacklist: { totalCount: 1, nodes: [{ id: 'b-force', status: 'IN_FORCE' }] },
    lapsed: { totalCount: 0 },
    restored: { totalCount: 0 },
    enterprises: { nodes: [{ id: 'ent-goertek', blacklistEntry: { id: 'b-force' } }] },
    related: { nodes: [{ id: 'ent-goertek' }] },
    enterprise: { blacklistEntry: null },
  };

  it.each<[string, Who]>([
    ['another department', 'FINANCE'],
    ['an agency that it does not name', { department: 'FINANCE', agency: 'org-nobody' }],
    ['a partner', partner],
  ])('is not there for %s', async (_, who) => {
    expect(await answerTo(who, question)).toEqual(open);
  });

  it('is there for the agency that listed it', async () => {
    expect(await answerTo({ department: 'FINANCE', agency: listing }, question)).toMatchObject({
      blacklist: {
        totalCount: 2,
        nodes: [
          { id: 'b-force', status: 'IN_FORCE' },
          { id: 'b-lapsed', status: 'LAPSED' },
        ],
      },
      restored: { totalCount: 0 },
    });
  });

  it('is there for its owner, but blacklists nobody', async () => {
    expect(await answerTo('MARKET_REGULATION', question)).toEqual({
      ...open,
      blacklist: {
        totalCount: 3,
        nodes: [
          { id: 'b-force', status: 'IN_FORCE' },
          { id: 'b-lapsed', status: 'LAPSED' },
          { id: 'b-restored', status: 'RESTORED' },
        ],
      },
      lapsed: { totalCount: 2 },
      restored: { totalCount: 1 },
      related: {
        nodes: expect.arrayContaining([{ id: 'ent-bona-film' }, { id: 'ent-gaea' }, { id: 'ent-goertek' }]),
      },
    });
  });
});

describe('a penalty whose publication has ended', () => {
  const question =
    '{ inspections(filter: { id: { eq: "ins-1" } }) { nodes { findings { id penalty { amount publicity } } } } }';

  it('is shown to its owner with the reason', async () => {
    const { inspections } = (await answerTo('MARKET_REGULATION', question)) as { inspections: object };
    expect(inspections).toEqual({
      nodes: [
        {
          findings: [
            { id: 'f-1', penalty: { amount: '1', publicity: 'PUBLISHED' } },
            { id: 'f-2', penalty: { amount: '2', publicity: 'LAPSED' } },
            { id: 'f-3', penalty: { amount: '3', publicity: 'RESTORED' } },
            { id: 'f-4', penalty: { amount: '4', publicity: 'RESTORED' } },
            { id: 'f-5', penalty: null },
          ],
        },
      ],
    });
  });

  it('is not there for those to whom an agreement opens only what is published', async () => {
    const { inspections } = (await answerTo(
      'FINANCE',
      question.replace('(filter: { id: { eq: "ins-1" } })', ''),
    )) as {
      inspections: { nodes: { findings: { id: string; penalty: object | null }[] }[] };
    };
    const found = inspections.nodes.flatMap(({ findings }) => findings);
    expect(found.flatMap(({ id, penalty }) => (penalty ? [[id, penalty]] : []))).toEqual([
      ['f-1', { amount: '1', publicity: 'PUBLISHED' }],
    ]);
  });
});

describe('an enterprise', () => {
  it('sees a finding from its notification on, and before that not even that something is suspected', async () => {
    const question =
      '{ enterprise(id: "ent-goertek") { inspections { nodes { id result findings { id stage notifiedOn } } } } }';
    const key = { enterpriseId: 'ent-goertek', scopes: ['Enterprise', 'Query'] };
    expect(await answerTo(key, question)).toEqual({
      enterprise: {
        inspections: {
          nodes: [
            {
              id: 'ins-1',
              result: 'SUSPECTED',
              findings: [
                { id: 'f-1', stage: 'PUBLISHED', notifiedOn: '2024-03-20' },
                { id: 'f-2', stage: 'PUBLISHED', notifiedOn: '2024-03-20' },
                { id: 'f-3', stage: 'PUBLISHED', notifiedOn: '2024-03-20' },
                { id: 'f-4', stage: 'RESTORED', notifiedOn: '2024-03-20' },
              ],
            },
            { id: 'ins-2', result: null, findings: null },
          ],
        },
      },
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit, type TestAudit } from '../support/audit.ts';
import type { Official } from '../support/callers.ts';
import { exportFrom } from '../support/export.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

// The agencies that a row names read it whole, without an agreement, and nothing else by it.

const propaganda = 'org-wh-propaganda';
const districts = 'org-wh-district-culture-depts';
const office = 'org-wh-culture-leading-group-office';

const rows = {
  policies: `
    insert into service_requests (id, enterprise_id, kind, title_zh, text_zh, stage, submitted_on, region_code, responsible_id) values
      ('req-1', 'ent-goertek', 'FINANCING', '融资对接', '希望对接银行', 'CO_HANDLING', '2026-03-02', '370212', '${propaganda}'),
      ('req-2', 'ent-goertek', 'TALENT', '人才公寓', '希望申请公寓', 'ASSIGNED', '2026-03-03', '370212', '${districts}'),
      ('req-3', 'ent-gaea', 'TALENT', '无人承办', '另一件机密', 'COLLECTED', '2026-03-04', '370214', null);
    insert into service_request_co_handlers values ('req-1', 1, '${office}');
    insert into service_request_steps (object_id, seq, stage, step_on, agency_id, note_zh) values
      ('req-1', 1, 'COLLECTED', '2026-03-02', null, '已登记'), ('req-2', 1, 'COLLECTED', '2026-03-03', null, '另一件');
    insert into payouts (id, policy_id, enterprise_id, region_code, stage, amount, paid_on, paying_agency_id) values
      ('pay-1', 'pol-ls-exempt-apply', 'ent-goertek', '370212', 'PAID', 200, '2026-06-30', '${office}'),
      ('pay-2', 'pol-ls-exempt-apply', 'ent-goertek', '370212', 'PAID', 70, '2026-06-30', '${districts}');
    insert into star_lists (id, name_zh, year, half, stage, published_on) values ('star', '榜单', 2025, 'FIRST', 'PUBLISHED', '2025-07-01');
    insert into star_list_entries (list_id, enterprise_id, criteria, vetoed_by_id, veto_reason_zh) values
      ('star', 'ent-goertek', '{PERFORMANCE}', '${office}', '欠税'), ('star', 'ent-gaea', '{MODEL}', '${districts}', '失信');
    insert into star_lists (id, name_zh, year, half, stage) values
      ('star-own', '拟定榜单', 2026, 'FIRST', 'DRAFT'), ('star-other', '他人榜单', 2026, 'FIRST', 'DRAFT');
    insert into star_list_entries (list_id, enterprise_id, criteria, vetoed_by_id, veto_reason_zh) values
      ('star-own', 'ent-goertek', '{MODEL}', '${office}', '欠税'), ('star-own', 'ent-gaea', '{MODEL}', null, null),
      ('star-other', 'ent-gaea', '{MODEL}', '${districts}', '失信');
    insert into policies (id, name_zh, name_en, kind, domain, status, region_code) values
      ('draft-own', '本单位草案', 'Own draft', 'MEASURES', 'CULTURE', 'DRAFTING', '370212'),
      ('draft-other', '他人草案', 'Draft of others', 'MEASURES', 'CULTURE', 'DRAFTING', '370212'),
      ('issued-own', '已发布', 'Issued', 'MEASURES', 'CULTURE', 'ISSUED', '370212');
    insert into policy_issuers (policy_id, seq, target_type, target_id) values
      ('draft-own', 1, 'Agency', '${districts}'), ('draft-own', 2, 'Agency', '${office}'),
      ('draft-other', 1, 'Agency', '${districts}'), ('issued-own', 1, 'Agency', '${office}');
    insert into measures (id, policy_id, seq, kind, title_zh, title_en, text_zh) values
      ('draft-own-m1', 'draft-own', 1, 'SERVICE', '服务', 'Service', '服务'),
      ('draft-other-m1', 'draft-other', 1, 'SERVICE', '服务', 'Service', '服务');
    insert into policy_eligibility (id, policy_id, seq, field, op, value, text_zh) values
      ('draft-own-e1', 'draft-own', 1, 'enterprise.tier', 'EQ', '"GAZELLE"', '瞪羚'),
      ('draft-other-e1', 'draft-other', 1, 'enterprise.tier', 'EQ', '"GAZELLE"', '瞪羚');
    insert into payouts (id, policy_id, enterprise_id, region_code, stage, amount, paid_on, paying_agency_id) values
      ('pay-3', 'issued-own', 'ent-goertek', '370212', 'PAID', 9, '2026-06-30', '${districts}');
    insert into changes (type, object_id, action, stage, version) values
      ('Payout', 'pay-1', 'PAY', 'PAID', 2), ('Payout', 'pay-3', 'PAY', 'PAID', 3);`,
  events: `
    insert into events (id, name_zh, name_en, kind, status, region_code) values
      ('evt-own', '联合检查', 'Own', 'INSPECTION_CAMPAIGN', 'SCHEDULED', '370212'),
      ('evt-other', '他人检查', 'Other', 'INSPECTION_CAMPAIGN', 'SCHEDULED', '370212');
    insert into event_hosts (event_id, seq, role, target_type, target_id) values
      ('evt-own', 1, 'HOST', 'Agency', '${districts}'), ('evt-own', 2, 'CO_HOST', 'Agency', '${office}'),
      ('evt-other', 1, 'HOST', 'Agency', '${districts}');`,
  enterprises: `
    insert into inspections (id, enterprise_id, method, inspected_on, result) values
      ('ins-1', 'ent-goertek', 'JOINT', '2024-03-01', 'SUSPECTED'), ('ins-2', 'ent-goertek', 'ROUTINE', '2024-03-02', 'SUSPECTED');
    insert into inspection_agencies values ('ins-1', '${office}'), ('ins-1', '${districts}'), ('ins-2', '${districts}');
    insert into findings (id, inspection_id, enterprise_id, title_zh, penalty_kinds, penalty_amount, penalty_decided_on, penalty_document_no) values
      ('f1', 'ins-1', 'ent-goertek', '噪声', '{FINE}', 500, '2024-04-01', '文执罚〔2024〕1号'), ('f2', 'ins-2', 'ent-goertek', '无证', null, null, null, null);
    insert into finding_steps values ('f1', 0, 'PENALISED', '2024-04-01'), ('f2', 0, 'FILED', '2024-04-02');
    update findings f set stage = s.stage from (select distinct on (object_id) object_id, stage from finding_steps order by object_id, seq desc) s where s.object_id = f.id;
    insert into dual_effect_assessments (id, enterprise_id, assessed_by_id, year, total, social_weight, has_content_fault) values
      ('d1', 'ent-goertek', '${office}', 2024, 80, 50, false), ('d2', 'ent-gaea', '${districts}', 2024, 70, 50, false);`,
};

const atOffice: Official = { department: 'FINANCE', agency: office };
const elsewhere: Official = { department: 'FINANCE', agency: 'org-nowhere' };
const officer: Official = { department: 'FINANCE' };

const running = new AsyncDisposableStack();
let hub: TestHub;
let audit: TestAudit;
beforeAll(async () => {
  audit = running.use(await createAudit());
  const log = await audit.open();
  running.defer(() => log.close());
  hub = await startHub({
    ownRows: true,
    audit: log,
    // Requests of one district, without the enterprise that each is of.
    agreements: {
      TAXATION: [
        {
          fields: [
            'Query.serviceRequests',
            'ServiceRequest.id',
            'ServiceRequest.kind',
            'ServiceRequestFilter.region',
            'ServiceRequestOrderField.ID',
          ],
          region: '370214',
        },
      ],
    },
    prepare: async ({ urls }) => {
      await Promise.all([
        sql(urls.policies, rows.policies),
        sql(urls.enterprises, rows.enterprises),
        sql(urls.events, rows.events),
      ]);
    },
  });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await running.disposeAsync();
});

describe('an agency that a row names', () => {
  it('reads the request that it handles beside another, with its steps, and no other', async () => {
    const question = `{
      serviceRequests { totalCount nodes { id titleZh textZh responsible { id } coHandlers { id } history { noteZh } } }
      named: serviceRequest(id: "req-1") { textZh }
      other: serviceRequest(id: "req-2") { textZh }
      enterprise(id: "ent-goertek") { serviceRequests { totalCount nodes { id history { stage } } } }
      agency(id: "${propaganda}") { assignments { totalCount nodes { id } } }
      region(code: "370200") { serviceRequests { totalCount nodes { id } } }
    }`;
    expect(await hub.as(atOffice).ask(question)).toEqual({
      data: {
        serviceRequests: {
          totalCount: 1,
          nodes: [
            {
              id: 'req-1',
              titleZh: '融资对接',
              textZh: '希望对接银行',
              responsible: { id: propaganda },
              coHandlers: [{ id: office }],
              history: [{ noteZh: '已登记' }],
            },
          ],
        },
        named: { textZh: '希望对接银行' },
        other: null,
        enterprise: {
          serviceRequests: { totalCount: 1, nodes: [{ id: 'req-1', history: [{ stage: 'COLLECTED' }] }] },
        },
        agency: { assignments: { totalCount: 1, nodes: [{ id: 'req-1' }] } },
        region: { serviceRequests: { totalCount: 1, nodes: [{ id: 'req-1' }] } },
      },
    });
  });

  it('reads the payout that it pays, the inspection in which it took part, and the assessment that it made', async () => {
    const question = `{
      payouts { totalCount nodes { id amount } }
      inspections { totalCount nodes { id findings { id titleZh history { stage } penalty { amount documentNo } exemption { kind } } } }
      other: inspection(id: "ins-2") { id }
      dualEffectAssessments { nodes { id total } }
    }`;
    expect(await hub.as(atOffice).ask(question)).toEqual({
      data: {
        payouts: { totalCount: 1, nodes: [{ id: 'pay-1', amount: '200' }] },
        inspections: {
          totalCount: 1,
          nodes: [
            {
              id: 'ins-1',
              findings: [
                {
                  id: 'f1',
                  titleZh: '噪声',
                  history: [{ stage: 'PENALISED' }],
                  penalty: { amount: '500', documentNo: '文执罚〔2024〕1号' },
                  exemption: null,
                },
              ],
            },
          ],
        },
        other: null,
        dualEffectAssessments: { nodes: [{ id: 'd1', total: '80' }] },
      },
    });
  });

  it('reads its own veto of a star list, not that of another', async () => {
    const answer = await hub
      .as(atOffice)
      .ask('{ starList(id: "star") { entries { enterprise { id } vetoedBy { id } vetoReasonZh } } }');
    expect(answer.data).toEqual({
      starList: {
        // An entry that another agency vetoed is not there at all.
        entries: [{ enterprise: { id: 'ent-goertek' }, vetoedBy: { id: office }, vetoReasonZh: '欠税' }],
      },
    });
  });

  // On 6e49a15 no agency saw a draft or a planned inspection of its own.
  it('sees the drafts that it issues, the inspections that it will carry out, and the draft star lists in which it vetoed', async () => {
    const question = `{
      drafts: policies(filter: { status: { in: [DRAFTING] }, synthetic: { eq: false } }) {
        totalCount nodes { id nameZh issuingAgencies { id } measures { id policy { id } } eligibility { textZh } }
      }
      measures(filter: { policyStatus: { eq: DRAFTING } }) { totalCount nodes { id } }
      planned: events(filter: { status: { eq: SCHEDULED }, kind: { eq: INSPECTION_CAMPAIGN } }) {
        totalCount nodes { id hostAgencies { id } hosts { role } }
      }
      matches: policyMatchesFor(profile: { regionCode: "370212", tiers: [GAZELLE] }, includeDrafts: true, verdict: [MET], policyId: "draft-own") { totalCount }
      others: policyMatchesFor(profile: { regionCode: "370212", tiers: [GAZELLE] }, includeDrafts: true, verdict: [MET], policyId: "draft-other") { totalCount }
      starLists(filter: { stage: { eq: DRAFT } }) { totalCount nodes { id entries { enterprise { id } vetoReasonZh } } }
      policy(id: "draft-other") { id }
      event(id: "evt-other") { id }
      starList(id: "star-other") { id }
    }`;
    const nothing = { policy: null, event: null, starList: null, others: { totalCount: 0 } };
    const none = { totalCount: 0, nodes: [] };
    const { data, errors } = await hub.as(atOffice).ask(question);
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.coordinate])).toEqual([
      ['starLists.nodes.0.entries.0.vetoReasonZh', 'StarListEntry.vetoReasonZh'],
    ]);
    expect(data).toEqual({
      ...nothing,
      drafts: {
        totalCount: 1,
        nodes: [
          {
            id: 'draft-own',
            nameZh: '本单位草案',
            issuingAgencies: [{ id: districts }, { id: office }],
            measures: [{ id: 'draft-own-m1', policy: { id: 'draft-own' } }],
            eligibility: [{ textZh: '瞪羚' }],
          },
        ],
      },
      measures: { totalCount: 1, nodes: [{ id: 'draft-own-m1' }] },
      planned: {
        totalCount: 1,
        nodes: [
          {
            id: 'evt-own',
            hostAgencies: [{ id: districts }, { id: office }],
            hosts: [{ role: 'HOST' }, { role: 'CO_HOST' }],
          },
        ],
      },
      matches: { totalCount: 1 },
      starLists: {
        totalCount: 1,
        nodes: [
          {
            id: 'star-own',
            entries: [
              { enterprise: { id: 'ent-gaea' }, vetoReasonZh: null },
              { enterprise: { id: 'ent-goertek' }, vetoReasonZh: '欠税' },
            ],
          },
        ],
      },
    });
    for (const who of [elsewhere, officer]) {
      expect((await hub.as(who).ask(question)).data).toEqual({
        ...nothing,
        drafts: none,
        measures: none,
        planned: none,
        matches: { totalCount: 0 },
        starLists: none,
      });
    }
  });

  it('gets by it nothing that an issued policy shares by agreement only', async () => {
    const { data, errors } = await hub.as(atOffice).ask(`{
      policy(id: "issued-own") { nameZh paidTotal payouts { totalCount } }
      starLists(filter: { vetoedById: { eq: "${districts}" } }) { totalCount }
    }`);
    expect(data).toEqual({
      policy: { nameZh: '已发布', paidTotal: null, payouts: { totalCount: 0 } },
      starLists: null,
    });
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['NOT_SHARED']));
  });

  it('filters, orders, groups and sums up these rows only', async () => {
    const question = `{
      own: serviceRequests(filter: { coHandlerId: { eq: "${office}" } }) { totalCount }
      others: serviceRequests(filter: { responsibleId: { eq: "${districts}" } }) { totalCount }
      not: serviceRequests(filter: { not: { responsibleId: { eq: "${districts}" } } }) { totalCount }
      either: serviceRequests(filter: { or: [{ id: { eq: "req-2" } }, { kind: { eq: TALENT } }] }) { totalCount }
      ordered: serviceRequests(orderBy: [{ field: SUBMITTED_ON, direction: DESC }]) { nodes { id } }
      grouped: serviceRequests { aggregates(groupBy: [{ field: KIND }]) { group { kind } count groupCount } }
      paid: payouts { aggregates { count amount { sum } } }
      findings: inspections(filter: { findingStage: { in: [FILED, PENALISED] } }) { totalCount }
    }`;
    expect(await hub.as(atOffice).ask(question)).toEqual({
      data: {
        own: { totalCount: 1 },
        others: { totalCount: 0 },
        not: { totalCount: 1 },
        either: { totalCount: 0 },
        ordered: { nodes: [{ id: 'req-1' }] },
        grouped: { aggregates: [{ group: { kind: 'FINANCING' }, count: 1, groupCount: 1 }] },
        paid: { aggregates: [{ count: 1, amount: { sum: '200' } }] },
        findings: { totalCount: 1 },
      },
    });
  });

  it('exports these rows only', async () => {
    const query = '{ serviceRequests { nodes { id textZh } } }';
    const rowsOf = async (who: Official) => {
      const { text } = await exportFrom(hub.url, { query }, await hub.as(who).headers());
      return text.trim().split('\n');
    };
    expect(await rowsOf(atOffice)).toEqual(['{"id":"req-1","textZh":"希望对接银行"}']);
    expect(await rowsOf(elsewhere)).toEqual(['']);
  });

  it('is on record with what it read', async () => {
    await hub.as(atOffice).ask('query Named { serviceRequest(id: "req-1") { textZh } }');
    expect((await audit.records()).at(-1)).toMatchObject({
      caller: { department: 'FINANCE', agency: office },
      decision: 'answered',
      fields: expect.arrayContaining([
        { coordinate: 'ServiceRequest.textZh', class: 'CONDITIONAL', owner: 'PROPAGANDA' },
      ]),
    });
  });

  it('gets by its agreement on other rows no more of these than before', async () => {
    const who: Official = { department: 'TAXATION', agency: office };
    const question = `{
      serviceRequests(orderBy: [{ field: ID }]) { totalCount nodes { id kind textZh } }
      enterprise(id: "ent-gaea") { serviceRequests { totalCount nodes { id } } }
    }`;
    const { data } = await hub.as(who).ask(question);
    expect(data).toEqual({
      serviceRequests: {
        totalCount: 2,
        nodes: [
          { id: 'req-1', kind: 'FINANCING', textZh: '希望对接银行' },
          { id: 'req-3', kind: 'TALENT', textZh: null },
        ],
      },
      // It would tell which enterprise made the request of the district.
      enterprise: { serviceRequests: null },
    });
  });

  it('learns nothing of other rows from records that lead to them, nor from numbers over all', async () => {
    const question = `{
      enterprises(filter: { serviceRequests: { some: { kind: { eq: TALENT } } } }) { totalCount }
      agencies(filter: { payouts: { exists: true } }) { totalCount }
      region(code: "370200") { serviceRequestCount inspectionCount }
      policy(id: "pol-ls-exempt-apply") { paidTotal }
      serviceRequestSummary { total { count } }
    }`;
    const { data, errors } = await hub.as(atOffice).ask(question);
    expect(data).toEqual({
      enterprises: null,
      agencies: null,
      region: { serviceRequestCount: null, inspectionCount: null },
      policy: { paidTotal: null },
      serviceRequestSummary: null,
    });
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['NOT_SHARED']));
  });
});

describe('a token', () => {
  const question = '{ serviceRequests { totalCount nodes { id } } inspections { totalCount nodes { id } } }';

  it('speaks for no agency when it names none', async () => {
    const { data, errors } = await hub.as(officer).ask(question);
    expect(data).toEqual({ serviceRequests: null, inspections: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_SHARED', 'NOT_SHARED']);
  });

  it('opens no row when no row names its agency', async () => {
    expect(await hub.as(elsewhere).ask(question)).toEqual({
      data: { serviceRequests: { totalCount: 0, nodes: [] }, inspections: { totalCount: 0, nodes: [] } },
    });
  });

  it('tells of no event of other rows', async () => {
    const events = '{ payoutChanges { edges { stage version } } }';
    const told = async (who: Official) => (await hub.as(who).ask(events)).data?.payoutChanges;
    expect(await told(atOffice)).toEqual({ edges: [{ stage: 'PAID', version: 2 }] });
    expect(await told(elsewhere)).toEqual({ edges: [] });
    // Before, it read the stage, the region and the time of each.
    expect(await told(officer)).toBeNull();
  });

  it('opens the rows of its region only', async () => {
    const { data } = await hub.as({ ...atOffice, region: '110000' }).ask(question);
    expect(data).toEqual({
      serviceRequests: { totalCount: 0, nodes: [] },
      inspections: { totalCount: 0, nodes: [] },
    });
  });

  it.each([[''], [7], [['org-wh-propaganda']], [' org']])(
    'is refused with %j as its agency',
    async (agency) => {
      const answer = await hub.as({ ...officer, agency } as never).ask('{ __typename }');
      expect(answer.errors?.[0]).toMatchObject({
        message: 'The "agency" of the token cannot be used.',
        extensions: { code: 'UNAUTHENTICATED' },
      });
    },
  );
});

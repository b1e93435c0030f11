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
    insert into payouts (id, policy_id, enterprise_id, region_code, status, amount, paid_on, paying_agency_id) values
      ('pay-1', 'pol-ls-exempt-apply', 'ent-goertek', '370212', 'PAID', 200, '2026-06-30', '${office}'),
      ('pay-2', 'pol-ls-exempt-apply', 'ent-goertek', '370212', 'PAID', 70, '2026-06-30', '${districts}');
    insert into star_lists (id, name_zh, year, half, stage, published_on) values ('star', '榜单', 2025, 'FIRST', 'PUBLISHED', '2025-07-01');
    insert into star_list_entries (list_id, enterprise_id, criteria, vetoed_by_id, veto_reason_zh) values
      ('star', 'ent-goertek', '{PERFORMANCE}', '${office}', '欠税'), ('star', 'ent-gaea', '{MODEL}', '${districts}', '失信');`,
  enterprises: `
    insert into inspections (id, enterprise_id, method, inspected_on, result) values
      ('ins-1', 'ent-goertek', 'JOINT', '2024-03-01', 'SUSPECTED'), ('ins-2', 'ent-goertek', 'ROUTINE', '2024-03-02', 'SUSPECTED');
    insert into inspection_agencies values ('ins-1', '${office}'), ('ins-1', '${districts}'), ('ins-2', '${districts}');
    insert into findings (id, inspection_id, enterprise_id, title_zh, penalty_kinds, penalty_amount, penalty_decided_on, penalty_document_no) values
      ('f1', 'ins-1', 'ent-goertek', '噪声', '{FINE}', 500, '2024-04-01', '文执罚〔2024〕1号'), ('f2', 'ins-2', 'ent-goertek', '无证', null, null, null, null);
    insert into finding_stages values ('f1', 0, 'PENALISED', '2024-04-01'), ('f2', 0, 'FILED', '2024-04-02');
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
      await Promise.all([sql(urls.policies, rows.policies), sql(urls.enterprises, rows.enterprises)]);
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

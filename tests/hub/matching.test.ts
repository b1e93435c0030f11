import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';
import { unlimited } from '../support/unlimited.ts';

type Verdict = 'NOT_MET' | 'UNKNOWN' | 'LIKELY' | 'MET';
type Quoted = { citations: { quote: string }[] };
type Check = { verdict: Verdict; basis: string | null; reasonZh: string };
type Matched = Quoted & {
  nameZh: string;
  policyMatches: { nodes: { verdict: Verdict; policy: Quoted & { nameZh: string }; conditions: Check[] }[] };
};
type Tested = { id: string; policyMatches: { nodes: { verdict: Verdict; policy: { id: string } }[] } };
type Candidates = { edges: { verdict: Verdict; node: { id: string } }[] };
type PolicyNode = { id: string; enterprises: Candidates; parks: Candidates };

const admission = { queryLimits: unlimited };

describe('over the real data', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ admission });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  it('no policy is met, and five are likely: each with the sentences that it rests on', async () => {
    const { data } = await hub.ask(`{
      enterprises(first: 500) {
        nodes {
          nameZh
          citations { quote }
          policyMatches(verdict: [MET, LIKELY]) {
            nodes { verdict policy { nameZh citations { quote } } conditions { verdict basis reasonZh } }
          }
        }
      }
    }`);
    const quotes = ({ citations }: Quoted) => citations.map(({ quote }) => quote).join('/');
    const { nodes } = (data as { enterprises: { nodes: Matched[] } }).enterprises;
    expect(
      nodes.flatMap((enterprise) =>
        enterprise.policyMatches.nodes.map(({ verdict, policy, conditions }) => [
          `${verdict}: ${enterprise.nameZh}(${quotes(enterprise)}),${policy.nameZh}(${quotes(policy)})`,
          ...conditions.map((each) => `${each.verdict} ${each.basis} ${each.reasonZh}`),
        ]),
      ),
    ).toMatchInlineSnapshot(`
      [
        [
          "LIKELY: 冠中生态(海泰新光、冠中生态等5家企业实现上市),创新型企业梯次培育(对专精特新、隐形冠军、高新技术、瞪羚、独角兽)",
          "LIKELY CONTEXT 仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
          "MET STATED 持有“上市企业”称号。",
        ],
        [
          "LIKELY: 海华生物(小鸟看看、海华生物、罗博科技成为各自细分领域的),创新型企业梯次培育(对专精特新、隐形冠军、高新技术、瞪羚、独角兽)",
          "LIKELY CONTEXT 仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
          "MET STATED 持有“隐形冠军”称号。",
        ],
        [
          "LIKELY: 海泰新光(海泰新光、冠中生态等5家企业实现上市),创新型企业梯次培育(对专精特新、隐形冠军、高新技术、瞪羚、独角兽)",
          "LIKELY CONTEXT 仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
          "MET STATED 持有“上市企业”称号。",
        ],
        [
          "LIKELY: 罗博科技(小鸟看看、海华生物、罗博科技成为各自细分领域的),创新型企业梯次培育(对专精特新、隐形冠军、高新技术、瞪羚、独角兽)",
          "LIKELY CONTEXT 仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
          "MET STATED 持有“隐形冠军”称号。",
        ],
        [
          "LIKELY: 小鸟看看(小鸟看看、海华生物、罗博科技成为各自细分领域的),创新型企业梯次培育(对专精特新、隐形冠军、高新技术、瞪羚、独角兽)",
          "LIKELY CONTEXT 仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
          "MET STATED 持有“隐形冠军”称号。",
        ],
      ]
    `);
  });

  it('what is another district is not met, and what no source says is unknown', async () => {
    const { data } = await hub.ask(`{
      enterprises(first: 500) { nodes { id policyMatches(first: 500) { nodes { verdict policy { id } } } } }
    }`);
    const { nodes } = (data as { enterprises: { nodes: Tested[] } }).enterprises;
    const verdicts = nodes.flatMap(({ policyMatches }) => policyMatches.nodes.map(({ verdict }) => verdict));
    const tally = Object.entries(Object.groupBy(verdicts, (verdict) => verdict));
    expect(Object.fromEntries(tally.map(([verdict, each]) => [verdict, each?.length]))).toEqual({
      LIKELY: 5,
      NOT_MET: 204,
      UNKNOWN: 85,
    });
  });

  it('each measure has the conditions of the policy and its own', async () => {
    const { data } = await hub.ask(`{
      enterprise(id: "ent-jufeng-kechuang") {
        policyMatches(policyId: "pol-ls-tolerance-period") {
          nodes {
            verdict conditionCount metCount likelyCount unknownCount notMetCount
            conditions { measure { titleZh } textZh }
            measures { measure { titleZh } verdict conditions { textZh verdict } }
          }
        }
      }
    }`);
    const territory = { textZh: '政策适用地区:崂山区', verdict: 'MET' };
    const unknown = (textZh: string) => ({ textZh, verdict: 'UNKNOWN' });
    const own = ['非主观故意', '没有造成危害后果', '轻微违法行为'];
    const newTrades = '符合产业发展方向的新技术、新业态、新模式';
    expect(data).toEqual({
      enterprise: {
        policyMatches: {
          nodes: [
            {
              verdict: 'UNKNOWN',
              conditionCount: 5,
              metCount: 1,
              likelyCount: 0,
              unknownCount: 4,
              notMetCount: 0,
              conditions: [
                { measure: null, textZh: territory.textZh },
                { measure: { titleZh: '宽容期' }, textZh: newTrades },
                ...own.map((textZh) => ({ measure: { titleZh: '首错免罚' }, textZh })),
              ],
              measures: [
                {
                  measure: { titleZh: '宽容期' },
                  verdict: 'UNKNOWN',
                  conditions: [territory, unknown(newTrades)],
                },
                {
                  measure: { titleZh: '首错免罚' },
                  verdict: 'UNKNOWN',
                  conditions: [territory, ...own.map(unknown)],
                },
              ],
            },
          ],
        },
      },
    });
  });

  it('the best matches come first, over pages in both directions', async () => {
    const whole = (args: string) => `{ enterprise(id: "ent-pico") { policyMatches(${args}) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { verdict metCount conditionCount policy { id } } } } }`;
    const ask = async (args: string) => {
      const { data } = await hub.ask(whole(args));
      const { nodes, pageInfo, totalCount } = (data as { enterprise: { policyMatches: Page } }).enterprise
        .policyMatches;
      const shown = nodes.map(
        (each) => `${each.policy.id} ${each.verdict} ${each.metCount}/${each.conditionCount}`,
      );
      return { shown, pageInfo, totalCount };
    };
    type Page = {
      totalCount: number;
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
      nodes: { verdict: Verdict; metCount: number; conditionCount: number; policy: { id: string } }[];
    };
    const all = [
      'pol-ls-sme-ladder LIKELY 1/2',
      'pol-ls-tolerance-period UNKNOWN 0/5',
      'pol-ch-guarantee-whitelist NOT_MET 0/3',
      'pol-ch-tech-upgrade NOT_MET 0/2',
      'pol-ch-zjtx NOT_MET 0/2',
      'pol-wh-express NOT_MET 0/4',
    ];
    expect((await ask('first: 10')).shown).toEqual(all);
    const start = await ask('first: 4');
    expect(start).toMatchObject({ shown: all.slice(0, 4), totalCount: 6, pageInfo: { hasNextPage: true } });
    const { endCursor } = start.pageInfo;
    const rest = await ask(`first: 4, after: "${endCursor}"`);
    expect(rest).toMatchObject({
      shown: all.slice(4),
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    expect((await ask(`last: 2, before: "${endCursor}"`)).shown).toEqual(all.slice(1, 3));
    expect((await ask('orderBy: [{ field: POLICY_ID, direction: DESC }], first: 2')).shown).toEqual([
      'pol-wh-express NOT_MET 0/4',
      'pol-ls-tolerance-period UNKNOWN 0/5',
    ]);
    expect(
      (await hub.ask(whole(`orderBy: [{ field: POLICY_ID }], after: "${endCursor}"`))).errors,
    ).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });
});

describe('what if', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({
      callers: true,
      ownRows: true,
      prepare: (database) =>
        sql(
          database.adminUrl,
          `insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code)
           values ('x-draft', '草案', 'Draft', 'MEASURES', 'SME', 'DRAFTING', '370212');
           insert into policies.policy_eligibility (id, policy_id, seq, field, op, value, text_zh)
           values ('x-draft-1', 'x-draft', 1, 'enterprise.tier', 'EQ', '"GAZELLE"', '瞪羚企业')`,
        ),
    });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  it('a profile is tested without an enterprise, and what it leaves out is missing', async () => {
    const { data, errors } = await hub.as('FINANCE').ask(`{
      met: policyMatchesFor(profile: { regionCode: "370214", tiers: [HIGH_GROWTH], listIds: ["list-ch-guarantee-whitelist"] }, verdict: [MET]) {
        nodes { policy { nameZh } conditions { textZh verdict basis reason reasonZh missing { field } } }
      }
      unknown: policyMatchesFor(profile: { regionCode: "420100" }, policyId: "pol-wh-express") {
        nodes { verdict conditions(verdict: [UNKNOWN]) { reason reasonZh missing { field nameZh nameEn heldIn owner } } }
      }
      nothing: policyMatchesFor(profile: {}, verdict: [MET, LIKELY, NOT_MET]) { nodes { verdict } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchInlineSnapshot(`
      {
        "met": {
          "nodes": [
            {
              "conditions": [
                {
                  "basis": "STATED",
                  "missing": null,
                  "reason": "It lies in Chengyang District.",
                  "reasonZh": "位于城阳区。",
                  "textZh": "政策适用地区:城阳区",
                  "verdict": "MET",
                },
                {
                  "basis": "STATED",
                  "missing": null,
                  "reason": "It holds the tier "High-growth enterprise".",
                  "reasonZh": "持有“高成长企业”称号。",
                  "textZh": "高成长企业",
                  "verdict": "MET",
                },
                {
                  "basis": "STATED",
                  "missing": null,
                  "reason": "It is on "White list for loan guarantees to high-growth enterprises".",
                  "reasonZh": "列入《高成长企业融资担保“白名单”》。",
                  "textZh": "进入融资担保“白名单”",
                  "verdict": "MET",
                },
              ],
              "policy": {
                "nameZh": "高成长企业融资担保“白名单”制度",
              },
            },
          ],
        },
        "nothing": {
          "nodes": [],
        },
        "unknown": {
          "nodes": [
            {
              "conditions": [
                {
                  "missing": {
                    "field": "enterprise.role",
                    "heldIn": null,
                    "nameEn": "role in the industry",
                    "nameZh": "在行业中的作用",
                    "owner": null,
                  },
                  "reason": "The profile does not give its role in the industry.",
                  "reasonZh": "所给情形没有写明在行业中的作用。",
                },
                {
                  "missing": {
                    "field": "enterprise.businessField",
                    "heldIn": null,
                    "nameEn": "field of business",
                    "nameZh": "业务领域",
                    "owner": null,
                  },
                  "reason": "The profile does not give its field of business.",
                  "reasonZh": "所给情形没有写明业务领域。",
                },
                {
                  "missing": {
                    "field": "enterprise.onList",
                    "heldIn": "QualifyingList.members",
                    "nameEn": "membership of the list",
                    "nameZh": "名单",
                    "owner": "PROPAGANDA",
                  },
                  "reason": "The profile does not give its membership of the list.",
                  "reasonZh": "所给情形没有写明名单。",
                },
              ],
              "verdict": "UNKNOWN",
            },
          ],
        },
      }
    `);
  });

  it('only the owner of a draft learns by it what the draft asks for', async () => {
    const question = `{ policyMatchesFor(profile: { regionCode: "370212", tiers: [GAZELLE] }, includeDrafts: true, verdict: [MET]) {
      nodes { policy { id } } } }`;
    const found = (...each: string[]) => ({
      data: { policyMatchesFor: { nodes: each.map((id) => ({ policy: { id } })) } },
    });
    expect(await hub.as('PROPAGANDA').ask(question)).toEqual(found('pol-ls-sme-ladder', 'x-draft'));
    expect(await hub.as('FINANCE').ask(question)).toEqual(found('pol-ls-sme-ladder'));
    expect(await hub.as({ scopes: ['Query', 'Policy', 'PolicyMatch'] }).ask(question)).toEqual(
      found('pol-ls-sme-ladder'),
    );
  });

  // On 6e49a15 counts were NOT_SHARED for all who may not see drafts, though the rows were shown.
  it('counts for each caller the matches that it sees, with rows and without', async () => {
    const matches = (rest: string) =>
      `policyMatchesFor(profile: { regionCode: "370212", tiers: [GAZELLE] }, includeDrafts: true, verdict: [MET]) { ${rest} }`;
    const first = `first: policyMatchesFor(profile: { regionCode: "370212", tiers: [GAZELLE] }, includeDrafts: true, verdict: [MET], first: 1) {
      totalCount nodes { policy { id } } pageInfo { hasNextPage } }`;
    const seenBy = async (who: Parameters<TestHub['as']>[0]) => {
      const counted = await hub.as(who).ask(`{ ${matches('totalCount pageInfo { hasNextPage }')} }`);
      const { data, errors } = await hub
        .as(who)
        .ask(`{ ${matches('nodes { policy { id } } totalCount')} ${first} }`);
      expect(counted.errors ?? errors).toBeUndefined();
      const { first: page, policyMatchesFor: all } = data as Record<
        string,
        { totalCount: number; nodes: unknown[] }
      >;
      expect(counted.data).toEqual({
        policyMatchesFor: { totalCount: all?.totalCount, pageInfo: { hasNextPage: false } },
      });
      expect(all?.nodes).toHaveLength(all?.totalCount ?? -1);
      return page;
    };
    const found = (totalCount: number, hasNextPage: boolean) => ({
      totalCount,
      nodes: [{ policy: { id: 'pol-ls-sme-ladder' } }],
      pageInfo: { hasNextPage },
    });
    expect(await seenBy('PROPAGANDA')).toEqual(found(2, true));
    expect(await seenBy('FINANCE')).toEqual(found(1, false));
    const partner = { scopes: ['Query', 'Policy', 'PolicyMatch', 'PolicyMatchConnection'] };
    expect(await seenBy(partner)).toEqual(found(1, false));
    expect(await seenBy({ ...partner, regions: ['370212'] })).toEqual(found(1, false));
    const elsewhere = await hub.as({ ...partner, regions: ['110105'] }).ask(`{ ${matches('totalCount')} }`);
    expect(elsewhere).toEqual({ data: { policyMatchesFor: { totalCount: 0 } } });
  });

  it('matches of an enterprise on record, the condition on them and the members of lists stay conditional', async () => {
    const { data, errors = [] } = await hub.as('FINANCE').ask(`{
      enterprise(id: "ent-pico") { policyMatches { totalCount } }
      enterprises(filter: { policyMatch: { policyId: "pol-ls-sme-ladder" } }) { totalCount }
      policy(id: "pol-wh-express") { lists { nameZh isComplete state stateReason stateReasonZh members { id } } }
    }`);
    expect(data).toEqual({
      enterprise: { policyMatches: null },
      enterprises: null,
      policy: {
        lists: [
          {
            nameZh: '首批市级“服务直通车”重点数字创意企业名单',
            isComplete: false,
            state: 'UNKNOWN',
            stateReason:
              'The text of the source does not hold the whole list, for example because its annex is missing. An enterprise that is not on record may be on the list.',
            stateReasonZh: '来源文本未载完整名单(如附件缺失)。未记录的企业也可能在名单上。',
            members: null,
          },
        ],
      },
    });
    expect(errors.map(({ extensions }) => `${extensions.code} ${extensions.coordinate}`).sort()).toEqual([
      'NOT_SHARED Enterprise.policyMatches',
      'NOT_SHARED EnterpriseFilter.policyMatch',
      'NOT_SHARED QualifyingList.members',
    ]);
  });
});

describe('policies and subjects', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({
      admission,
      ownRows: true,
      prepare: (database) => sql(database.adminUrl, everyKindOfCondition),
    });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  it('agree on every pair, whatever the condition is on', async () => {
    const drafts = 'includeDrafts: true';
    const all = `first: 500, verdict: [NOT_MET, UNKNOWN, LIKELY, MET], ${drafts}`;
    const { data, errors } = await hub.ask(`{
      enterprises(first: 500) { nodes { id policyMatches(first: 500, ${drafts}) { nodes { verdict policy { id } } } } }
      parks(first: 500) { nodes { id policyMatches(first: 500, ${drafts}) { nodes { verdict policy { id } } } } }
      policies(first: 500) {
        nodes {
          id
          enterprises: candidateEnterprises(${all}) { edges { verdict node { id } } }
          parks: candidateParks(${all}) { edges { verdict node { id } } }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    const { enterprises, parks, policies } = data as Record<'enterprises' | 'parks', { nodes: Tested[] }> & {
      policies: { nodes: PolicyNode[] };
    };
    const fromSubjects = [...enterprises.nodes, ...parks.nodes].flatMap(({ id, policyMatches }) =>
      policyMatches.nodes.map(({ verdict, policy }) => `${policy.id} ${id} ${verdict}`),
    );
    const fromPolicies = policies.nodes.flatMap((policy) =>
      [...policy.enterprises.edges, ...policy.parks.edges].map(
        ({ verdict, node }) => `${policy.id} ${node.id} ${verdict}`,
      ),
    );
    expect(fromPolicies.sort()).toEqual(fromSubjects.sort());
    const verdictOf = (pair: string) =>
      fromSubjects.find((each) => each.startsWith(`${pair} `))?.split(' ')[2];
    // What the pairs are about, so that both are not wrong in the same way.
    expect(
      Object.fromEntries(
        [
          'x-tier x-stated',
          'x-tier x-context',
          'x-tier x-above',
          'x-tier x-baseless',
          'x-tier x-elsewhere',
          'x-tier x-lapsed',
          'x-whole-list x-stated',
          'x-whole-list x-context',
          'x-part-list x-context',
          'x-star-list x-stated',
          'x-star-list x-above',
          'x-draft-list x-stated',
          'x-honour x-stated',
          'x-scale x-above',
          'x-domain x-stated',
          'x-kind x-context',
          'x-case x-stated',
        ].map((pair) => [pair, verdictOf(pair)]),
      ),
    ).toMatchInlineSnapshot(`
      {
        "x-case x-stated": "UNKNOWN",
        "x-domain x-stated": "MET",
        "x-draft-list x-stated": "UNKNOWN",
        "x-honour x-stated": "MET",
        "x-kind x-context": "LIKELY",
        "x-part-list x-context": "LIKELY",
        "x-scale x-above": "NOT_MET",
        "x-star-list x-above": "NOT_MET",
        "x-star-list x-stated": "MET",
        "x-tier x-above": "NOT_MET",
        "x-tier x-baseless": "UNKNOWN",
        "x-tier x-context": "LIKELY",
        "x-tier x-elsewhere": "NOT_MET",
        "x-tier x-lapsed": "NOT_MET",
        "x-tier x-stated": "MET",
        "x-whole-list x-context": "NOT_MET",
        "x-whole-list x-stated": "MET",
      }
    `);
  });

  it('are found by a condition on the verdict, beside any other condition', async () => {
    expect(
      await hub.ask(`{
        likelyToo: enterprises(filter: { policyMatch: { policyId: "x-tier" } }) { totalCount nodes { id } aggregates { count } }
        met: enterprises(filter: { policyMatch: { policyId: "x-tier", verdict: [MET] } }) { nodes { id } }
        not: enterprises(filter: { not: { policyMatch: { policyId: "x-tier", verdict: [NOT_MET, UNKNOWN] } } }) { nodes { id } }
        draft: enterprises(filter: { policyMatch: { policyId: "x-draft" } }) { nodes { id } }
        draftToo: enterprises(filter: { policyMatch: { policyId: "x-draft", includeDrafts: true, verdict: [MET] } }) { nodes { id } }
        nowhere: enterprises(filter: { policyMatch: { policyId: "nowhere" } }) { nodes { id } }
        either: enterprises(filter: { or: [{ policyMatch: { policyId: "x-kind", verdict: [LIKELY] } }, { policyMatch: { policyId: "x-whole-list", verdict: [MET] } }] }) { nodes { id } }
        beyond: parks(filter: { enterprises: { some: { policyMatch: { policyId: "x-tier" } } } }) { nodes { id } }
        parks: parks(filter: { policyMatch: { policyId: "x-park-there" } }) { nodes { id } }
      }`),
    ).toEqual({
      data: {
        likelyToo: { totalCount: 2, nodes: ids('x-context', 'x-stated'), aggregates: [{ count: 2 }] },
        met: { nodes: ids('x-stated') },
        not: { nodes: ids('x-context', 'x-stated') },
        draft: { nodes: [] },
        draftToo: { nodes: ids('x-stated') },
        nowhere: { nodes: [] },
        either: { nodes: ids('x-context', 'x-stated') },
        beyond: { nodes: ids('park-798') },
        parks: { nodes: ids('park-qd-5g-av') },
      },
    });
  });
});

const ids = (...each: string[]) => each.map((id) => ({ id }));

/** Enterprises with and without each fact, and a policy for each kind of condition. */
const everyKindOfCondition = `
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, region_basis, tiers_checked_on, culture_domain_code, is_above_scale)
  values
    ('x-stated', '甲', 'A', 'ENTERPRISE', '370212', 'STATED', '2025-01-01', '02', true),
    ('x-context', '乙', 'B', 'SOE', '370212', 'CONTEXT', null, null, null),
    ('x-above', '丙', 'C', 'ENTERPRISE', '370200', 'STATED', '2025-01-01', '08', false),
    ('x-baseless', '丁', 'D', 'ENTERPRISE', '370212', null, null, null, null),
    ('x-nowhere', '戊', 'E', 'FUND', null, null, null, null, null),
    ('x-unkept', '己', 'F', 'ENTERPRISE', '999999', 'STATED', null, null, null),
    ('x-elsewhere', '庚', 'G', 'ENTERPRISE', '110105', 'STATED', '2025-01-01', null, null),
    ('x-lapsed', '辛', 'H', 'ENTERPRISE', '370212', 'STATED', '2025-01-01', null, null);
  insert into enterprises.enterprise_honours (owner_id, seq, title_zh) values ('x-stated', 0, '百强');
  insert into enterprises.enterprise_tiers (enterprise_id, seq, tier)
  values ('x-stated', 0, 'GAZELLE'), ('x-context', 0, 'GAZELLE'), ('x-baseless', 0, 'UNICORN');
  insert into enterprises.enterprise_tiers (enterprise_id, seq, tier, expires_on) values ('x-lapsed', 0, 'GAZELLE', '2020-01-01');
  insert into enterprises.enterprise_parks (enterprise_id, park_id, role) values ('x-stated', 'park-798', 'TENANT');
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code)
  select 'x-' || name, name, name, 'MEASURES', 'SME', status, region from (values
    ('tier', 'ISSUED', '370212'), ('tier-eq', 'TRIAL', '370200'), ('kind', 'ISSUED', '370200'), ('domain', 'ISSUED', '370200'),
    ('scale', 'ISSUED', '370200'), ('honour', 'ISSUED', '370200'), ('whole-list', 'ISSUED', '370200'), ('part-list', 'ISSUED', '370200'),
    ('no-list', 'ISSUED', '370200'), ('star-list', 'ISSUED', '370200'), ('draft-list', 'ISSUED', '370200'), ('case', 'ISSUED', '370200'),
    ('nowhere', 'ISSUED', null), ('unkept', 'ISSUED', '999999'), ('odd', 'ISSUED', '370200'), ('draft', 'DRAFTING', '370200'),
    ('repealed', 'REPEALED', '370200'), ('both', 'ISSUED', '370200'), ('within', 'ISSUED', '370200'), ('park', 'ISSUED', null), ('park-there', 'ISSUED', '370200')
  ) as made (name, status, region);
  insert into policies.policy_eligibility (id, policy_id, seq, field, op, value, text_zh)
  select 'x-' || name || '-' || seq, 'x-' || name, seq, field, op, value::jsonb, '条件' from (values
    ('tier', 1, 'enterprise.tier', 'IN', '["GAZELLE", "UNICORN"]'), ('tier-eq', 1, 'enterprise.tier', 'EQ', '"GAZELLE"'),
    ('kind', 1, 'enterprise.kind', 'IN', '["SOE", "FUND"]'), ('domain', 1, 'enterprise.cultureDomainCode', 'EQ', '"02"'),
    ('scale', 1, 'enterprise.aboveScale', 'EQ', 'true'), ('honour', 1, 'enterprise.honour', 'HAS', '["百强"]'),
    ('whole-list', 1, 'enterprise.onList', 'EQ', '"x-whole"'), ('part-list', 1, 'enterprise.onList', 'IN', '["x-part", "x-whole"]'),
    ('no-list', 1, 'enterprise.onList', 'EQ', '"某名单"'), ('star-list', 1, 'enterprise.onList', 'EQ', '"x-published"'),
    ('draft-list', 1, 'enterprise.onList', 'EQ', '"x-drafted"'), ('case', 1, 'violation.severity', 'EQ', '"MINOR"'),
    ('nowhere', 1, 'enterprise.tier', 'IN', '["GAZELLE"]'), ('unkept', 1, 'enterprise.tier', 'IN', '["GAZELLE"]'),
    ('odd', 1, 'enterprise.tier', 'IN', '"GAZELLE"'), ('odd', 2, 'enterprise.regionCode', 'EQ', '"370212"'), ('draft', 1, 'enterprise.tier', 'IN', '["GAZELLE"]'),
    ('repealed', 1, 'enterprise.tier', 'IN', '["GAZELLE"]'), ('both', 1, 'park.kind', 'EQ', '"AV_BASE"'), ('both', 2, 'enterprise.tier', 'IN', '["GAZELLE"]'),
    ('within', 1, 'enterprise.regionCode', 'IN_REGION', '"370212"'), ('within', 2, 'enterprise.role', 'HAS', '["龙头作用"]'),
    ('park', 1, 'park.kind', 'IN', '["AV_BASE", "DEMO_ZONE"]'), ('park', 2, 'park.regionCode', 'IN_REGION', '"370200"'), ('park-there', 1, 'park.kind', 'EQ', '"AV_BASE"')
  ) as made (name, seq, field, op, value);
  insert into policies.qualifying_lists (id, policy_id, seq, name_zh, name_en, is_complete)
  values ('x-whole', 'x-whole-list', 1, '全名单', 'Whole list', true), ('x-part', 'x-part-list', 1, '半名单', 'Part of a list', false);
  insert into policies.qualifying_list_members (list_id, enterprise_id)
  values ('x-whole', 'x-stated'), ('x-part', 'x-context');
  insert into policies.agencies (id, name_zh, name_en, kind) values ('x-agency', '局', 'Bureau', 'BUREAU');
  insert into policies.star_lists (id, name_zh, year, half, stage, published_on)
  values ('x-published', '明星榜', 2025, 'FIRST', 'PUBLISHED', '2025-06-01'), ('x-drafted', '草榜', 2025, 'SECOND', 'DRAFT', null);
  insert into policies.star_list_entries (list_id, enterprise_id, rank, criteria, vetoed_by_id)
  values ('x-published', 'x-stated', 1, '{TECHNOLOGY}', null), ('x-published', 'x-above', null, '{TECHNOLOGY}', 'x-agency'), ('x-drafted', 'x-stated', 1, '{TECHNOLOGY}', null)`;

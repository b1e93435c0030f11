import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';
import { unlimited } from '../support/unlimited.ts';

type Verdict = 'NOT_MET' | 'UNKNOWN' | 'LIKELY' | 'MET';
type Match = {
  verdict: Verdict;
  policy: { id: string };
  conditions: { reasonZh: string; basis: string | null }[];
};
type Subject = { id: string; policyMatches: { nodes: Match[] } };
type Candidates = { totalCount: number; edges: { verdict: Verdict; node: { id: string } }[] };
type Policy = { id: string; enterprises: Candidates; parks: Candidates };

describe('over the real data', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ admission: { queryLimits: unlimited } });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  it('no policy is met, and these are likely, each by the sentence that it rests on', async () => {
    const { data } = await hub.ask(`{
      enterprises(first: 500) {
        nodes { nameZh policyMatches(verdict: [MET, LIKELY]) { nodes { verdict policy { nameZh } conditions { reasonZh basis } } } }
      }
    }`);
    const { nodes } = (
      data as { enterprises: { nodes: { nameZh: string; policyMatches: { nodes: object[] } }[] } }
    ).enterprises;
    expect(
      Object.fromEntries(
        nodes.flatMap(({ nameZh, policyMatches }) =>
          policyMatches.nodes.length > 0 ? [[nameZh, policyMatches.nodes]] : [],
        ),
      ),
    ).toMatchInlineSnapshot(`
      {
        "冠中生态": [
          {
            "conditions": [
              {
                "basis": "CONTEXT",
                "reasonZh": "仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
              },
              {
                "basis": "STATED",
                "reasonZh": "持有“上市企业”称号。",
              },
            ],
            "policy": {
              "nameZh": "创新型企业梯次培育",
            },
            "verdict": "LIKELY",
          },
        ],
        "小鸟看看": [
          {
            "conditions": [
              {
                "basis": "CONTEXT",
                "reasonZh": "仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
              },
              {
                "basis": "STATED",
                "reasonZh": "持有“隐形冠军”称号。",
              },
            ],
            "policy": {
              "nameZh": "创新型企业梯次培育",
            },
            "verdict": "LIKELY",
          },
        ],
        "海华生物": [
          {
            "conditions": [
              {
                "basis": "CONTEXT",
                "reasonZh": "仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
              },
              {
                "basis": "STATED",
                "reasonZh": "持有“隐形冠军”称号。",
              },
            ],
            "policy": {
              "nameZh": "创新型企业梯次培育",
            },
            "verdict": "LIKELY",
          },
        ],
        "海泰新光": [
          {
            "conditions": [
              {
                "basis": "CONTEXT",
                "reasonZh": "仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
              },
              {
                "basis": "STATED",
                "reasonZh": "持有“上市企业”称号。",
              },
            ],
            "policy": {
              "nameZh": "创新型企业梯次培育",
            },
            "verdict": "LIKELY",
          },
        ],
        "罗博科技": [
          {
            "conditions": [
              {
                "basis": "CONTEXT",
                "reasonZh": "仅在崂山区的报道中提及,很可能位于崂山区,但没有来源写明。企业所在地区由市场监管局掌握。",
              },
              {
                "basis": "STATED",
                "reasonZh": "持有“隐形冠军”称号。",
              },
            ],
            "policy": {
              "nameZh": "创新型企业梯次培育",
            },
            "verdict": "LIKELY",
          },
        ],
      }
    `);
  });

  it('counts of verdicts', async () => {
    const { data, errors } = await hub.ask(`{
      enterprises(first: 500) { nodes { id policyMatches(first: 500) { nodes { verdict policy { id } } } } }
    }`);
    expect(errors).toBeUndefined();
    const { nodes } = (data as { enterprises: { nodes: Subject[] } }).enterprises;
    const tally: Record<string, number> = {};
    for (const each of nodes)
      for (const { verdict } of each.policyMatches.nodes) tally[verdict] = (tally[verdict] ?? 0) + 1;
    expect(tally).toMatchInlineSnapshot(`
      {
        "LIKELY": 5,
        "NOT_MET": 204,
        "UNKNOWN": 85,
      }
    `);
  });
});

async function verdictsBothWays(hub: TestHub) {
  const drafts = 'includeDrafts: true';
  const all = 'verdict: [NOT_MET, UNKNOWN, LIKELY, MET]';
  const { data, errors } = await hub.ask(`{
    enterprises(first: 500) { nodes { id policyMatches(first: 500, ${drafts}) { nodes { verdict policy { id } } } } }
    parks(first: 500) { nodes { id policyMatches(first: 500, ${drafts}) { nodes { verdict policy { id } } } } }
    policies(first: 500) {
      nodes {
        id
        enterprises: candidateEnterprises(first: 500, ${all}, ${drafts}) { totalCount edges { verdict node { id } } }
        parks: candidateParks(first: 500, ${all}, ${drafts}) { totalCount edges { verdict node { id } } }
      }
    }
  }`);
  expect(errors).toBeUndefined();
  const { enterprises, parks, policies } = data as Record<'enterprises' | 'parks', { nodes: Subject[] }> & {
    policies: { nodes: Policy[] };
  };
  const fromSubjects = [...enterprises.nodes, ...parks.nodes].flatMap(({ id, policyMatches }) =>
    policyMatches.nodes.map(({ verdict, policy }) => `${policy.id} ${id} ${verdict}`),
  );
  const fromPolicies = policies.nodes.flatMap(({ id, enterprises, parks }) =>
    [...enterprises.edges, ...parks.edges].map(({ verdict, node }) => `${id} ${node.id} ${verdict}`),
  );
  return { fromSubjects: fromSubjects.sort(), fromPolicies: fromPolicies.sort() };
}

it('policies and subjects agree on every pair, whatever the condition is on', async () => {
  await using hub = await startHub({
    admission: { queryLimits: unlimited },
    ownRows: true,
    prepare: (database) => sql(database.adminUrl, everyKindOfCondition),
  });
  const { fromSubjects, fromPolicies } = await verdictsBothWays(hub);
  expect(fromPolicies).toEqual(fromSubjects);
  // Each verdict occurs, so none is compared with itself only.
  for (const verdict of ['NOT_MET', 'UNKNOWN', 'LIKELY', 'MET']) {
    expect(fromSubjects.some((each) => each.endsWith(` ${verdict}`))).toBe(true);
  }
});

/** Enterprises with and without each fact, and a policy for each kind of condition. */
const everyKindOfCondition = `
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, region_basis, tiers_checked_on, culture_domain_code, is_above_scale, honours)
  values
    ('x-stated', '甲', 'A', 'ENTERPRISE', '370212', 'STATED', '2025-01-01', '02', true, '[{"titleZh": "百强", "year": null, "level": null}]'),
    ('x-context', '乙', 'B', 'SOE', '370212', 'CONTEXT', null, null, null, '[]'),
    ('x-above', '丙', 'C', 'ENTERPRISE', '370200', 'STATED', '2025-01-01', '08', false, '[]'),
    ('x-baseless', '丁', 'D', 'ENTERPRISE', '370212', null, null, null, null, '[]'),
    ('x-nowhere', '戊', 'E', 'FUND', null, null, null, null, null, '[]'),
    ('x-unkept', '己', 'F', 'ENTERPRISE', '999999', 'STATED', null, null, null, '[]'),
    ('x-elsewhere', '庚', 'G', 'ENTERPRISE', '110105', 'STATED', '2025-01-01', null, null, '[]');
  insert into enterprises.enterprise_tiers (enterprise_id, seq, tier)
  values ('x-stated', 0, 'GAZELLE'), ('x-context', 0, 'GAZELLE'), ('x-baseless', 0, 'UNICORN');
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code)
  select 'x-' || name, name, name, 'MEASURES', 'SME', status, region from (values
    ('tier', 'ISSUED', '370212'), ('tier-eq', 'TRIAL', '370200'), ('kind', 'ISSUED', '370200'), ('domain', 'ISSUED', '370200'),
    ('scale', 'ISSUED', '370200'), ('honour', 'ISSUED', '370200'), ('whole-list', 'ISSUED', '370200'), ('part-list', 'ISSUED', '370200'),
    ('no-list', 'ISSUED', '370200'), ('star-list', 'ISSUED', '370200'), ('draft-list', 'ISSUED', '370200'), ('case', 'ISSUED', '370200'),
    ('nowhere', 'ISSUED', null), ('unkept', 'ISSUED', '999999'), ('odd', 'ISSUED', '370200'), ('draft', 'DRAFTING', '370200'),
    ('repealed', 'REPEALED', '370200'), ('both', 'ISSUED', '370200'), ('within', 'ISSUED', '370200'), ('park', 'ISSUED', null)
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
    ('park', 1, 'park.kind', 'IN', '["AV_BASE", "DEMO_ZONE"]'), ('park', 2, 'park.regionCode', 'IN_REGION', '"370200"')
  ) as made (name, seq, field, op, value);
  insert into policies.qualifying_lists (id, policy_id, seq, name_zh, name_en, is_complete)
  values ('x-whole', 'x-whole-list', 1, '全名单', 'Whole list', true), ('x-part', 'x-part-list', 1, '半名单', 'Part of a list', false);
  insert into policies.qualifying_list_members (list_id, enterprise_id)
  values ('x-whole', 'x-stated'), ('x-part', 'x-context');
  insert into policies.agencies (id, name_zh, name_en, kind) values ('x-agency', '局', 'Bureau', 'BUREAU');
  insert into policies.star_lists (id, name_zh, year, half, status, published_on)
  values ('x-published', '明星榜', 2025, 'FIRST', 'PUBLISHED', '2025-06-01'), ('x-drafted', '草榜', 2025, 'SECOND', 'DRAFT', null);
  insert into policies.star_list_entries (list_id, enterprise_id, rank, criteria, vetoed_by_id)
  values ('x-published', 'x-stated', 1, '{TECHNOLOGY}', null), ('x-published', 'x-above', null, '{TECHNOLOGY}', 'x-agency'), ('x-drafted', 'x-stated', 1, '{TECHNOLOGY}', null)`;

it('a condition on the verdict finds the same enterprises as the candidates of the policy', async () => {
  await using hub = await startHub({
    admission: { queryLimits: unlimited },
    ownRows: true,
    prepare: (database) => sql(database.adminUrl, everyKindOfCondition),
  });
  const { data, errors } = await hub.ask(`{
    a: enterprises(filter: { policyMatch: { policyId: "x-tier" } }) { totalCount nodes { id } aggregates { count } }
    b: enterprises(filter: { not: { policyMatch: { policyId: "x-tier", verdict: [NOT_MET, UNKNOWN] } } }) { nodes { id } }
    c: enterprises(filter: { policyMatch: { policyId: "x-draft" } }) { nodes { id } }
    d: enterprises(filter: { policyMatch: { policyId: "x-draft", includeDrafts: true } }) { nodes { id } }
    e: enterprises(filter: { policyMatch: { policyId: "nowhere" } }) { nodes { id } }
    f: enterprises(filter: { or: [{ policyMatch: { policyId: "x-tier", verdict: [MET] } }, { policyMatch: { policyId: "x-whole-list" } }] }) { nodes { id } }
    g: parks(filter: { enterprises: { some: { policyMatch: { policyId: "x-tier" } } } }) { nodes { id } }
  }`);
  console.log(JSON.stringify({ data, errors }, null, 1));
});

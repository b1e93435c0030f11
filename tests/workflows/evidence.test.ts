import type { Caller } from '@wenshu/schema/caller.ts';
import type { Evidence } from '@wenshu/schema/evidence.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';

const caller: Caller = { kind: 'department', department: 'PROPAGANDA', role: 'editor', user: 'li' };
const evidence: Evidence = {
  at: '2026-11-30T01:00:00.000Z',
  data: { enterprise: { kind: 'PRIVATE' } },
  facts: [{ coordinate: 'Enterprise.kind', id: 'ent-pico', value: 'PRIVATE' }],
  missing: [],
};
const missing: Evidence = {
  ...evidence,
  data: null,
  facts: [],
  missing: [{ coordinate: 'Enterprise.kind', owner: 'MARKET_REGULATION' }],
};

let database: TestDatabase;
let policies: ReturnType<typeof createSubgraphOf.policies>;
beforeAll(async () => {
  database = await createDatabase();
  policies = createSubgraphOf.policies({ url: database.urls.policies });
});
afterAll(async () => {
  await policies.close();
  await database[Symbol.asyncDispose]();
});

const ownEnterprises = () => {
  const enterprises = createSubgraphOf.enterprises({ url: database.urls.enterprises });
  return Object.assign(enterprises, { [Symbol.asyncDispose]: () => enterprises.close() });
};

const submit = (key: string, sent: Evidence | undefined) =>
  policies.execute(
    {
      query: `mutation { submitServiceRequest(input: { key: "${key}", enterpriseId: "ent-pico", regionCode: "370212",
        kind: OTHER, titleZh: "一项诉求", textZh: "诉求的内容。" }) { step isReplay } }`,
      kind: 'mutation',
      evidence: sent,
    },
    { caller },
  );

it('a step keeps the facts that it rests on', async () => {
  expect(await submit('k1', evidence)).toEqual({
    data: { submitServiceRequest: { step: 0, isReplay: false } },
  });
  const steps = await ask(
    database.adminUrl,
    `select details from policies.service_request_steps where action = 'SUBMIT' and at is not null`,
  );
  expect(steps).toEqual([{ details: { evidence: { at: evidence.at, facts: evidence.facts } } }]);
});

it('a change without a fact is refused, and says in both languages which is missing and whose it is', async () => {
  const { data, errors } = await submit('k2', missing);
  expect(data).toEqual({ submitServiceRequest: null });
  expect(errors).toMatchObject([
    {
      message:
        'Nothing was changed, because facts of other departments could not be had: Enterprise.kind of 市场监管局 (MARKET_REGULATION). Try again later.',
      extensions: {
        code: 'EVIDENCE_MISSING',
        messageZh: '未作任何变更:暂时无法取得其他部门的事实 市场监管局的 Enterprise.kind。请稍后再试。',
        missing: missing.missing,
      },
    },
  ]);
});

it('a repeated change answers its first result also when its facts cannot be had any more', async () => {
  expect(await submit('k1', missing)).toEqual({
    data: { submitServiceRequest: { step: 0, isReplay: true } },
  });
});

it('a repeated record of an inspection answers its first result when the campaign is over, or cannot be had', async () => {
  await using enterprises = ownEnterprises();
  const inspector: Caller = { ...caller, department: 'MARKET_REGULATION', agency: 'x-mr' };
  const campaignOf = (stage: string): Evidence => ({
    ...evidence,
    data: { inspectionCampaign: { stage, joined: [{ id: 'x-mr' }] } },
    facts: [],
  });
  const record = (sent: Evidence, officers = 2) =>
    enterprises.execute(
      {
        query: `mutation { recordCampaignInspection(input: { key: "i1", enterpriseId: "ent-pico", campaignId: "c-1",
          method: JOINT, inspectedOn: "2026-01-15", officers: ${officers}, result: NO_PROBLEM }) { step isReplay } }`,
        kind: 'mutation',
        evidence: sent,
      },
      { caller: inspector },
    );
  const first = { step: 0, isReplay: false };
  expect(await record(campaignOf('RUNNING'))).toEqual({ data: { recordCampaignInspection: first } });
  for (const sent of [campaignOf('PUBLISHED'), missing]) {
    expect(await record(sent)).toEqual({ data: { recordCampaignInspection: { ...first, isReplay: true } } });
    // Another input is another change.
    expect((await record(sent, 3)).errors).toHaveLength(1);
  }
});

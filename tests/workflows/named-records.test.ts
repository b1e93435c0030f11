import { compose } from '@wenshu/schema/compose.ts';
import { sharingSdl } from '@wenshu/schema/sharing.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Official, startWorkflowHub, type Who, type WorkflowHub } from '../support/workflow-hub.ts';

const publicity: Official = { department: 'PROPAGANDA', role: 'editor' };
const inLaoshan: Official = { department: 'PROPAGANDA', role: 'editor', region: '370212' };
const owner: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-owner' };
const inspector: Official = { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-lead' };
const key: Who = {
  enterpriseId: 'ent-pico',
  actions: ['SUBMIT_REQUEST'],
  keyId: 'k',
  scopes: ['ServiceRequest'],
};

const rows = `
  insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
    ('x-owner', '文旅局', 'Owner', 'GOVERNMENT', '370212'), ('x-lead', '执法队', 'Lead', 'GOVERNMENT', '370212');
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code) values
    ('x-issued', '扶持措施', 'Support', 'MEASURES', 'CULTURE_INDUSTRY', 'ISSUED', '370212'),
    ('x-draft', '草案', 'Draft', 'MEASURES', 'CULTURE_INDUSTRY', 'DRAFTING', '110105');`;

let hub: WorkflowHub;
const down = new Set<string>();
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'serviceRequest',
    list: 'serviceRequests',
    selection: 'stage',
    others: {
      planInspectionCampaign: { object: 'inspectionCampaign', selection: '' },
      reportProgress: { object: 'projectLedger', selection: '' },
    },
    rows,
    onCall: (name) => {
      if (down.has(name)) throw new Error('It is down.');
    },
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const request = {
  enterpriseId: 'ent-pico',
  regionCode: '370212',
  kind: 'OTHER',
  titleZh: '诉求标题',
  textZh: '诉求内容。',
};
const problemsOf = async (who: Who, mutation: string, input: object) => {
  const { code, problems = [] } = await hub.refusal(who, mutation, input as Record<string, unknown>);
  return [code, ...problems.map((problem) => `${problem.path} ${problem.code}`)];
};
const unknown = (...paths: string[]) => ['BAD_USER_INPUT', ...paths.map((path) => `input.${path} UNKNOWN`)];

describe('a record of another agency that a change names', () => {
  it('is told with all other problems where it is not there', async () => {
    const wrong = { ...request, enterpriseId: 'ent-none', policyId: 'pol-none', titleZh: '题' };
    expect(await hub.refusal(publicity, 'submitServiceRequest', wrong)).toEqual({
      subgraph: 'policies',
      code: 'BAD_USER_INPUT',
      messageZh:
        'input.enterpriseId:“ent-none”不存在。input.policyId:“pol-none”不存在。input.titleZh:须有 2 至 2000 字。',
      problems: [
        {
          path: 'input.enterpriseId',
          code: 'UNKNOWN',
          messageZh: '“ent-none”不存在。',
          messageEn: '"ent-none" does not exist.',
        },
        {
          path: 'input.policyId',
          code: 'UNKNOWN',
          messageZh: '“pol-none”不存在。',
          messageEn: '"pol-none" does not exist.',
        },
        {
          path: 'input.titleZh',
          code: 'LENGTH',
          messageZh: '须有 2 至 2000 字。',
          messageEn: 'The text must have 2 to 2000 characters.',
        },
      ],
    });
    expect(await hub.change(publicity, 'submitServiceRequest', request)).toMatchObject({
      stage: 'COLLECTED',
    });
  });

  it('that the caller may not see is as if it were not there', async () => {
    const about = (policyId: string) => ({ ...request, policyId });
    // Its owner sees a draft; an editor of another region, and a key, do not.
    const draft = about('x-draft');
    await hub.change(publicity, 'submitServiceRequest', { ...draft, regionCode: '110105' });
    for (const who of [inLaoshan, key]) {
      expect(await problemsOf(who, 'submitServiceRequest', draft)).toEqual(unknown('policyId'));
      expect(await problemsOf(who, 'submitServiceRequest', about('pol-none'))).toEqual(unknown('policyId'));
      // What is public can be named from everywhere, by a key whatever its scopes are.
      expect(await hub.change(who, 'submitServiceRequest', about('x-issued'))).toMatchObject({ step: 0 });
      expect(await hub.change(who, 'submitServiceRequest', about('pol-ls-exempt-apply'))).toMatchObject({
        step: 0,
      });
    }
  });

  it('is named at its place, in a list and in a part of the input', async () => {
    const campaign = {
      nameZh: '联合检查',
      nameEn: 'Joint inspection',
      purposeZh: '检查。',
      regionCode: '370212',
      agencyIds: ['x-owner', 'x-none', 'x-nobody'],
      startsOn: '2099-01-01',
      endsOn: '2099-02-01',
    };
    expect(await problemsOf(inspector, 'planInspectionCampaign', campaign)).toEqual(
      unknown('agencyIds.1', 'agencyIds.2'),
    );
    const report = {
      id: 'none',
      version: 1,
      month: '2026-01',
      completedInvestment: '1',
      problem: { kind: 'FINANCING', enterpriseId: 'ent-none', titleZh: '问题', textZh: '内容' },
    };
    // Who has no part in the object is told nothing of what it names.
    expect((await hub.attempt(owner, 'reportProgress', report)).code).toBe('NOT_FOUND');
  });

  it('is a missing fact where its agency does not answer; a repeat is answered all the same', async () => {
    const done = { ...request, key: 'before the break' };
    await hub.change(publicity, 'submitServiceRequest', done);
    down.add('enterprises');
    expect(await hub.attempt(publicity, 'submitServiceRequest', request)).toMatchObject({
      code: 'EVIDENCE_MISSING',
      missing: [{ coordinate: 'Enterprise.id', owner: 'MARKET_REGULATION' }],
    });
    expect(await hub.change(publicity, 'submitServiceRequest', done)).toMatchObject({
      step: 0,
      isReplay: true,
    });
    down.clear();
  });

  it('is told for each change of an operation apart', async () => {
    const submit = (
      alias: string,
      enterpriseId: string,
    ) => `${alias}: submitServiceRequest(input: { key: "${alias}",
      enterpriseId: "${enterpriseId}", regionCode: "370212", kind: OTHER, titleZh: "标题", textZh: "内容。" }) { step }`;
    const { data, errors } = await hub.hub
      .as(publicity)
      .ask(`mutation { ${submit('one', 'ent-none')} ${submit('two', 'ent-pico')} }`);
    expect(data).toEqual({ one: null, two: { step: 0 } });
    expect(errors).toMatchObject([{ path: ['one'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('composition', () => {
  const composing = (names: string) =>
    compose([
      {
        name: 'parks',
        url: 'http://parks',
        sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ${sharingSdl}
          type Query @sharing(class: UNCONDITIONAL, owner: CULTURE_TOURISM) { parks: Int }
          input CloseInput { key: ID!, reason: String }
          type Mutation { closePark(input: CloseInput!): Int @writable(roles: [leader], names: [${names}]) }`,
      },
    ]);

  it('refuses a name that the input does not hold, and a type that nothing finds', () => {
    expect(() => composing('{ member: "parkId", type: "Park" }')).toThrow(
      'Mutation.closePark names records by input.parkId, but its input has no ids there.',
    );
    expect(() => composing('{ member: "key", type: "Park" }')).toThrow(
      'Mutation.closePark names records of type Park, but no root field finds one by its id.',
    );
  });
});

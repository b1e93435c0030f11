import type { Department } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { steward } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ keys: true, ownRows: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

const terms = (actions: readonly string[]) => ({
  scopes: ['ServiceRequest', 'ServiceRequestPayload'],
  actions,
  enterpriseId: 'ent-pico',
  consent: { by: '李明', on: '2026-01-05', document: '授权书〔2026〕1号' },
});

const submit = `mutation ($input: SubmitServiceRequestInput!) {
  submitServiceRequest(input: $input) { isReplay serviceRequest { stage enterprise { id } } }
}`;
const request = (key: string, enterpriseId = 'ent-pico') => ({
  input: {
    key,
    enterpriseId,
    regionCode: '370212',
    kind: 'OTHER',
    titleZh: '一项诉求',
    textZh: '诉求的内容。',
  },
});
const codesOf = ({ errors = [] }: { errors?: { extensions: Record<string, unknown> }[] }) =>
  errors.map(({ extensions }) => extensions.code);

it('a key hands in a request for its enterprise once the departments approve it, the owner of requests too', async () => {
  const maker = { department: 'MARKET_REGULATION', role: 'steward' } as const;
  const { data } = await hub.as(maker).ask(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
      secret apiKey { id actions notAsked ownFields approvals { id owner purpose fields } }
    } }`,
    {
      input: {
        partner: '文创数据公司',
        contact: 'zhang@example.com',
        expiresAt: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString(),
        ...terms(['SUBMIT_REQUEST']),
      },
    },
  );
  const issued = data?.createApiKey as {
    secret: string;
    apiKey: { id: string; approvals: { id: string; owner: Department; purpose: string; fields: string[] }[] };
  };
  expect(issued.apiKey).toMatchObject({ actions: ['SUBMIT_REQUEST'], notAsked: [] });
  const ofRequests = issued.apiKey.approvals.find(({ owner }) => owner === 'PROPAGANDA');
  expect(ofRequests?.purpose).toBe('文创数据公司 查看企业 ent-pico,并代其办理 SUBMIT_REQUEST');
  expect(ofRequests?.fields.filter((field) => field.startsWith('Mutation.'))).toEqual([
    'Mutation.submitServiceRequest',
    'Mutation.advanceServiceRequest',
  ]);
  expect(codesOf(await hub.as(issued).ask(submit, request('early')))).toEqual(['FORBIDDEN']);

  for (const { id, owner } of issued.apiKey.approvals) {
    const approve = 'mutation ($id: ID!) { approveAgreement(id: $id) { state } }';
    await hub.as({ department: owner, role: 'steward' }).ask(approve, { id });
  }
  expect(await hub.as(issued).ask(submit, request('k1'))).toEqual({
    data: {
      submitServiceRequest: {
        isReplay: false,
        serviceRequest: { stage: 'COLLECTED', enterprise: { id: 'ent-pico' } },
      },
    },
  });
  expect(await hub.as(issued).ask(submit, request('k1'))).toMatchObject({
    data: { submitServiceRequest: { isReplay: true } },
  });
  expect(codesOf(await hub.as(issued).ask(submit, request('k2', 'ent-goertek')))).toEqual(['FORBIDDEN']);
});

it('a key without the action hands in nothing', async () => {
  const issued = await hub.issue(terms(['RATE_REQUEST']));
  await hub.approve(issued);
  expect(codesOf(await hub.as(issued).ask(submit, request('k3')))).toEqual(['FORBIDDEN']);
});

it('a key for trials writes rows that keys for trials see, and no others', async () => {
  const issued = await hub.issue({ ...terms(['SUBMIT_REQUEST']), environment: 'TEST' });
  await hub.approve(issued);
  const { data } = await hub.as(issued).ask(submit, request('k4'));
  expect(data).toMatchObject({ submitServiceRequest: { serviceRequest: { stage: 'COLLECTED' } } });
  const { data: counted } = await hub
    .as({ department: 'PROPAGANDA' })
    .ask('{ real: serviceRequests(first: 1, filter: {titleZh: {eq: "一项诉求"}}) { totalCount } }');
  expect(counted).toEqual({ real: { totalCount: 1 } });
});

it('a rotated key keeps its actions', async () => {
  const issued = await hub.issue(terms(['SUBMIT_REQUEST']));
  const { data } = await hub
    .as(steward)
    .ask(`mutation { rotateApiKey(id: "${issued.apiKey.id}", overlapHours: 1) { apiKey { actions } } }`);
  expect(data).toEqual({ rotateApiKey: { apiKey: { actions: ['SUBMIT_REQUEST'] } } });
});

import { readExamples } from '@wenshu/gateway/graphiql/page.ts';
import { departments } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControlPlane } from '../support/control-plane.ts';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ keys: { isForTrial: true } });
});
afterAll(() => hub[Symbol.asyncDispose]());

const purpose = { 'x-wenshu-purpose': 'trial' };
const owner = { department: 'MARKET_REGULATION', role: 'steward' } as const;
const asker = { department: 'FINANCE', role: 'viewer' } as const;

test.each(departments)(
  'a trial hub answers its examples to the department %s, without an error',
  async (department) => {
    for (const query of readExamples()) {
      const { data, errors } = await hub.as({ department, role: 'viewer' }).ask(query, {}, purpose);
      expect(errors, query).toBeUndefined();
      expect(data).not.toBeNull();
    }
  },
);

test('the agreements hold only for the purpose that they name', async () => {
  const query = '{ enterprises(first: 1) { nodes { inspections { totalCount } } } }';
  const { errors } = await hub.as(asker).ask(query);
  expect(errors?.[0]?.extensions.code).toBe('NOT_SHARED');
  expect((await hub.as(asker).ask(query, {}, purpose)).errors).toBeUndefined();
});

const list = `{ agreements(filter: {isTrial: {eq: true}, requester: {eq: FINANCE}, owner: {eq: MARKET_REGULATION}}) {
  totalCount nodes { id state isTrial purpose history { action department by reason } } } }`;
type Listed = { agreements: { nodes: { id: string; state: string }[] } };

test('they are marked, can be revoked, and do not come back; another hub ends them', async () => {
  const { data } = await hub.as(owner).ask(list);
  expect(data).toEqual({
    agreements: {
      totalCount: 1,
      nodes: [
        {
          id: expect.stringMatching(/^agr-/),
          state: 'ACTIVE',
          isTrial: true,
          purpose: 'trial',
          history: [
            { action: 'REQUEST', department: 'FINANCE', by: 'wenshu trial', reason: null },
            { action: 'APPROVE', department: 'MARKET_REGULATION', by: 'wenshu trial', reason: null },
          ],
        },
      ],
    },
  });
  const [agreement] = (data as Listed).agreements.nodes;
  const revoke = 'mutation ($id: ID!) { revokeAgreement(id: $id, reason: "理由") { state } }';
  expect(await hub.as(owner).ask(revoke, { id: agreement?.id })).toEqual({
    data: { revokeAgreement: { state: 'REVOKED' } },
  });
  const states = async () =>
    ((await hub.as(owner).ask(list)).data as Listed).agreements.nodes.map(({ state }) => state);

  await (await openControlPlane(hub.database.urls.hub, { isForTrial: true })).close();
  expect(await states()).toEqual(['REVOKED']);

  const all = '{ agreements(filter: {isTrial: {eq: true}, state: {eq: ACTIVE}}) { totalCount } }';
  expect((await hub.as(owner).ask(all)).data).not.toEqual({ agreements: { totalCount: 0 } });
  await (await openControlPlane(hub.database.urls.hub)).close();
  expect((await hub.as(owner).ask(all)).data).toEqual({ agreements: { totalCount: 0 } });
});

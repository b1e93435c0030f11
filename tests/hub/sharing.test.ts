import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { describe, expect, test } from 'vitest';
import { bearer } from '../support/guarded-hub.ts';
import { startHub } from '../support/hub.ts';
import { makeKey, sign, startIdentityProvider } from '../support/identity-provider.ts';
import { poll } from '../support/poll.ts';

const key = await makeKey('k1');
const purpose = '联合执法';

/** The hub with access control, where these agreements are in force. */
async function startShared(grants: Partial<Record<Department, readonly Partial<Grant>[]>> = {}) {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(key));
  const agreements = keepAgreements();
  const agree = (agreed: typeof grants) =>
    agreements.replace(
      new Map(
        Object.entries(agreed).map(([department, each]) => [
          department as Department,
          each.map(
            (grant, i): Grant => ({
              agreementId: `${department}-${i}-${JSON.stringify(grant)}`,
              fields: [],
              purpose,
              endsAt: Date.now() + 60_000,
              ...grant,
            }),
          ),
        ]),
      ),
    );
  agree(grants);
  const hub = opening.use(
    await startHub({ guard: { access: { departments: provider.options }, agreements } }),
  );
  // The gateway reads the regions when it starts, which is not to be counted below.
  await poll(() => hub.calls.enterprises > 0 || undefined);
  const opened = opening.move();
  return {
    hub,
    agree,
    ask: async (
      department: Department,
      query: string,
      variables: object = {},
      headers: Readonly<Record<string, string>> = { 'x-wenshu-purpose': encodeURIComponent(purpose) },
    ) =>
      hub.ask(query, variables, { ...bearer(await sign(key, { department, role: 'viewer' })), ...headers }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const inspectionsOf = '{ enterprises(first: 2) { nodes { nameZh inspections { totalCount } } } }';
const notShared = (coordinate: string) => ({
  extensions: { code: 'NOT_SHARED', coordinate, class: 'CONDITIONAL' },
});

describe('a conditional field', () => {
  test('is null for a department without an agreement, with an error at each place, and is not fetched', async () => {
    await using shared = await startShared();
    const { data, errors } = await shared.ask('CULTURE_TOURISM', inspectionsOf);
    expect(data).toMatchObject({
      enterprises: { nodes: [{ nameZh: expect.any(String), inspections: null }, { inspections: null }] },
    });
    expect(errors).toMatchObject([
      { path: ['enterprises', 'nodes', 0, 'inspections'], ...notShared('Enterprise.inspections') },
      { path: ['enterprises', 'nodes', 1, 'inspections'], ...notShared('Enterprise.inspections') },
    ]);
    expect(errors?.[0]?.extensions.owner).toBe('MARKET_REGULATION');
    expect(shared.hub.statements.enterprises).toBe(1);
  });

  test('is there for its owner, and for who has an agreement and states its purpose', async () => {
    const grant = { fields: ['Enterprise.inspections', 'Query.inspections'] };
    await using shared = await startShared({ CULTURE_TOURISM: [grant] });
    const counts = {
      data: {
        enterprises: { nodes: [{ inspections: { totalCount: 0 } }, { inspections: { totalCount: 0 } }] },
      },
    };
    expect(await shared.ask('MARKET_REGULATION', inspectionsOf)).toMatchObject(counts);
    expect(await shared.ask('CULTURE_TOURISM', inspectionsOf)).toMatchObject(counts);
    const elsewhere = { 'x-wenshu-purpose': 'statistics' };
    expect((await shared.ask('CULTURE_TOURISM', inspectionsOf, {}, elsewhere)).errors).toHaveLength(2);
    expect((await shared.ask('FINANCE', inspectionsOf)).errors).toHaveLength(2);
  });

  test('is gone as soon as the agreement is', async () => {
    await using shared = await startShared({ CULTURE_TOURISM: [{ fields: ['Enterprise.inspections'] }] });
    expect((await shared.ask('CULTURE_TOURISM', inspectionsOf)).errors).toBeUndefined();
    shared.agree({});
    expect((await shared.ask('CULTURE_TOURISM', inspectionsOf)).errors).toHaveLength(2);
  });

  test.each([
    ['in the text', '{ enterprises(filter: {inspectedOn: {isNull: false}}) { totalCount } }', {}],
    [
      'in a variable',
      'query ($filter: EnterpriseFilter) { enterprises(filter: $filter) { totalCount } }',
      { filter: { not: { and: [{ inspectedOn: { gte: '2024-01-01' } }] } } },
    ],
    [
      'in a part of a variable',
      'query ($date: DateFilter) { enterprises(filter: {or: [{inspectedOn: $date}]}) { totalCount } }',
      { date: { gte: '2024-01-01' } },
    ],
  ])('cannot be used as a condition %s', async (_where, query, variables) => {
    await using shared = await startShared();
    expect(await shared.ask('CULTURE_TOURISM', query, variables)).toMatchObject({
      data: { enterprises: null },
      errors: [{ path: ['enterprises'], ...notShared('EnterpriseFilter.inspectedOn') }],
    });
    expect(shared.hub.calls.enterprises).toBe(0);
    expect((await shared.ask('MARKET_REGULATION', query, variables)).errors).toBeUndefined();
  });

  test('has the whole operation refused where the caller wants all or nothing', async () => {
    await using shared = await startShared();
    const answer = await shared.ask('CULTURE_TOURISM', inspectionsOf, {}, { 'x-wenshu-sharing': 'strict' });
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors).toMatchObject([notShared('Enterprise.inspections')]);
    expect(shared.hub.calls.enterprises).toBe(0);
  });
});

test('a masked field shows what its owner lets be seen of it', async () => {
  await using shared = await startShared({ MARKET_REGULATION: [{ fields: ['Query.partyUnits'] }] });
  const query = '{ partyUnits(first: 1) { nodes { nameZh } } }';
  expect(await shared.ask('MARKET_REGULATION', query)).toMatchObject({
    data: { partyUnits: { nodes: [{ nameZh: expect.stringMatching(/^.\*+$/) }] } },
    errors: [{ path: ['partyUnits', 'nodes', 0, 'nameZh'], ...notShared('PartyUnit.nameZh') }],
  });
});

test('an agreement for one region shows the rows of that region alone', async () => {
  await using shared = await startShared({
    CULTURE_TOURISM: [{ fields: ['Enterprise.inspections'], region: '370200' }],
  });
  const query = `{
    inside: enterprises(first: 1, filter: {region: {within: "370200"}}) { nodes { region { code } inspections { totalCount } } }
    outside: enterprises(first: 1, filter: {region: {within: "110000"}}) { nodes { region { code } inspections { totalCount } } }
  }`;
  // Until the regions are read, nothing lies in any.
  const answer = await poll(async () => {
    const given = await shared.ask('CULTURE_TOURISM', query);
    return given.errors?.length === 1 ? given : undefined;
  });
  expect(answer).toMatchObject({
    data: {
      inside: { nodes: [{ inspections: { totalCount: 0 } }] },
      outside: { nodes: [{ inspections: null }] },
    },
    errors: [{ path: ['outside', 'nodes', 0, 'inspections'], ...notShared('Enterprise.inspections') }],
  });
});

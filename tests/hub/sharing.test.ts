import { describe, expect, test } from 'vitest';
import { startHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';

const inspectionsOf = '{ enterprises(first: 2) { nodes { nameZh inspections { totalCount } } } }';
const notShared = (coordinate: string) => ({
  extensions: { code: 'NOT_SHARED', coordinate, class: 'CONDITIONAL' },
});

describe('a conditional field', () => {
  test('is null for a department without an agreement, with an error at each place, and is not fetched', async () => {
    await using hub = await startHub({ agreements: {} });
    const { data, errors } = await hub.as('CULTURE_TOURISM').ask(inspectionsOf);
    expect(data).toMatchObject({
      enterprises: { nodes: [{ nameZh: expect.any(String), inspections: null }, { inspections: null }] },
    });
    expect(errors).toMatchObject([
      { path: ['enterprises', 'nodes', 0, 'inspections'], ...notShared('Enterprise.inspections') },
      { path: ['enterprises', 'nodes', 1, 'inspections'], ...notShared('Enterprise.inspections') },
    ]);
    expect(errors?.[0]?.extensions.owner).toBe('MARKET_REGULATION');
    expect(hub.statements.enterprises).toBe(1);
  });

  test('is there for its owner, and for who has an agreement and states its purpose', async () => {
    const grant = { fields: ['Enterprise.inspections', 'Query.inspections'] };
    await using hub = await startHub({ agreements: { CULTURE_TOURISM: [grant] } });
    const counts = {
      data: {
        enterprises: { nodes: [{ inspections: { totalCount: 0 } }, { inspections: { totalCount: 0 } }] },
      },
    };
    expect(await hub.as('MARKET_REGULATION').ask(inspectionsOf)).toMatchObject(counts);
    expect(await hub.as('CULTURE_TOURISM').ask(inspectionsOf)).toMatchObject(counts);
    const elsewhere = { 'x-wenshu-purpose': 'statistics' };
    expect((await hub.as('CULTURE_TOURISM').ask(inspectionsOf, {}, elsewhere)).errors).toHaveLength(2);
    expect((await hub.as('FINANCE').ask(inspectionsOf)).errors).toHaveLength(2);
  });

  test('is gone as soon as the agreement is', async () => {
    await using hub = await startHub({
      agreements: { CULTURE_TOURISM: [{ fields: ['Enterprise.inspections'] }] },
    });
    expect((await hub.as('CULTURE_TOURISM').ask(inspectionsOf)).errors).toBeUndefined();
    hub.agree({});
    expect((await hub.as('CULTURE_TOURISM').ask(inspectionsOf)).errors).toHaveLength(2);
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
    await using hub = await startHub({ agreements: {} });
    expect(await hub.as('CULTURE_TOURISM').ask(query, variables)).toMatchObject({
      data: { enterprises: null },
      errors: [{ path: ['enterprises'], ...notShared('EnterpriseFilter.inspectedOn') }],
    });
    expect(hub.calls.enterprises).toBe(0);
    expect((await hub.as('MARKET_REGULATION').ask(query, variables)).errors).toBeUndefined();
  });

  test('has the whole operation refused where the caller wants all or nothing', async () => {
    await using hub = await startHub({ agreements: {} });
    const answer = await hub.as('CULTURE_TOURISM').ask(inspectionsOf, {}, { 'x-wenshu-sharing': 'strict' });
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors).toMatchObject([notShared('Enterprise.inspections')]);
    expect(hub.calls.enterprises).toBe(0);
  });
});

test('a masked field shows what its owner lets be seen of it', async () => {
  await using hub = await startHub({ agreements: { MARKET_REGULATION: [{ fields: ['Query.partyUnits'] }] } });
  const query = '{ partyUnits(first: 1) { nodes { nameZh } } }';
  expect(await hub.as('MARKET_REGULATION').ask(query)).toMatchObject({
    data: { partyUnits: { nodes: [{ nameZh: expect.stringMatching(/^.\*+$/) }] } },
    errors: [{ path: ['partyUnits', 'nodes', 0, 'nameZh'], ...notShared('PartyUnit.nameZh') }],
  });
});

test('an agreement for one region shows the rows of that region alone', async () => {
  await using hub = await startHub({
    agreements: {
      CULTURE_TOURISM: [{ fields: ['Enterprise.inspections'], region: '370200' }],
    },
  });
  const query = `{
    inside: enterprises(first: 1, filter: {region: {within: "370200"}}) { nodes { region { code } inspections { totalCount } } }
    outside: enterprises(first: 1, filter: {region: {within: "110000"}}) { nodes { region { code } inspections { totalCount } } }
  }`;
  // Until the regions are read, nothing lies in any.
  const answer = await poll(async () => {
    const given = await hub.as('CULTURE_TOURISM').ask(query);
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

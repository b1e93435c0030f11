import { describe, expect, test } from 'vitest';
import { poll } from '../support/poll.ts';
import { startShared } from '../support/shared-hub.ts';

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

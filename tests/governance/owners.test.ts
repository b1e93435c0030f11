import { type CatalogueItem, catalogueOf } from '@wenshu/schema/catalogue.ts';
import { parseOwners, withOwners } from '@wenshu/schema/owners.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandHere } from '../support/cli.ts';
import { supergraphSdl } from '../support/control-plane.ts';
import { startHub, type TestHub } from '../support/hub.ts';

// 两新党建 belongs to 宣传部 in one city and to 社会工作部 in another: a deployment says so, and everything follows.

const owners = parseOwners('PARTY_BUILDING:SOCIAL_WORK, RADIO_TELEVISION:CULTURE_TOURISM') ?? new Map();

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ keys: true, owners });
});
afterAll(() => hub[Symbol.asyncDispose]());

const units = '{ partyUnits(first: 1) { nodes { id } } }';

describe('a duty that a deployment gives to another department', () => {
  it('makes that department the owner, and the department of the schema a stranger', async () => {
    expect(await hub.as('SOCIAL_WORK').ask(units)).toMatchObject({
      data: { partyUnits: { nodes: [{ id: expect.any(String) }] } },
    });
    expect(await hub.as('PROPAGANDA').ask(units)).toMatchObject({
      data: { partyUnits: null },
      errors: [{ extensions: { code: 'NOT_SHARED', owner: 'SOCIAL_WORK', class: 'CONDITIONAL' } }],
    });
  });

  it('is asked for agreements, and leaves the other data with their owner', async () => {
    const request = `mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { owner fields } }`;
    const input = {
      fields: ['PartyUnit.lifeCycle', 'ServiceRequest.textZh'],
      purpose: '党建指导',
      basis: '部门间约定',
      endsOn: '2099-12-31',
    };
    const { data } = await hub.as({ department: 'FINANCE', role: 'editor' }).ask(request, { input });
    expect(data?.requestAgreement).toEqual(
      expect.arrayContaining([
        { owner: 'SOCIAL_WORK', fields: ['PartyUnit.lifeCycle'] },
        { owner: 'PROPAGANDA', fields: ['ServiceRequest.textZh'] },
      ]),
    );
  });

  it('stands in the catalogue with the basis of its owner, which is not that of government departments', async () => {
    const question = `{ catalogue(owner: SOCIAL_WORK, typeName: "PartyCoverage", first: 1) { nodes { owner duty sharedUnder } } }`;
    expect((await hub.as('FINANCE').ask(question)).data).toEqual({
      catalogue: {
        nodes: [
          {
            owner: 'SOCIAL_WORK',
            duty: 'PARTY_BUILDING',
            sharedUnder: '党内法规和部门间的共享约定。 Party rules, and arrangements between departments.',
          },
        ],
      },
    });
  });
});

describe('the owners of a deployment', () => {
  const ownersIn = (items: readonly CatalogueItem[], holds: (item: CatalogueItem) => boolean) => [
    ...new Set(items.filter(holds).map(({ owner }) => owner)),
  ];

  it('own all that the duty or the department owns in the schema, and nothing else changes', () => {
    const before = catalogueOf(supergraphSdl);
    const after = catalogueOf(withOwners(supergraphSdl, owners));
    const moved = new Set(
      before.filter(({ duty }) => duty === 'PARTY_BUILDING').map(({ coordinate }) => coordinate),
    );
    expect(moved.size).toBeGreaterThan(100);
    expect(ownersIn(after, ({ coordinate }) => moved.has(coordinate))).toEqual(['SOCIAL_WORK']);
    expect(
      after
        .filter(({ coordinate }) => !moved.has(coordinate))
        .map(({ coordinate, owner }) => [coordinate, owner]),
    ).toEqual(
      before
        .filter(({ coordinate }) => !moved.has(coordinate))
        .map(({ coordinate, owner }) => [coordinate, owner]),
    );
  });

  it('include all fields of the types of the party subgraph and what leads to them', () => {
    const party = /^(PartyUnit|PartyBrand|PartyMechanism|PartyCoverage|RegionPartyCoverage|MeetingRule)\./;
    const items = catalogueOf(supergraphSdl).filter(
      ({ coordinate, kind, type }) =>
        kind === 'FIELD' && (party.test(coordinate) || party.test(`${type.replace(/[[\]!]/g, '')}.`)),
    );
    expect(items.filter(({ duty }) => duty !== 'PARTY_BUILDING').map(({ coordinate }) => coordinate)).toEqual(
      [],
    );
  });

  it('replace a second owner of rows too', () => {
    expect(supergraphSdl).toContain('jointly: RADIO_TELEVISION');
    expect(withOwners(supergraphSdl, owners)).not.toContain('jointly: RADIO_TELEVISION');
  });

  it.each([
    'PARTY:SOCIAL_WORK',
    'PARTY_BUILDING:NOBODY',
    'PARTY_BUILDING',
    'PARTY_BUILDING:SOCIAL_WORK,PARTY_BUILDING:PROPAGANDA',
    'PARTY_BUILDING:SOCIAL_WORK:PROPAGANDA',
  ])('are refused at the start when they are wrong: %s', async (text) => {
    const { code, output } = await runCommandHere(['start'], { OWNERS: text });
    expect(code).not.toBe(0);
    expect(output).toContain('OWNERS must be like PARTY_BUILDING:SOCIAL_WORK');
  });

  it('are refused when the graph has no data of theirs', () => {
    expect(() => withOwners(supergraphSdl, new Map([['SUBDISTRICT', 'PROPAGANDA']]))).toThrow(
      'OWNERS names SUBDISTRICT, but no data of this supergraph belong to it. Drop it there.',
    );
  });
});

import { readFile } from 'node:fs/promises';
import { memberFolders } from '@wenshu/gateway/cli/member-folders.ts';
import { listBreakingChanges } from '@wenshu/schema/breaking-changes.ts';
import { check } from '@wenshu/schema/check.ts';
import { compose, composedFiles, type Service } from '@wenshu/schema/compose.ts';
import { relationSdl } from '@wenshu/schema/relations.ts';
import { sharingByCoordinate, sharingSdl } from '@wenshu/schema/sharing.ts';
import { buildSchema, type GraphQLInputObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const service = (name: string, sdl: string): Service => ({
  name,
  url: `http://${name}`,
  sdl: `${link} ${sharingSdl} ${sdl}`,
});

describe('the composed files', () => {
  it('are what the subgraphs compose to', async () => {
    expect(await check(memberFolders)).toEqual([]);
  });

  it('show callers nothing of how the graph is put together', async () => {
    expect(await readFile(composedFiles.api, 'utf8')).not.toMatch(/join__|_entities|_Any|_service/);
  });
});

describe('composition', () => {
  const open = '@sharing(class: UNCONDITIONAL, owner: CULTURE_TOURISM, open: true)';
  const parks = service(
    'parks',
    `type Query ${open} { park: Park } type Park @key(fields: "id") ${open} { id: ID! name: String }`,
  );
  const events = service('events', `type Park @key(fields: "id") ${open} { id: ID! events: Int }`);

  it('does not depend on the order of the subgraphs', () => {
    expect(compose([events, parks])).toEqual(compose([parks, events]));
  });

  it('says why subgraphs do not fit together', () => {
    const clashing = service('events', 'type Park @key(fields: "id") { id: ID! name: Int }');
    expect(() => compose([parks, clashing])).toThrow(/^The subgraphs do not compose:\n {2}- .*"Park\.name"/);
  });

  it('names the subgraph whose schema does not parse', () => {
    expect(() => compose([parks, service('events', 'type {')])).toThrow(
      'The schema of events does not parse: Syntax Error: Expected Name, found "{".',
    );
  });
});

describe('relations', () => {
  const open = '@sharing(class: UNCONDITIONAL, owner: CULTURE_TOURISM, open: true)';
  const list = (type: string, name: string, conditions = '') => `
    type Query ${open} { ${name}(filter: ${type}Filter, orderBy: [${type}Order!]): ${type}Connection }
    type ${type}Connection ${open} { nodes: [${type}!]! }
    type ${type} @key(fields: "id") ${open} { id: ID! venue: ID }
    input ${type}Filter { id: IdFilter ${conditions} }
    input ${type}Order { field: ${type}OrderField! direction: Direction! = ASC }
    enum ${type}OrderField { ID }
    input IdFilter { eq: ID }
    enum Direction { ASC DESC }`;
  const venue = (relation: string) =>
    service('events', `${relationSdl} ${list('Event', 'events', `venueId: IdFilter ${relation}`)}`);
  const parks = service('parks', list('Park', 'parks'));

  it('become conditions and orders in both directions, with the class of their link', () => {
    const { api, supergraph } = compose([
      parks,
      venue('@relation(to: "Park", as: "venue", inverse: "events")'),
    ]);
    const schema = buildSchema(api);
    const input = (name: string) =>
      Object.values((schema.getType(name) as GraphQLInputObjectType).getFields()).map(
        (field) => `${field.name}: ${field.type}`,
      );
    const joined = ['id: IdFilter', 'venueId: IdFilter'];
    expect(input('EventFilter')).toEqual([...joined, 'venue: ParkFilter']);
    expect(input('ParkFilter')).toEqual(['id: IdFilter', 'events: EventRelation', 'exists: Boolean']);
    expect(input('EventRelation')).toEqual([
      'some: EventFilter',
      'none: EventFilter',
      'every: EventFilter',
      'exists: Boolean',
    ]);
    const ordered = (name: string) => [`field: ${name}OrderField`, 'direction: Direction!'];
    expect(input('EventOrder')).toEqual([...ordered('Event'), 'venue: ParkOrder']);
    expect(input('ParkOrder')).toEqual([...ordered('Park'), 'events: EventOrder']);
    const sharing = sharingByCoordinate(parse(supergraph));
    for (const place of ['EventFilter.venue', 'ParkFilter.events', 'EventOrder.venue', 'ParkOrder.events']) {
      expect(sharing.get(place)).toEqual(sharing.get('EventFilter.venueId'));
    }
    expect(supergraph).toContain('@related(list: "events", link: "venueId", inverse: true)');
    expect(api).not.toContain('@related');
  });

  it('are as strict as the field of their own name: refused where each has an owner to ask', () => {
    const agreed = (owner: string) => `@sharing(class: CONDITIONAL, owner: ${owner})`;
    const withEvents = (sharing: string) => {
      const sdl = list('Park', 'parks').replace('{ id: ID! venue', `{ events: ID ${sharing} id: ID! venue`);
      return service('parks', sdl);
    };
    const relation = '@relation(to: "Park", as: "place", inverse: "events")';
    const { supergraph } = compose([withEvents(agreed('PROPAGANDA')), venue(relation)]);
    const sharing = sharingByCoordinate(parse(supergraph));
    for (const place of ['ParkFilter.events', 'ParkOrder.events']) {
      expect(sharing.get(place)).toMatchObject({ class: 'CONDITIONAL', owner: 'PROPAGANDA', open: false });
    }
    expect(sharing.get('EventFilter.place')).toEqual(sharing.get('EventFilter.venueId'));
    const withOwner = `${relation} ${agreed('FINANCE')}`;
    expect(() => compose([withEvents(agreed('PROPAGANDA')), venue(withOwner)])).toThrow(
      'ParkFilter.events discloses EventFilter.venueId and Park.events, which have two owners: rename its @relation.',
    );
  });

  it.each([
    [
      'lead to no list',
      '@relation(to: "Square", as: "venue", inverse: "events")',
      'EventFilter.venueId has a @relation to Square, of which there is no list at the root.',
    ],
    [
      'have a name that is taken',
      '@relation(to: "Park", as: "venue", inverse: "id")',
      'ParkFilter.id is the name of two conditions: give one of the relations another in @relation.',
    ],
    [
      'have values for no row, but may have several',
      '@relation(to: "Park", as: "venue", inverse: "events", inverseWithout: "{id: 1}")',
      'EventFilter.venueId has a @relation whose inverseWithout does not fit',
    ],
    [
      'are about rows that no condition finds',
      '@relation(to: "Park", as: "venue", inverse: "events", inverseIsOne: true, inverseAmong: "{isOpen: true}")',
      'EventFilter.venueId has a @relation whose inverseAmong does not fit: it needs inverseIsOne, and an object of fields of ParkFilter.',
    ],
  ])('are refused that %s', (_what, relation, problem) => {
    expect(() => compose([parks, venue(relation)])).toThrow(problem);
  });
});

describe('breaking changes', () => {
  const before = 'type Query { park(id: ID!): Park } type Park { id: ID! name: String area: Int }';

  it('lists each', async () => {
    const after = 'type Query { park(id: ID!, city: ID!): Park } type Park { id: ID! name: Int }';
    expect(await listBreakingChanges(before, after)).toEqual([
      "Park.area: Field 'area' was removed from object type 'Park'",
      "Park.name: Field 'Park.name' changed type from 'String' to 'Int'",
      "Query.park.city: Argument 'city: ID!' added to field 'Query.park'",
    ]);
  });

  it('are none where something is added', async () => {
    const after =
      'type Query { park(id: ID!, city: ID): Park } type Park { id: ID! name: String! area: Int more: Int }';
    expect(await listBreakingChanges(before, after)).toEqual([]);
  });
});

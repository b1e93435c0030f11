import { readFile } from 'node:fs/promises';
import { listBreakingChanges } from '@wenshu/schema/breaking-changes.ts';
import { check } from '@wenshu/schema/check.ts';
import { compose, composedFiles, type Service } from '@wenshu/schema/compose.ts';
import { sharingSdl } from '@wenshu/schema/sharing.ts';
import { describe, expect, it } from 'vitest';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const service = (name: string, sdl: string): Service => ({
  name,
  url: `http://${name}`,
  sdl: `${link} ${sharingSdl} ${sdl}`,
});

describe('the composed files', () => {
  it('are what the subgraphs compose to', async () => {
    expect(await check()).toEqual([]);
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

import { buildSchema, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Who } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ agreements: {} });
});
afterAll(() => hub[Symbol.asyncDispose]());

async function schemaFor(who: Who) {
  const headers = await hub.as(who).headers();
  const response = await fetch(`${hub.url}/schema.graphql`, { headers });
  return { status: response.status, sdl: await response.text() };
}

const typesIn = (sdl: string) =>
  Object.keys(buildSchema(sdl, { assumeValidSDL: true }).getTypeMap()).filter(
    (name) => !name.startsWith('__'),
  );
const fieldsIn = (sdl: string, type: string) =>
  Object.keys(
    (
      buildSchema(sdl, { assumeValidSDL: true }).getType(type) as GraphQLObjectType | undefined
    )?.getFields() ?? {},
  );

test('a department reads the whole schema, with the sharing class of each field', async () => {
  const { status, sdl } = await schemaFor('FINANCE');
  expect(status).toBe(200);
  expect(sdl).toContain('@sharing(class: CONDITIONAL, owner: MARKET_REGULATION');
  expect(typesIn(sdl)).toEqual(expect.arrayContaining(['Inspection', 'Payout', 'ApiKey']));
});

test('a live key reads the part that its scopes open, and can ask for all of it', async () => {
  const key = { scopes: ['Park', 'ParkFilter'] };
  const { status, sdl } = await schemaFor(key);
  expect(status).toBe(200);
  expect(typesIn(sdl)).toEqual(expect.arrayContaining(['Park', 'ParkConnection', 'ParkFilter']));
  expect(typesIn(sdl)).not.toEqual(expect.arrayContaining(['Inspection']));
  expect(fieldsIn(sdl, 'Park')).toContain('nameZh');
  expect(fieldsIn(sdl, 'Park')).not.toContain('partyUnits');
  const { errors } = await hub.as(key).ask('{ parks(first: 1) { nodes { id nameZh kind } } }');
  expect(errors).toBeUndefined();
});

test('another key reads another part', async () => {
  const { sdl } = await schemaFor({ scopes: ['Event'] });
  expect(fieldsIn(sdl, 'Event')).toContain('nameZh');
  expect(typesIn(sdl)).not.toContain('Park');
});

test('nobody without credentials reads any', async () => {
  const response = await fetch(`${hub.url}/schema.graphql`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

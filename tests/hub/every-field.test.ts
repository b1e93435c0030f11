import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isRequiredArgument } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fieldsOfHub } from '../support/control-plane.ts';
import { everyField } from '../support/every-field.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { unlimited } from '../support/unlimited.ts';

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
const rootFields = Object.values(schema.getQueryType()?.getFields() ?? {});
/** What the hub keeps for itself is empty, and for departments only. */
const lists = rootFields.filter(
  (field) => !field.args.some(isRequiredArgument) && !fieldsOfHub.has(field.name),
);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ admission: { queryLimits: unlimited } });
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(lists.map((field) => [field.name, field] as const))(
  'answers every field below %s, two steps deep, without an error',
  async (_name, field) => {
    const type = getNamedType(field.type);
    const isConnection = field.args.some(({ name }) => name === 'first');
    const { data, errors } = await hub.ask(
      `{ rows: ${field.name}${isConnection ? '(first: 200)' : ''} { ${everyField(type, 1)} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.rows).not.toBeNull();
  },
);

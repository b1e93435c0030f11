import { readFileSync } from 'node:fs';
import { readWritable } from '@wenshu/gateway/supergraph/writable.ts';
import { today } from '@wenshu/kit/today.ts';
import { authorOf } from '@wenshu/kit/workflow/decide.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import {
  buildSchema,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredInputField,
  parse,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';

// Every change of an agency looks at its key, also where it would be refused: another input is KEY_REUSED.

const api = buildSchema(readFileSync(composedFiles.api, 'utf8'));
const fields = api.getMutationType()?.getFields() ?? {};
const mutations = [...readWritable(parse(readFileSync(composedFiles.supergraph, 'utf8')))]
  .filter(([, { isOfAgency }]) => isOfAgency)
  .map(([name, { subgraph, roles }]) => ({ name, subgraph: subgraph as SubgraphName, roles }));

const leader: Caller = { kind: 'department', department: 'PROPAGANDA', role: 'leader', user: 'leader-1' };
const system: Caller = { kind: 'system' };
const callers = [leader, system];

let database: TestDatabase;
const subgraphs = new Map<SubgraphName, ReturnType<(typeof createSubgraphOf)[SubgraphName]>>();
beforeAll(async () => {
  database = await createDatabase();
  const taken = callers.map((caller) => `('${authorOf(caller)}', 'taken', 'another input', 'an-object', 0)`);
  await ask(
    database.adminUrl,
    subgraphNames
      .map(
        (name) =>
          `insert into ${name}.mutation_keys (author, key, input_hash, object_id, step) values ${taken};`,
      )
      .join('\n'),
  );
  for (const name of subgraphNames) subgraphs.set(name, createSubgraphOf[name]({ url: database.urls[name] }));
});
afterAll(async () => {
  await Promise.all([...subgraphs.values()].map((each) => each.close()));
  await database[Symbol.asyncDispose]();
});

/** Returns a value of an input type with all that it must have. */
function valueFor(type: GraphQLInputType, name: string): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [valueFor(nullable.ofType, name)];
  if (isInputObjectType(nullable)) return inputOf(nullable);
  if (isEnumType(nullable)) return nullable.getValues()[0]?.value;
  switch (getNamedType(nullable).name) {
    case 'ID':
      return name === 'key' ? 'taken' : 'none';
    case 'Int':
      return 1;
    case 'Boolean':
      return true;
    case 'Date':
      return today();
    case 'String':
      return '说明';
    default:
      return '1';
  }
}

const inputOf = (type: GraphQLInputObjectType): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map(({ name, type: inner }) => [name, valueFor(inner, name)]),
  );

it.each(mutations)('$name', async ({ name, subgraph, roles }) => {
  const field = fields[name];
  const type = field?.args.find((arg) => arg.name === 'input')?.type;
  const payload = field && getNamedType(field.type);
  if (!type || !isObjectType(payload)) throw new Error(`${name} has no input or no payload.`);
  expect(String(payload.getFields().isReplay?.type)).toBe('Boolean!');
  const { errors } = (await subgraphs.get(subgraph)?.execute(
    {
      query: `mutation ($input: ${type}) { ${name}(input: $input) { isReplay } }`,
      variables: { input: valueFor(type, 'input') },
      kind: 'mutation',
    },
    { caller: roles.every((role) => role === 'system') ? system : leader },
  )) ?? { errors: undefined };
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['KEY_REUSED']);
});

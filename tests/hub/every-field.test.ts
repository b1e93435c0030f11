import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { fieldsOfHub } from '../support/key-hub.ts';
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

/** Every field of a type that needs no argument, to a depth, each under a name of its own where types could clash. */
function everyField(type: GraphQLNamedType, depth: number): string {
  if (isUnionType(type)) {
    const members = type
      .getTypes()
      .map((member) => `... on ${member.name} { ${everyField(member, Math.min(depth, 0))} }`);
    return `__typename ${members.join(' ')}`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const isRows = type.name.endsWith('Connection');
  return Object.values(type.getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .flatMap((field) => asked(field, type.name, isRows ? depth : depth - 1))
    .join(' ');
}

function asked(field: GraphQLField<unknown, unknown>, typeName: string, depth: number): string[] {
  const type = getNamedType(field.type);
  const name = `${typeName}_${field.name}: ${field.name}`;
  if (isLeafType(type)) return [name];
  if (depth < 0) return [];
  const selection = everyField(type, depth);
  const first = field.args.some((argument) => argument.name === 'first') ? '(first: 3)' : '';
  return selection ? [`${name}${first} { ${selection} }`] : [];
}

it.each(lists.map((field) => [field.name, field] as const))(
  'answers every field below %s, two steps deep, without an error',
  async (_name, field) => {
    const type = getNamedType(field.type);
    const isConnection = !isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const { data, errors } = await hub.ask(
      `{ rows: ${field.name}${isConnection ? '(first: 200)' : ''} { ${everyField(type, 1)} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.rows).not.toBeNull();
  },
);

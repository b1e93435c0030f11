import { readFileSync } from 'node:fs';
import { QueryPlanner } from '@graphql-hive/router-query-planner';
import { memberFolders } from '@wenshu/gateway/cli/member-folders.ts';
import { readMember, subgraphNames, subgraphSdl } from '@wenshu/schema/subgraph-sdl.ts';
import {
  buildSchema,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
} from 'graphql';
import { expect, it } from 'vitest';

const read = (file: string) => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8');
const schema = buildSchema(read('api.graphql'));
const planner = new QueryPlanner(read('supergraph.graphql'));

/** Fields that an agency computes from facts of others. */
const computedFields = subgraphNames.flatMap((name) =>
  parse(subgraphSdl(readMember(name, memberFolders[name]))).definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.OBJECT_TYPE_EXTENSION
      ? (type.fields ?? []).flatMap((field) =>
          field.directives?.some((directive) => directive.name.value === 'requires')
            ? { typeName: type.name.value, fieldName: field.name.value }
            : [],
        )
      : [],
  ),
);

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is not an object type.`);
  return type;
}

/** A selection below a field that asks for something of it. */
function anySelection(type: GraphQLObjectType): string {
  const leaf = Object.values(type.getFields()).find((field) => isLeafType(getNamedType(field.type)));
  return leaf ? `{ ${leaf.name} }` : '{ __typename }';
}

/** How to get from a type to a relative of the same type, one step away: `parent { … }`, `members { nodes { … } }`. */
function waysToRelatives(type: GraphQLObjectType): ((inner: string) => string)[] {
  return Object.values(type.getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .flatMap((field) => {
      const target = getNamedType(field.type);
      if (target === type) return [(inner: string) => `${field.name} { ${inner} }`];
      if (!isObjectType(target)) return [];
      const { nodes } = target.getFields();
      const isPageOfSame = nodes && getNamedType(nodes.type) === type;
      return isPageOfSame ? [(inner: string) => `${field.name} { nodes { ${inner} } }`] : [];
    });
}

const rootOf: Record<string, string> = {
  Enterprise: 'enterprise(id: "x")',
  Park: 'park(id: "x")',
  Policy: 'policy(id: "x")',
  Region: 'region(code: "x")',
};

it.each(computedFields)(
  // The planner of Hive Router fails on some of these if the way to the relative leads through the computing subgraph.
  'plans $typeName.$fieldName beside the same of a relative, and of that one’s relative',
  ({ typeName, fieldName }) => {
    const type = objectType(typeName);
    const field = type.getFields()[fieldName];
    const selection = anySelection(getNamedType(field?.type) as GraphQLObjectType);
    const computed = `${fieldName} ${selection}`;
    for (const near of waysToRelatives(type)) {
      for (const far of waysToRelatives(type)) {
        const query = `{ ${rootOf[typeName]} { ${computed} ${near(`${computed} ${far(computed)}`)} } }`;
        expect(() => planner.plan(query, null, new Set(), 0), query).not.toThrow();
      }
    }
  },
);

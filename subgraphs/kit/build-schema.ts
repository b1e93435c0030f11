import { buildSubgraphSchema } from '@apollo/subgraph';
import { aggregatesOf, commonSdl, type MemberName, ownSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql';
import { bulkRowsModule } from './bulk-rows.ts';
import { entityResolvers } from './entities.ts';
import { groupResolvers } from './group-resolvers.ts';
import { relatedResolvers, withRelatedFields } from './related-fields.ts';
import type { SubgraphParts } from './subgraph.ts';

/** Schemas by the resolvers of a subgraph, which know no database: a process builds each of them once. */
const built = new WeakMap<SubgraphParts['own'], GraphQLSchema>();

/** Returns the schema of a subgraph: its own SDL and resolvers, those that all subgraphs share, and what the gateway alone asks. */
export function schemaOf(name: MemberName, parts: SubgraphParts): GraphQLSchema {
  const known = built.get(parts.own);
  if (known) return known;
  const schema = buildSchema(name, parts);
  built.set(parts.own, schema);
  return schema;
}

function buildSchema(name: MemberName, { shared, own, lists = {} }: SubgraphParts): GraphQLSchema {
  const document = parse(`${ownSdl(name)}\n${aggregatesOf(name)}`);
  return buildSubgraphSchema([
    { typeDefs: parse(commonSdl(name)), resolvers: { ...shared, ...entityResolvers } },
    { typeDefs: withRelatedFields(document, lists), resolvers: own },
    { typeDefs: nothing, resolvers: groupResolvers(document, shared, lists) },
    { typeDefs: nothing, resolvers: relatedResolvers(lists) },
    bulkRowsModule,
  ]);
}

/** Resolvers alone. */
const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

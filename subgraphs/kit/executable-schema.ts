import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  aggregatesOf,
  commonSdl,
  type MemberName,
  ownSdl,
  subgraphSdl,
} from '@wenshu/schema/subgraph-sdl.ts';
import { buildASTSchema, concatAST, type GraphQLSchema, parse } from 'graphql';
import { bulkRowsModule } from './bulk-rows.ts';
import { entitiesModule, type ResolverMap, splitReferences } from './entities.ts';
import { groupResolvers } from './group-resolvers.ts';
import { type RootListsByName, relatedResolvers, withRelatedFields } from './related-fields.ts';

/** What a subgraph is made of: the resolvers of what all subgraphs share, those of what is its own, and its lists. */
export interface SubgraphParts {
  readonly shared: ResolverMap;
  readonly own: ResolverMap;
  /** Those that conditions and orders of other lists may lead to. */
  readonly lists?: RootListsByName;
}

/** Schemas by the resolvers of a subgraph, which know no database: a process builds each of them once. */
const built = new WeakMap<ResolverMap, GraphQLSchema>();

/** The schema of a subgraph, from its SDL and its resolvers, with what the gateway alone asks of it. */
export function executableSchema(name: MemberName, parts: SubgraphParts): GraphQLSchema {
  const schema = built.get(parts.own) ?? buildSchema(name, parts);
  built.set(parts.own, schema);
  return schema;
}

function buildSchema(name: MemberName, { shared, own, lists = {} }: SubgraphParts): GraphQLSchema {
  const document = parse(`${ownSdl(name)}\n${aggregatesOf(name)}`);
  const documents = [parse(commonSdl(name)), withRelatedFields(document, lists)];
  const { resolvers, references } = splitReferences([shared, own]);
  const entities = entitiesModule(documents, references, subgraphSdl(name));
  const all = concatAST([...documents, entities.typeDefs, bulkRowsModule.typeDefs]);
  return makeExecutableSchema({
    // Federation's own directives are declared by `@link` alone.
    typeDefs: buildASTSchema(all, { assumeValidSDL: true }),
    resolvers: [
      ...resolvers,
      groupResolvers(document, references, lists),
      relatedResolvers(lists),
      entities.resolvers,
      bulkRowsModule.resolvers,
    ] as Parameters<typeof makeExecutableSchema>[0]['resolvers'] & object,
    // The schema is nobody else's: no second one is made of it.
    updateResolversInPlace: true,
  });
}

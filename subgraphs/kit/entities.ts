import { type DocumentNode, type GraphQLResolveInfo, Kind, parse } from 'graphql';
import type { Context } from './context.ts';

/** Resolvers by type and field. `ResolversOf` (typed-resolvers.ts) checks those of each subgraph. */
export type ResolverMap = Readonly<Record<string, object>>;

type ResolveReference = (key: object, context: Context, info: GraphQLResolveInfo) => unknown;

/** Reference resolvers (`__resolveReference`) by type. */
export type References = ReadonlyMap<string, ResolveReference>;

/** Separates reference resolvers from resolvers: federation knows them, GraphQL does not. */
export function splitReferences(maps: readonly ResolverMap[]) {
  const references = new Map<string, ResolveReference>();
  const resolvers = maps.map((map) =>
    Object.fromEntries(
      Object.entries(map).map(([type, fields]) => {
        if (!('__resolveReference' in fields)) return [type, fields];
        const { __resolveReference, ...others } = fields;
        references.set(type, __resolveReference as ResolveReference);
        return [type, others];
      }),
    ),
  );
  return { resolvers, references };
}

interface Representation {
  readonly __typename: string;
}

/**
 * `Query._service` and `Query._entities` of federation, for the entities of these documents. The representation itself stands for a type
 * without a reference resolver. An entity that is available at once needs no promise.
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */
export const entitiesModule = (documents: readonly DocumentNode[], references: References, sdl: string) => ({
  typeDefs: parse(federationSdl(documents)),
  resolvers: {
    _Entity: { __resolveType: ({ __typename }: Representation) => __typename },
    Query: {
      _service: () => ({ sdl }),
      _entities: (
        _root: unknown,
        { representations }: { representations: readonly Representation[] },
        context: Context,
        info: GraphQLResolveInfo,
      ) => representations.map((each) => entityOf(each, references, context, info)),
    },
  },
});

function federationSdl(documents: readonly DocumentNode[]): string {
  const entities = documents
    .flatMap(({ definitions }) => definitions)
    .filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION || each.kind === Kind.OBJECT_TYPE_EXTENSION)
    .filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'key'));
  const names = new Set(entities.map(({ name }) => name.value));
  const ofEntities =
    names.size > 0
      ? `union _Entity = ${[...names].join(' | ')}
         extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`
      : '';
  return `scalar _Any
    type _Service { sdl: String! }
    extend type Query { _service: _Service! }
    ${ofEntities}`;
}

function entityOf(
  representation: Representation,
  references: References,
  context: Context,
  info: GraphQLResolveInfo,
): unknown {
  const { __typename } = representation;
  if (!info.schema.getType(__typename)) throw new Error(`There is no type ${__typename} to represent.`);
  const resolve = references.get(__typename);
  if (!resolve) return representation;
  const entity = resolve(representation, context, info);
  return entity instanceof Promise
    ? entity.then((settled) => typed(settled, __typename))
    : typed(entity, __typename);
}

/** Adds the type name to an entity, because rows do not hold it. */
function typed(entity: unknown, typeName: string): unknown {
  if (entity) (entity as { __typename?: string }).__typename = typeName;
  return entity;
}

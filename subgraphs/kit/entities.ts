import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';

interface Representation {
  readonly __typename: string;
}

type ResolveReference = (
  representation: Representation,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * `Query._entities`, by the `__resolveReference` of each type; a type without one is what its representation
 * says. In place of that of @apollo/subgraph, which makes a promise for each entity, whether it waits or not.
 */
export const entityResolvers = {
  Query: {
    _entities: (
      _root: unknown,
      { representations }: { representations: readonly Representation[] },
      context: Context,
      info: GraphQLResolveInfo,
    ) =>
      representations.map((representation) => {
        const { __typename } = representation;
        const resolve = resolveReferenceOf(info.schema, __typename);
        if (!resolve) return representation;
        const entity = resolve(representation, context, info);
        return entity instanceof Promise
          ? entity.then((settled) => typed(settled, __typename))
          : typed(entity, __typename);
      }),
  },
};

function resolveReferenceOf(schema: GraphQLSchema, typeName: string): ResolveReference | undefined {
  const type = schema.getType(typeName);
  if (!type) throw new Error(`There is no type ${typeName} to represent.`);
  const { apollo } = type.extensions as { apollo?: { subgraph?: { resolveReference?: ResolveReference } } };
  return apollo?.subgraph?.resolveReference;
}

/** Says of what type an entity is: rows do not know. */
function typed(entity: unknown, typeName: string): unknown {
  if (entity) (entity as { __typename?: string }).__typename = typeName;
  return entity;
}

import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';
import type { AccessPolicy } from './access-policy.ts';

/**
 * Returns the part of a schema that a caller may use: without fields that it sees in no row, without filters and orders
 * that it may not use, and without types that nothing of the rest leads to.
 */
export function visibleSchema(
  schema: GraphQLSchema,
  { denialOf, denialOfUse }: Pick<AccessPolicy, 'denialOf' | 'denialOfUse'>,
): GraphQLSchema {
  const isSeen = (coordinate: string) => {
    const denial = denialOf(coordinate);
    return !denial || denial.exempt !== undefined || denial.mask !== undefined;
  };
  const visible = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field, name, typeName) => (isSeen(`${typeName}.${name}`) ? field : null),
    [MapperKind.INPUT_OBJECT_FIELD]: (field, name, typeName) =>
      denialOfUse(`${typeName}.${name}`) ? null : field,
    [MapperKind.ENUM_VALUE]: (value, typeName, _schema, name) =>
      denialOfUse(`${typeName}.${name}`) ? null : value,
  });
  return pruneSchema(visible);
}

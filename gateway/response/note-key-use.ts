import {
  type DocumentNode,
  type GraphQLSchema,
  isIntrospectionType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { KeyUsage } from '../control/key-usage.ts';
import type { ResponseStep } from './response-step.ts';

/** Records the operation and fields that a partner uses its key for. */
export const noteKeyUse =
  (usage: KeyUsage): ResponseStep =>
  ({ contextValue: { caller }, document, operation, schema }) => {
    if (caller?.kind !== 'partner' || !document || !operation) return;
    const fields = fieldsOf(schema, document, operation);
    usage.note({ keyId: caller.keyId, operation: operation.name?.value, fields });
  };

/** Field sets by operation, found once: documents are cached between requests. */
const known = new WeakMap<OperationDefinitionNode, ReadonlySet<string>>();

function fieldsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<string> {
  let fields = known.get(operation);
  if (!fields) {
    fields = findFields(schema, document, operation);
    known.set(operation, fields);
  }
  return fields;
}

/** Returns every field that a document names, except in its other operations. */
function findFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
  const fields = new Set<string>();
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    OperationDefinition: (node) => (node === operation ? undefined : false),
    Field: ({ name }) => {
      const parent = types.getParentType();
      if (parent && !isIntrospectionType(parent) && !name.value.startsWith('__')) {
        fields.add(`${parent.name}.${name.value}`);
      }
    },
  });
  visit(document, visitor);
  return fields;
}

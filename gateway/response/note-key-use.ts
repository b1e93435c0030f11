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

/** Notes for which operation and fields a partner uses its key. */
export const noteKeyUse =
  (usage: KeyUsage): ResponseStep =>
  ({ contextValue: { caller }, document, operation, schema }) => {
    if (caller?.kind !== 'partner' || !document || !operation) return;
    const fields = fieldsOf(schema, document, operation);
    usage.note({ keyId: caller.keyId, operation: operation.name?.value, fields });
  };

/** Found once for each operation: documents are kept between requests. */
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

/** Every field that a document names, but for those of its other operations. */
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

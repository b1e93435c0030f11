import type { Caller } from '@wenshu/schema/caller.ts';
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

/** A valid operation that somebody asks. */
type UsedOperation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

/** Notes for which operation and fields somebody uses a key, where it is a partner. */
export type NoteKeyUse = (caller: Caller | undefined, used: UsedOperation) => void;

export const noteIn =
  (usage: KeyUsage): NoteKeyUse =>
  (caller, { schema, document, operation }) => {
    if (caller?.kind !== 'partner') return;
    const fields = fieldsOf(schema, document, operation);
    usage.note({ keyId: caller.keyId, operation: operation.name?.value, fields });
  };

/** Notes it for each answer. */
export const noteKeyUse =
  (note: NoteKeyUse): ResponseStep =>
  ({ contextValue: { caller }, document, operation, schema }) => {
    if (document && operation) note(caller, { schema, document, operation });
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

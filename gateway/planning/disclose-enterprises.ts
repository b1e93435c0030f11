import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isAbstractType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { EnterpriseDisclosure } from '../request/authorization.ts';
import { fieldsOf, inFragment } from './selections.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** Adds to each row the id of its enterprise, which the audit log needs even if the caller does not ask for it. */
export function discloseEnterprises(
  definitions: readonly Definition[],
  schema: GraphQLSchema,
  { pathOf }: EnterpriseDisclosure,
): readonly Definition[] {
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    SelectionSet: {
      leave(node) {
        const type = types.getParentType();
        if (!type) return undefined;
        const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
        const disclosure = possible.flatMap(({ name }) => {
          const path = pathOf(name);
          return path ? [inFragment(fieldsOf(path.join(' { ') + ' }'.repeat(path.length - 1)), name)] : [];
        });
        if (disclosure.length === 0) return undefined;
        const typename = isAbstractType(type) ? fieldsOf('__typename') : [];
        return { ...node, selections: [...node.selections, ...typename, ...disclosure] };
      },
    },
  });
  return definitions.map((definition) => visit(definition, visitor));
}

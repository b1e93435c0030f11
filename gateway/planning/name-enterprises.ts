import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isAbstractType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { EnterpriseNaming } from '../request/authorization.ts';
import { fieldsOf, inFragment } from './selections.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** Asks of each row for the id of the enterprise that it is about, whether the caller asks for it or not: for the audit log. */
export function nameEnterprises(
  definitions: readonly Definition[],
  schema: GraphQLSchema,
  { pathOf }: EnterpriseNaming,
): readonly Definition[] {
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    SelectionSet: {
      leave(node) {
        const type = types.getParentType();
        if (!type) return undefined;
        const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
        const naming = possible.flatMap(({ name }) => {
          const path = pathOf(name);
          return path ? [inFragment(fieldsOf(path.join(' { ') + ' }'.repeat(path.length - 1)), name)] : [];
        });
        if (naming.length === 0) return undefined;
        const typename = isAbstractType(type) ? fieldsOf('__typename') : [];
        return { ...node, selections: [...node.selections, ...typename, ...naming] };
      },
    },
  });
  return definitions.map((definition) => visit(definition, visitor));
}

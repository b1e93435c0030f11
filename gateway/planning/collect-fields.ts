import {
  type FieldNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from '../request/fragments.ts';

/** The fields of one object, by their names in its data. */
export type FieldsByKey = ReadonlyMap<string, readonly FieldNode[]>;

export const responseKeyOf = (field: FieldNode) => field.alias?.value ?? field.name.value;

/**
 * CollectFields() of the GraphQL specification, for operations whose `@skip` and `@include` are already decided.
 * https://spec.graphql.org/October2021/#CollectFields()
 */
export function collectFields(
  schema: GraphQLSchema,
  fragments: Fragments,
  type: GraphQLObjectType | GraphQLInterfaceType,
  selectionSets: readonly SelectionSetNode[],
): FieldsByKey {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();

  const applies = (condition: string | undefined) => {
    if (condition === undefined || condition === type.name) return true;
    const conditionType = schema.getType(condition);
    return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
  };

  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = responseKeyOf(selection);
        const same = fields.get(key);
        if (same) same.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection.typeCondition?.name.value)) collect(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment && applies(fragment.typeCondition.name.value)) collect(fragment.selectionSet);
      }
    }
  };

  selectionSets.forEach(collect);
  return fields;
}

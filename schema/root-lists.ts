import { type FieldDefinitionNode, type InputObjectTypeDefinitionNode, Kind } from 'graphql';
import { type ComposedTypes, namedType } from './composed-types.ts';

/** A list that a graph offers at its root, with the inputs that are its own. */
export type RootList = {
  /** Of the field of `Query`, as in `events`. */
  readonly name: string;
  /** The type of its rows, as in `Event`. */
  readonly rowType: string;
  /** Its filter input, as in `EventFilter`. */
  readonly filter: string;
  /** Its order input, as in `EventOrder`. */
  readonly order: string;
  /** The input that says what its groups are by, as in `EventGroupBy`. */
  readonly groupBy: string;
};

/** The lists at the root of a graph that can be filtered and ordered. Lists that share a filter are not told apart: they are left out. */
export function rootListsOf(types: ComposedTypes): readonly RootList[] {
  const found = [...types.fieldsOf('Query').values()].flatMap((field) => rootListOf(field, types) ?? []);
  return found.filter(({ filter }) => found.filter((other) => other.filter === filter).length === 1);
}

function rootListOf(field: FieldDefinitionNode, types: ComposedTypes): RootList | undefined {
  const nodes = types.fieldsOf(namedType(field.type)).get('nodes');
  const filter = inputOf(field, 'filter');
  const order = inputOf(field, 'orderBy');
  if (!nodes || !filter || !order) return undefined;
  const rowType = namedType(nodes.type);
  return { name: field.name.value, rowType, filter, order, groupBy: `${rowType}GroupBy` };
}

function inputOf(field: FieldDefinitionNode, argument: string): string | undefined {
  const type = field.arguments?.find(({ name }) => name.value === argument)?.type;
  return type && namedType(type.kind === Kind.NON_NULL_TYPE ? type.type : type);
}

/** An order or a group by something related says no field of the list itself: `field` may be left out. */
export const withOptionalField = (order: InputObjectTypeDefinitionNode): InputObjectTypeDefinitionNode => ({
  ...order,
  fields: (order.fields ?? []).map((field) =>
    field.name.value === 'field' && field.type.kind === Kind.NON_NULL_TYPE
      ? { ...field, type: field.type.type }
      : field,
  ),
});

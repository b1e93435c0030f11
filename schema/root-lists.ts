import { type FieldDefinitionNode, type InputObjectTypeDefinitionNode, Kind } from 'graphql';
import { type ComposedTypes, namedType } from './composed-types.ts';

/** A list at the root of the graph, with its own inputs. */
export type RootList = {
  /** Name of the field of `Query`, such as `events`. */
  readonly name: string;
  /** Type of its rows, such as `Event`. */
  readonly rowType: string;
  /** Filter input, such as `EventFilter`. */
  readonly filter: string;
  /** Order input, such as `EventOrder`. */
  readonly order: string;
  /** Input for its groups, such as `EventGroupBy`. */
  readonly groupBy: string;
};

/**
 * Returns the lists at the root of a graph that can be filtered and ordered. Lists that share one filter cannot be told apart, so they are
 * not included.
 */
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

/** Makes `field` optional, because an order or a group by a related row names no field of the list itself. */
export const withOptionalField = (order: InputObjectTypeDefinitionNode): InputObjectTypeDefinitionNode => ({
  ...order,
  fields: (order.fields ?? []).map((field) =>
    field.name.value === 'field' && field.type.kind === Kind.NON_NULL_TYPE
      ? { ...field, type: field.type.type }
      : field,
  ),
});

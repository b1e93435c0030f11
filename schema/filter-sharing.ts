import { isDeepStrictEqual } from 'node:util';
import type { FieldDefinitionNode } from 'graphql';
import { type ComposedTypes, namedType } from './composed-types.ts';
import type { Refuse } from './declared-sharing.ts';
import { type Sharing, shareClasses } from './sharing.ts';

/** A filter's field or an order, and the fields of the list's rows that it may tell, by name. */
type Condition = {
  readonly coordinate: string;
  readonly rowTypes: readonly string[];
  readonly tells: readonly string[];
};

/**
 * The classes of filters and orders: to use a field in one is to see it, so that each has the class of the field it is
 * named for, unless it has one of its own. Refuses one that has neither, and one that is freer than its field.
 */
export function filterSharing(
  declared: ReadonlyMap<string, Sharing>,
  types: ComposedTypes,
  refuse: Refuse,
): Map<string, Sharing> {
  const found = new Map<string, Sharing>();
  for (const condition of [...listFilters(types), ...listOrders(types)]) {
    const { coordinate, rowTypes, tells } = condition;
    const own = declared.get(coordinate);
    const field = tells.find((name) => rowTypes.every((type) => types.fieldsOf(type).has(name)));
    const told = rowTypes.map((type) => declared.get(`${type}.${field}`));
    const [first, ...others] = told;
    const derived = others.every((other) => isDeepStrictEqual(other, first)) ? first : undefined;
    const sharing = own ?? (derived && { ...derived, masked: false });
    if (!sharing) {
      // A field without a class is refused already.
      if (!field || others.length > 0) refuse(underivable(condition));
      continue;
    }
    if (own && told.some((of) => of && isFreer(own, of))) {
      refuse(
        `${coordinate} is freer than ${rowTypes.join(' and ')}.${field}, which it tells: ` +
          'drop its @sharing, or make it at least as strict, with the same owner.',
      );
    }
    found.set(coordinate, sharing);
  }
  return found;
}

const underivable = ({ coordinate, rowTypes, tells }: Condition) =>
  `${coordinate} has no sharing class, and cannot take that of ${rowTypes.join(' and ')}.${tells.join(' or ')}: ` +
  'write @sharing(class:, owner:) on it.';

const isFreer = (one: Sharing, other: Sharing) =>
  shareClasses.indexOf(one.class) < shareClasses.indexOf(other.class) ||
  (one.open && !other.open) ||
  one.owner !== other.owner;

/** `ParkFilter.operatorId` tells `operator`; `and`, `or` and `not` tell nothing themselves. */
function listFilters(types: ComposedTypes): Condition[] {
  return listUses(types, 'filter').flatMap(({ inputName, rowTypes }) =>
    (types.inputs.get(inputName)?.fields ?? [])
      .filter((field) => namedType(field.type) !== inputName)
      .map(({ name: { value: name } }) => ({
        coordinate: `${inputName}.${name}`,
        rowTypes,
        tells: fieldsTold(name),
      })),
  );
}

/** `EnterpriseOrderField.REGISTERED_CAPITAL` tells `registeredCapital`. */
function listOrders(types: ComposedTypes): Condition[] {
  return listUses(types, 'orderBy').flatMap(({ inputName, rowTypes }) => {
    const field = types.inputs.get(inputName)?.fields?.find(({ name }) => name.value === 'field');
    const enumName = field ? namedType(field.type) : '';
    return (types.enums.get(enumName)?.values ?? []).map(({ name: { value } }) => ({
      coordinate: `${enumName}.${value}`,
      rowTypes,
      tells: [camelCase(value)],
    }));
  });
}

/** The inputs that lists take as this argument, each with the types of the rows that they list. */
function listUses(types: ComposedTypes, argumentName: 'filter' | 'orderBy') {
  const rowTypes = new Map<string, Set<string>>();
  for (const field of types.outputs.flatMap((type) => type.fields ?? [])) {
    const argument = field.arguments?.find(({ name }) => name.value === argumentName);
    if (!argument) continue;
    const inputName = namedType(argument.type);
    rowTypes.set(inputName, (rowTypes.get(inputName) ?? new Set()).add(rowTypeOf(field, types)));
  }
  return [...rowTypes].map(([inputName, names]) => ({ inputName, rowTypes: [...names].sort() }));
}

/** What a list lists: the nodes of a connection, or what the field gives itself. */
function rowTypeOf({ type }: FieldDefinitionNode, types: ComposedTypes): string {
  const nodes = types.fieldsOf(namedType(type)).get('nodes');
  return namedType(nodes ? nodes.type : type);
}

/** The names of the field that a condition of this name may be about. */
export const fieldsTold = (name: string): readonly string[] =>
  name.endsWith('Id') ? [name, name.slice(0, -2)] : [name];

/** `REGISTERED_CAPITAL` as `registeredCapital`. */
export const camelCase = (value: string) =>
  value.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

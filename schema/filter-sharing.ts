import { isDeepStrictEqual } from 'node:util';
import type { FieldDefinitionNode } from 'graphql';
import { type ComposedTypes, namedType } from './composed-types.ts';
import type { Refuse } from './declared-sharing.ts';
import { type Sharing, shareClasses } from './sharing.ts';

/** A filter field or an order, and the fields of the list's rows that it may disclose, by name. */
type Condition = {
  readonly coordinate: string;
  readonly rowTypes: readonly string[];
  readonly discloses: readonly string[];
};

/**
 * Returns the classes of filters and orders. To use a field in one discloses the field, so each has the class of the field that it is
 * named after, unless it has its own. Refuses one that has neither, and one whose class is less strict than the field's.
 */
export function filterSharing(
  declared: ReadonlyMap<string, Sharing>,
  types: ComposedTypes,
  refuse: Refuse,
): Map<string, Sharing> {
  const found = new Map<string, Sharing>();
  for (const condition of [...listFilters(types), ...listOrders(types)]) {
    const { coordinate, rowTypes, discloses } = condition;
    const own = declared.get(coordinate);
    const field = discloses.find((name) => rowTypes.every((type) => types.fieldsOf(type).has(name)));
    const disclosed = rowTypes.map((type) => declared.get(`${type}.${field}`));
    const [first, ...others] = disclosed;
    const derived = others.every((other) => isDeepStrictEqual(other, first)) ? first : undefined;
    const sharing = own ?? (derived && { ...derived, masked: false });
    if (!sharing) {
      // A field without a class has been refused already.
      if (!field || others.length > 0) refuse(underivable(condition));
      continue;
    }
    if (own && disclosed.some((of) => of && isFreer(own, of))) {
      refuse(
        `${coordinate} is freer than ${rowTypes.join(' and ')}.${field}, which it discloses: ` +
          'drop its @sharing, or make it at least as strict, with the same owner.',
      );
    }
    found.set(coordinate, sharing);
  }
  return found;
}

const underivable = ({ coordinate, rowTypes, discloses }: Condition) =>
  `${coordinate} has no sharing class, and cannot take that of ${rowTypes.join(' and ')}.${discloses.join(' or ')}: ` +
  'write @sharing(class:, owner:) on it.';

const isFreer = (one: Sharing, other: Sharing) =>
  shareClasses.indexOf(one.class) < shareClasses.indexOf(other.class) ||
  (one.open && !other.open) ||
  one.owner !== other.owner;

/** Lists the fields of filters: `ParkFilter.operatorId` discloses `operator`; `and`, `or` and `not` disclose nothing themselves. */
function listFilters(types: ComposedTypes): Condition[] {
  return listUses(types, 'filter').flatMap(({ inputName, rowTypes }) =>
    (types.inputs.get(inputName)?.fields ?? [])
      .filter((field) => namedType(field.type) !== inputName)
      .map(({ name: { value: name } }) => ({
        coordinate: `${inputName}.${name}`,
        rowTypes,
        discloses: disclosedFields(name),
      })),
  );
}

/** Lists the orders: `EnterpriseOrderField.REGISTERED_CAPITAL` discloses `registeredCapital`. */
function listOrders(types: ComposedTypes): Condition[] {
  return listUses(types, 'orderBy').flatMap(({ inputName, rowTypes }) => {
    const field = types.inputs.get(inputName)?.fields?.find(({ name }) => name.value === 'field');
    const enumName = field ? namedType(field.type) : '';
    return (types.enums.get(enumName)?.values ?? []).map(({ name: { value } }) => ({
      coordinate: `${enumName}.${value}`,
      rowTypes,
      discloses: [camelCase(value)],
    }));
  });
}

/** Returns the inputs that lists take as this argument, each with the row types of those lists. */
export function listUses(types: ComposedTypes, argumentName: 'filter' | 'orderBy') {
  const rowTypes = new Map<string, Set<string>>();
  for (const field of types.outputs.flatMap((type) => type.fields ?? [])) {
    const argument = field.arguments?.find(({ name }) => name.value === argumentName);
    if (!argument) continue;
    const inputName = namedType(argument.type);
    rowTypes.set(inputName, (rowTypes.get(inputName) ?? new Set()).add(rowTypeOf(field, types)));
  }
  return [...rowTypes].map(([inputName, names]) => ({ inputName, rowTypes: [...names].sort() }));
}

/** Returns the row type of a list: the type of the connection's nodes, or the field's own type. */
function rowTypeOf({ type }: FieldDefinitionNode, types: ComposedTypes): string {
  const nodes = types.fieldsOf(namedType(type)).get('nodes');
  return namedType(nodes ? nodes.type : type);
}

/** Returns the possible names of the field that a condition of this name is about. */
export const disclosedFields = (name: string): readonly string[] =>
  name.endsWith('Id') ? [name, name.slice(0, -2)] : [name];

/** Converts `REGISTERED_CAPITAL` to `registeredCapital`. */
export const camelCase = (value: string) =>
  value.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

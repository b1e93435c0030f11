import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** The relations between the types of a graph that an access policy needs. */
export type GraphShape = {
  /** Whether a type only leads to other types and has no data of its own: a root, a connection or an edge. */
  isWrapper(typeName: string): boolean;
  /** The row type behind a type: for a connection the type that it lists, else the type itself. */
  rowTypeBehind(typeName: string): string;
  /** The row type of a filter, an order input or an enum of orders; undefined if it serves several row types. */
  rowTypeOfInput(inputName: string): string | undefined;
  /** The type of the argument `filter` of all lists of a type; undefined if they do not all take the same. */
  filterOf(typeName: string): GraphQLInputObjectType | undefined;
  /**
   * Coordinates of the fields that lead to objects of a type, directly or through connections, interfaces and unions.
   */
  leadersTo(typeName: string): readonly string[];
  /** Coordinates of the fields of an object type. */
  fieldsOf(typeName: string): readonly string[];
  /** Coordinates of the fields that show that an object exists: its `id`, or all fields if it has none. */
  identityOf(typeName: string): readonly string[];
  /** Whether the field at a coordinate is a number. */
  isNumber(coordinate: string): boolean;
  /** Non-null fields of an object whose values are objects, with the type of each. */
  heldBy(typeName: string): readonly { readonly field: string; readonly typeName: string }[];
  /** The row type that the field at a coordinate leads to. */
  rowTypeAt(coordinate: string): string | undefined;
  /** The row type of the list that the field at a coordinate leads to; undefined if it leads to no list. */
  listedAt(coordinate: string): string | undefined;
};

export function shapeOf(schema: GraphQLSchema): GraphShape {
  const objects = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__'),
  ) as readonly GraphQLObjectType[];
  const wrappers = wrappersOf(schema, objects);
  const rowTypeBehind = (typeName: string) => {
    const type = schema.getType(typeName);
    // The fields `node` and `nodes` of a root are no rows of a page.
    const isPage = isObjectType(type) && wrappers.has(typeName) && !isRoot(schema, type);
    const { nodes, node } = isPage ? type.getFields() : {};
    const rows = getNamedType((nodes ?? node)?.type);
    return rows?.name ?? typeName;
  };
  const typesBehind = (typeName: string) => {
    const type = schema.getType(typeName);
    return isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [typeName];
  };

  const rowTypes = new Map<string, Set<string>>();
  const leaders = new Map<string, Set<string>>();
  const targets = new Map<string, string>();
  const listed = new Map<string, string>();
  /** The filters of the lists of each type; undefined in a set stands for a list without a filter. */
  const filters = new Map<string, Set<GraphQLInputObjectType | undefined>>();
  for (const type of objects) {
    if (wrappers.has(type.name) && !isRoot(schema, type)) continue;
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type).name;
      const rowType = rowTypeBehind(target);
      targets.set(`${type.name}.${field.name}`, rowType);
      const aggregate = aggregatesOf(schema, target);
      const aggregated = aggregate ? [getNamedType(aggregate.type).name] : [];
      for (const each of [...typesBehind(rowType), ...aggregated]) {
        addTo(leaders, each, `${type.name}.${field.name}`);
      }
      if (rowType === target) continue;
      listed.set(`${type.name}.${field.name}`, rowType);
      for (const input of [...inputsOf(field), ...(aggregate ? inputsOfGroups(aggregate) : [])]) {
        addTo(rowTypes, input, rowType);
      }
      addTo(filters, rowType, filterOf(field));
    }
  }

  const numbers = new Set(
    objects.flatMap((type) =>
      fieldsOf(schema, type.name)
        .filter((field) => numberTypes.has(getNamedType(field.type).name))
        .map((field) => `${type.name}.${field.name}`),
    ),
  );
  const coordinatesOf = (typeName: string) =>
    fieldsOf(schema, typeName).map(({ name }) => `${typeName}.${name}`);

  return {
    isWrapper: (typeName) => wrappers.has(typeName),
    rowTypeBehind,
    rowTypeOfInput: (inputName) => single(rowTypes.get(inputName)),
    filterOf: (typeName) => single(filters.get(typeName)),
    leadersTo: (typeName) => [...(leaders.get(typeName) ?? [])],
    fieldsOf: coordinatesOf,
    identityOf(typeName) {
      const all = coordinatesOf(typeName);
      return all.includes(`${typeName}.id`) ? [`${typeName}.id`] : all;
    },
    isNumber: (coordinate) => numbers.has(coordinate),
    heldBy: (typeName) =>
      fieldsOf(schema, typeName).flatMap(({ name, args, type }) =>
        args.length === 0 && isNonNullType(type) && isObjectType(type.ofType)
          ? [{ field: name, typeName: type.ofType.name }]
          : [],
      ),
    rowTypeAt: (coordinate) => targets.get(coordinate),
    listedAt: (coordinate) => listed.get(coordinate),
  };
}

const numberTypes = new Set(['Int', 'Float', 'Decimal']);

function wrappersOf(schema: GraphQLSchema, objects: readonly GraphQLObjectType[]): ReadonlySet<string> {
  const names = new Set(['PageInfo']);
  for (const type of objects) {
    const fields = type.getFields();
    if (fields.nodes || fields.edges || (fields.node && fields.cursor) || isRoot(schema, type)) {
      names.add(type.name);
    }
  }
  return names;
}

function fieldsOf(schema: GraphQLSchema, typeName: string): readonly GraphQLField<unknown, unknown>[] {
  const type = schema.getType(typeName);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
}

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);

const argumentOf = (field: GraphQLField<unknown, unknown>, name: string) => {
  const type = getNamedType(field.args.find((arg) => arg.name === name)?.type);
  return isInputObjectType(type) ? type : undefined;
};

const filterOf = (field: GraphQLField<unknown, unknown>) => argumentOf(field, 'filter');

/** Returns the names of a field's filter, its order input and the enum of its orders. */
function inputsOf(field: GraphQLField<unknown, unknown>): string[] {
  const order = argumentOf(field, 'orderBy');
  const orders = getNamedType(order?.getFields().field?.type);
  return [filterOf(field)?.name ?? [], order?.name ?? [], isEnumType(orders) ? orders.name : []].flat();
}

/** Returns the field of a connection that aggregates its rows. */
function aggregatesOf(schema: GraphQLSchema, connection: string) {
  const type = schema.getType(connection);
  return isObjectType(type) ? type.getFields().aggregates : undefined;
}

/** Returns the names of the inputs of an aggregation and of the enum of its dimensions. */
function inputsOfGroups(aggregates: GraphQLField<unknown, unknown>): string[] {
  const [groupBy, ...others] = ['groupBy', 'having', 'orderBy'].map((name) => argumentOf(aggregates, name));
  const dimensions = getNamedType(groupBy?.getFields().field?.type);
  return [groupBy, ...others, dimensions].flatMap((type) => type?.name ?? []);
}

const single = <Value>(values: ReadonlySet<Value> | undefined) =>
  values?.size === 1 ? [...values][0] : undefined;

function addTo<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

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

/** How the types of a graph lie to each other, as far as rights need to know. */
export type GraphShape = {
  /** Whether a type only leads to others, as roots, connections and their edges do: it has nothing of its own to tell. */
  isWrapper(typeName: string): boolean;
  /** The type of the rows behind a type: of a connection what it lists, of another the type itself. */
  rowTypeBehind(typeName: string): string;
  /** The type of the rows that a filter, an order, or an enum of orders, is for; undefined where it is for several. */
  rowTypeOfInput(inputName: string): string | undefined;
  /** What lists of a type take as `filter`; undefined where they do not all take the same. */
  filterOf(typeName: string): GraphQLInputObjectType | undefined;
  /** Coordinates of the fields that lead to objects of a type, also by way of connections, interfaces and unions. */
  leadersTo(typeName: string): readonly string[];
  /** Coordinates of the fields of an object type. */
  fieldsOf(typeName: string): readonly string[];
  /** Of these, what tells that an object is there: its `id`, or any of them where it has none. */
  identityOf(typeName: string): readonly string[];
  /** Whether a field, by its coordinate, is a number. */
  isNumber(coordinate: string): boolean;
  /** Fields that an object cannot be without, of those that are objects themselves, with the type of each. */
  heldBy(typeName: string): readonly { readonly field: string; readonly typeName: string }[];
  /** The type of the rows that a field leads to, by its coordinate. */
  rowTypeAt(coordinate: string): string | undefined;
};

export function shapeOf(schema: GraphQLSchema): GraphShape {
  const objects = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__'),
  ) as readonly GraphQLObjectType[];
  const wrappers = wrappersOf(schema, objects);
  const rowTypeBehind = (typeName: string) => {
    const type = schema.getType(typeName);
    const { nodes, node } = isObjectType(type) && wrappers.has(typeName) ? type.getFields() : {};
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
  /** The filters of the lists of a type; undefined stands for a list that takes none. */
  const filters = new Map<string, Set<GraphQLInputObjectType | undefined>>();
  for (const type of objects) {
    if (wrappers.has(type.name) && !isRoot(schema, type)) continue;
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type).name;
      const rowType = rowTypeBehind(target);
      targets.set(`${type.name}.${field.name}`, rowType);
      const aggregate = aggregatesOf(schema, target);
      const told = aggregate ? [getNamedType(aggregate.type).name] : [];
      for (const each of [...typesBehind(rowType), ...told]) {
        addTo(leaders, each, `${type.name}.${field.name}`);
      }
      if (rowType === target) continue;
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
  type === schema.getQueryType() || type === schema.getMutationType();

const argumentOf = (field: GraphQLField<unknown, unknown>, name: string) => {
  const type = getNamedType(field.args.find((arg) => arg.name === name)?.type);
  return isInputObjectType(type) ? type : undefined;
};

const filterOf = (field: GraphQLField<unknown, unknown>) => argumentOf(field, 'filter');

/** The filter that a field takes, its order, and the enum of its orders. */
function inputsOf(field: GraphQLField<unknown, unknown>): string[] {
  const order = argumentOf(field, 'orderBy');
  const orders = getNamedType(order?.getFields().field?.type);
  return [filterOf(field)?.name ?? [], order?.name ?? [], isEnumType(orders) ? orders.name : []].flat();
}

/** The field of a connection that sums up its rows. */
function aggregatesOf(schema: GraphQLSchema, connection: string) {
  const type = schema.getType(connection);
  return isObjectType(type) ? type.getFields().aggregates : undefined;
}

/** What says how rows are summed up: the inputs, and the enum of what groups are by. */
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

import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Json } from '../lib/json.ts';
import type { ShownRows } from '../planning/operation.ts';
import { fieldsOf } from '../planning/selections.ts';
import type { RowsOfField } from '../planning/split-fetches.ts';
import type { RowRule } from '../request/denial.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { FetchedField, SelectionTree } from './fetch-document.ts';
import { type MergedData, readPath } from './merged-data.ts';

type Path = readonly FlattenNodePathSegment[];

/** A gate tests rows before anything is requested of them. A hidden row is not followed. */
export type Gate = {
  /** Place and rule of the gate. Gates with the same key are one. */
  readonly key: string;
  /** Path of field names to the tested objects. */
  readonly place: string;
  /** Fields that the test reads, as paths of names: `/payout/enterprise/region/code`. */
  readonly needs: readonly string[];
  isOpen(object: Json, mergedData: MergedData): boolean;
};

/** Gates before each segment of a path, and as last entry those before the objects at its end. */
export type GatesOnPath = readonly (readonly Gate[])[];

/** Gates of an operation with hidden rows or fields. */
export type Gates = {
  onPath(path: Path): GatesOnPath;
  /**
   * Returns the gate before objects at the end of a path, when all requested fields are shown for the same rows only.
   */
  beforeFields(path: Path, fields: readonly FetchedField[]): Gate | undefined;
  /**
   * Returns the gates before everything below the objects at the end of a path, also what no fetch of its own requests.
   */
  within(path: Path, tree: SelectionTree | undefined): readonly Gate[];
  /** Returns the place of the first rows on these paths that a field in `writes` tests; `''` for none. */
  servedAt(paths: readonly Path[], writes: ReadonlySet<string>): string;
  /** Distinguishes the row conditions of fields. */
  readonly rowsOfField: RowsOfField;
  /** Row filters that a subgraph receives with an operation; undefined for none. */
  filtersOf(operation: string): Readonly<Record<string, string>> | undefined;
};

export function createGates(shown: ShownRows, rootType: string, supergraph: Supergraph): Gates {
  const { publicSchema: schema } = supergraph;
  const step = stepBy(shown, supergraph);
  const gate = (
    place: string,
    types: readonly string[],
    ruleOf: (type: string) => RowRule | undefined,
  ): Gate | undefined => {
    const rules = new Map(
      possible(types, schema).flatMap((type) => {
        const rule = ruleOf(type);
        return rule ? [[type, rule] as const] : [];
      }),
    );
    return rules.size === 0 ? undefined : gateBy(rules, place, types);
  };
  const ofRows = (place: string, types: readonly string[]) => gate(place, types, shown.ofRows) ?? [];
  const ofField = (place: string, types: readonly string[], key: string) =>
    gate(place, types, (type) => shown.ofField(type, key)) ?? [];

  const onPath = (path: Path): GatesOnPath => {
    let place = '';
    let types: readonly string[] = [rootType];
    const gates = path.map((segment) => {
      if (segment === '@' || !('Field' in segment)) {
        types = step(types, segment);
        return [];
      }
      const here = [ofRows(place, types), ofField(place, types, segment.Field)].flat();
      types = step(types, segment);
      place += `/${segment.Field}`;
      return here;
    });
    return [...gates, [ofRows(place, types)].flat()];
  };

  const inTree = (
    place: string,
    types: readonly string[],
    tree: SelectionTree | undefined,
  ): readonly Gate[] =>
    [...(tree ?? [])].flatMap(([key, { below }]) => [
      ...[ofRows(place, types), ofField(place, types, key)].flat(),
      ...inTree(`${place}/${key}`, step(types, { Field: key }), below),
    ]);

  return {
    onPath,
    within: (path, tree) => inTree(placeOf(path), path.reduce(step, [rootType]), tree),
    servedAt(paths, writes) {
      const gates = paths.flatMap((path) => onPath(path).flat());
      const places = gates
        .filter(({ needs }) => needs.some((need) => writes.has(need)))
        .map(({ place }) => place);
      return places.toSorted((a, b) => a.length - b.length)[0] ?? '';
    },
    beforeFields(path, fields) {
      const place = placeOf(path);
      const gates = fields
        .filter(({ key }) => key !== '__typename')
        .map(({ on, key }) => (on === undefined ? [] : [ofField(place, [on], key)].flat())[0]);
      const [first] = gates;
      return gates.every((each) => each?.key === first?.key) ? first : undefined;
    },
    rowsOfField: (on, key) =>
      on === undefined
        ? ''
        : possible([on], schema)
            .map((type) => shown.ofField(type, key)?.key ?? '')
            .join('\n'),
    filtersOf: (operation) => filtersIn(operation, shown, schema),
  };
}

/** Creates the function that returns the types of the objects after a path segment. */
const stepBy =
  (shown: ShownRows, { publicSchema, typeOfField }: Supergraph) =>
  (types: readonly string[], segment: FlattenNodePathSegment): readonly string[] => {
    if (segment === '@') return types;
    if ('TypeCondition' in segment) return segment.TypeCondition;
    const name = shown.nameOf(segment.Field);
    const all = [...types, ...possible(types, publicSchema)];
    return [...new Set(all.flatMap((type) => typeOfField(type, name) ?? []))];
  };

const placeOf = (path: Path) =>
  path.map((each) => (typeof each === 'object' && 'Field' in each ? `/${each.Field}` : '')).join('');

function possible(types: readonly string[], schema: GraphQLSchema): readonly string[] {
  const all = types.flatMap((name) => {
    const type = schema.getType(name);
    return isAbstractType(type) ? schema.getPossibleTypes(type).map((each) => each.name) : [name];
  });
  return [...new Set(all)];
}

function gateBy(rules: ReadonlyMap<string, RowRule>, place: string, types: readonly string[]): Gate {
  const [only] = types;
  const one = types.length === 1 && only !== undefined ? rules.get(only) : undefined;
  const ruleOf = (object: Json, mergedData: MergedData) =>
    one ?? rules.get(String(mergedData.read(object, '__typename')));
  const needs = [...rules.values()].flatMap((rule) => pathsIn(fieldsOf(rule.needs), place));
  return {
    key: `${place} ${[...rules].map(([type, rule]) => `${type} ${rule.key}`).join(', ')}`,
    place,
    needs: [...new Set(needs)],
    isOpen: (object, mergedData) =>
      ruleOf(object, mergedData)?.includes((path) => readPath(path, object, mergedData)) ?? true,
  };
}

const pathsIn = (selections: readonly SelectionNode[], place: string): readonly string[] =>
  selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    const here = `${place}/${selection.name.value}`;
    return selection.selectionSet ? pathsIn(selection.selectionSet.selections, here) : [here];
  });

/**
 * Selects the filters of the types and fields that a subgraph operation names. A field that a row rule reads has no
 * filter of its own: the gateway tests the rows by it, and removes it from the answer.
 */
function filtersIn(
  operation: string,
  shown: ShownRows,
  schema: GraphQLSchema,
): Readonly<Record<string, string>> | undefined {
  const ofRows = new Map<string, RowRule>();
  const ofFields = new Map<string, RowRule>();
  const read = new Set<string>();
  const note = (rules: Map<string, RowRule>, name: string, typeName: string, rule: RowRule | undefined) => {
    if (!rule || rules.has(name)) return;
    rules.set(name, rule);
    for (const coordinate of coordinatesIn(fieldsOf(rule.needs), typeName, schema)) read.add(coordinate);
  };
  const noteRows = (types: readonly string[]) => {
    for (const type of possible(types, schema)) note(ofRows, type, type, shown.ofRows(type));
  };
  const types = new TypeInfo(schema);
  const named = (type: { readonly name?: string } | null | undefined) => (type?.name ? [type.name] : []);
  visit(
    parse(operation, { noLocation: true }),
    visitWithTypeInfo(types, {
      InlineFragment: ({ typeCondition }) => noteRows(typeCondition ? [typeCondition.name.value] : []),
      FragmentDefinition: ({ typeCondition }) => noteRows([typeCondition.name.value]),
      SelectionSet: () => noteRows(named(types.getParentType())),
      Field({ name }) {
        // Counts of a list that its subgraph makes depend on the rows, also where none is read.
        const isFiltered = types.getFieldDef()?.args.some((each) => each.name === 'filter');
        if (!isFiltered) noteRows(named(rowTypeIn(types.getType())));
        for (const parent of possible(named(types.getParentType()), schema)) {
          note(ofFields, `${parent}.${name.value}`, parent, shown.ofField(parent, name.value));
        }
      },
    }),
  );
  for (const type of changedIn(operation, schema)) {
    const rule = ofRows.has(type) ? undefined : shown.ofRows(type);
    if (rule) ofRows.set(type, rule);
  }
  const filters = [...ofRows, ...[...ofFields].filter(([coordinate]) => !read.has(coordinate))].flatMap(
    ([name, { lookup }]) => (lookup === undefined ? [] : [[name, lookup] as const]),
  );
  return filters.length > 0 ? Object.fromEntries(filters) : undefined;
}

/**
 * Returns the types of the rows that a mutation changes, and of those beside them, which it may have to look up. What the
 * caller selects of them does not matter: a change of a hidden row is refused as if there were no such row.
 */
function changedIn(operation: string, schema: GraphQLSchema): ReadonlySet<string> {
  const found = new Set<string>();
  const fields = schema.getMutationType()?.getFields() ?? {};
  for (const definition of parse(operation, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'mutation') continue;
    for (const selection of definition.selectionSet.selections) {
      const field = selection.kind === Kind.FIELD ? fields[selection.name.value] : undefined;
      const near = field ? objectsIn([getNamedType(field.type).name], schema) : [];
      for (const type of [...near, ...objectsIn(near, schema)]) found.add(type);
    }
  }
  return found;
}

/** Returns the object types to which fields of these types lead. */
const objectsIn = (types: readonly string[], schema: GraphQLSchema): readonly string[] => {
  const fields = possible(types, schema).flatMap((name) => {
    const type = schema.getType(name);
    return isObjectType(type) ? Object.values(type.getFields()) : [];
  });
  return possible(
    fields.map(({ type }) => getNamedType(type).name),
    schema,
  );
};

/** Returns the type of the rows of a page; undefined for any other type. */
function rowTypeIn(type: GraphQLOutputType | null | undefined): GraphQLNamedType | undefined {
  const page = getNamedType(type);
  return isObjectType(page) ? getNamedType(page.getFields().nodes?.type) : undefined;
}

/** Returns the coordinates of all fields in a selection on a type. */
function coordinatesIn(
  selections: readonly SelectionNode[],
  typeName: string,
  schema: GraphQLSchema,
): readonly string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return [];
  return selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    const { name, selectionSet } = selection;
    const below = getNamedType(type.getFields()[name.value]?.type)?.name;
    return [
      `${typeName}.${name.value}`,
      ...(selectionSet && below ? coordinatesIn(selectionSet.selections, below, schema) : []),
    ];
  });
}

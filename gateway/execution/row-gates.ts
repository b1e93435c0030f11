import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import {
  type GraphQLSchema,
  isAbstractType,
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
import type { RowRule } from '../request/authorization.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { FetchedField, SelectionTree } from './fetch-document.ts';
import { type MergedData, readPath } from './merged-data.ts';

type Path = readonly FlattenNodePathSegment[];

/** Stands before what is asked of a row: a row that is hidden is not followed. */
export type Gate = {
  /** Where it stands, and which rows it lets through: gates with one key are one. */
  readonly key: string;
  /** The path of field names at which the objects are that it tests. */
  readonly place: string;
  /** What it tests rows by, as paths of field names: `/payout/enterprise/region/code`. */
  readonly needs: readonly string[];
  isOpen(object: Json, mergedData: MergedData): boolean;
};

/** Those before each segment of a path, and, last, before the objects at its end. */
export type GatesOnPath = readonly (readonly Gate[])[];

/** The gates of an operation of which a part may not be seen. */
export type Gates = {
  onPath(path: Path): GatesOnPath;
  /** Before the objects at the end of a path, where all that is asked of them is shown of the same rows only. */
  beforeFields(path: Path, fields: readonly FetchedField[]): Gate | undefined;
  /** Before all that stands below the objects at the end of a path, whether it is asked for by a fetch of its own or not. */
  within(path: Path, tree: SelectionTree | undefined): readonly Gate[];
  /** Where the first rows on a path are that something of this is tested by; `''` where none are. */
  servedAt(paths: readonly Path[], writes: ReadonlySet<string>): string;
  /** Tells apart by which rows a field is shown of. */
  readonly rowsOfField: RowsOfField;
  /** What a subgraph is told of the rows that it looks up for an operation; undefined where that is nothing. */
  filtersOf(operation: string): Readonly<Record<string, string>> | undefined;
};

export function createGates(shown: ShownRows, rootType: string, supergraph: Supergraph): Gates {
  const { publicSchema: schema, typeOfField } = supergraph;

  /** The types of the objects at a place. */
  const step = (types: readonly string[], segment: FlattenNodePathSegment): readonly string[] => {
    if (segment === '@') return types;
    if ('TypeCondition' in segment) return segment.TypeCondition;
    const name = shown.nameOf(segment.Field);
    const found = [...types, ...possible(types, schema)].flatMap((type) => typeOfField(type, name) ?? []);
    return [...new Set(found)];
  };
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

/** Of the types and fields that an operation for a subgraph names. */
function filtersIn(
  operation: string,
  shown: ShownRows,
  schema: GraphQLSchema,
): Readonly<Record<string, string>> | undefined {
  const filters = new Map<string, string>();
  const add = (name: string, rule: RowRule | undefined) => {
    if (rule?.lookup !== undefined) filters.set(name, rule.lookup);
  };
  const addRows = (types: readonly string[]) => {
    for (const type of possible(types, schema)) add(type, shown.ofRows(type));
  };
  const types = new TypeInfo(schema);
  const named = (type: { readonly name?: string } | null | undefined) => (type?.name ? [type.name] : []);
  visit(
    parse(operation, { noLocation: true }),
    visitWithTypeInfo(types, {
      InlineFragment: ({ typeCondition }) => addRows(typeCondition ? [typeCondition.name.value] : []),
      FragmentDefinition: ({ typeCondition }) => addRows([typeCondition.name.value]),
      SelectionSet: () => addRows(named(types.getParentType())),
      Field({ name }) {
        for (const parent of possible(named(types.getParentType()), schema)) {
          add(`${parent}.${name.value}`, shown.ofField(parent, name.value));
        }
      },
    }),
  );
  return filters.size > 0 ? Object.fromEntries(filters) : undefined;
}

import type { Department } from '@wenshu/schema/caller.ts';
import {
  type FieldNode,
  type GraphQLError,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLUnionType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import { isObject, type Json, type ResponsePath } from '../lib/json.ts';
import { collectFields, type FieldsByKey } from '../planning/collect-fields.ts';
import { placeholder } from '../planning/empty-selection.ts';
import type { PlannedOperation } from '../planning/operation.ts';
import type { Denial, RowDenial } from '../request/authorization.ts';
import { ExecutionError } from '../request/errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { withPath } from './error-paths.ts';
import { type Layers, readPath } from './merged-data.ts';
import { placesBeside } from './reindex-paths.ts';
import type { Run } from './run.ts';

/**
 * Writes the answer's `data` as JSON text out of what the subgraphs answered: the
 * fields asked for, in their order, under the caller's names, and nulls where the
 * GraphQL specification wants them. A null that no error explains yet adds one.
 * https://spec.graphql.org/October2021/#sec-Executing-Selection-Sets
 */
export type Serialize = (
  run: Pick<Run, 'data' | 'layers' | 'rows' | 'told' | 'denied'>,
  errors: GraphQLError[],
) => string;

/**
 * `isEntityAt` says of a path of field names (no list positions) whether entities were
 * fetched there. What such an entity holds can stand in many places of the data as the
 * same object; it is written once, and its text used in all of them.
 */
export function compileSerializer(
  operation: PlannedOperation,
  supergraph: Supergraph,
  isEntityAt: (path: string) => boolean,
): Serialize {
  const { publicSchema: schema } = supergraph;
  const rootType = schema.getRootType(operation.definition.operation);
  if (!rootType) throw new Error(`The graph has no ${operation.definition.operation}.`);
  const write = compiler(operation, supergraph, isEntityAt).object(rootType, [operation.definition], '');
  return ({ data, layers, rows, told, denied }, errors) => {
    const state: State = { layers, rows, told, gaps: [], written: new Map() };
    const text = write(data, state) ?? 'null';
    if (state.gaps.length > 0) {
      const { true: rows = [], false: gaps = [] } = Object.groupBy(
        state.gaps,
        ({ isLeftOut }) => `${isLeftOut ?? false}`,
      );
      const placeOf = placesBeside(rows.map(({ reversedPath }) => reversedPath.toReversed()));
      if (rows.length > 0) move(errors, placeOf);
      explain(gaps, errors, placeOf, denied);
    }
    return text;
  };
}

/**
 * A null that breaks a non-null type, a value that does not fit, or what the caller may not see.
 * Its path is known from the inside out, with positions as the data has them.
 */
type Gap = {
  readonly message: string;
  readonly denial?: Denial;
  /** Whether a row was left out here, of which nothing is told. */
  readonly isLeftOut?: true;
  readonly reversedPath: (string | number)[];
};

type State = {
  readonly layers: Layers;
  readonly rows: Run['rows'];
  readonly told: Run['told'];
  readonly gaps: Gap[];
  /** The text of values that can stand in many places, by the writer and the value. */
  readonly written: Map<Write, Map<unknown, string>>;
};

/** Writes one value that is not null. Undefined: there is none, and its place is null for a reason that is known. */
type Write = (value: unknown, state: State) => string | undefined;

type Field = {
  /** Its name in the data. */
  readonly source: string;
  /** Its name in the answer. */
  readonly key: string;
  /** `{"key":` of the first field, `,"key":` of the others. */
  readonly head: string;
  readonly write: Write;
  /** What `__typename` says. */
  readonly constant: string | undefined;
  /** For `Cannot return null for non-nullable field Park.name.` */
  readonly nonNull: string | undefined;
  /** Why the caller does not see it as it is, which each place is told. */
  readonly denial?: Denial | undefined;
  /** Why it is null where it holds a row that is left out. */
  readonly leftOut: LeftOut | undefined;
  /** The owner of a field that is not for everybody, where that is of interest. */
  readonly ownerTelling: Department | undefined;
};

/** Why a value is no row that the caller may see; undefined where it is one. */
type LeftOut = (value: unknown, state: State) => RowDenial | undefined;

function compiler(
  { fragments, responseKeys, denialOf, denialOfSelection, rowDenialOf, naming }: PlannedOperation,
  { publicSchema: schema, plainKeysOf }: Supergraph,
  isEntityAt: (path: string) => boolean,
) {
  type Nodes = readonly { selectionSet?: FieldNode['selectionSet'] }[];

  /** Fields of an object type are compiled when its first object comes by. */
  function object(
    type: GraphQLObjectType | GraphQLInterfaceType,
    nodes: Nodes,
    path: string,
    /** Whose data, that are not for everybody, led here. */
    ledBy?: Department,
  ): Write {
    const isEntity = plainKeysOf(type.name).length > 0;
    const toEnterprise = naming?.pathOf(type.name);
    let fields: readonly Field[] | undefined;
    let tellers: Tellers | undefined;
    const write: Write = (value, state) => {
      if (!isObject(value)) return mismatch(state, `an object of type ${type.name}`);
      fields ??= compileFields(type, nodes, path, ledBy);
      if (isEntity) state.rows?.set(type.name, (state.rows.get(type.name) ?? 0) + 1);
      if (toEnterprise) {
        tellers ??= tellersIn(fields, ledBy);
        noteEnterprise(toEnterprise, tellers, value, state);
      }
      return writeObject(fields, value, state);
    };
    return isEntityAt(path) ? once(write) : write;
  }

  function abstract(
    type: GraphQLInterfaceType | GraphQLUnionType,
    nodes: readonly FieldNode[],
    path: string,
    ledBy: Department | undefined,
  ): Write {
    const writeByType = new Map<unknown, Write>();
    const writeOf = (name: unknown) => {
      const runtimeType = schema.getType(String(name));
      if (!isObjectType(runtimeType) && !(isInterfaceType(runtimeType) && runtimeType === type))
        return undefined;
      const write = object(runtimeType, nodes, path, ledBy);
      writeByType.set(name, write);
      return write;
    };
    return (value, state) => {
      // Where only fields of the interface are asked for, a plan may not ask what the object is.
      const name = (isObject(value) && state.layers.read(value, '__typename')) || type.name;
      const write = writeByType.get(name) ?? writeOf(name);
      return write ? write(value, state) : mismatch(state, `an object of type ${type.name}`);
    };
  }

  function compileFields(
    type: GraphQLObjectType | GraphQLInterfaceType,
    nodes: Nodes,
    path: string,
    ledBy: Department | undefined,
  ): readonly Field[] {
    const selectionSets = nodes.flatMap((node) => node.selectionSet ?? []);
    const entries = [...entriesOf(collectFields(schema, fragments, type, selectionSets))];
    const holdsShared = isEntityAt(path);
    return entries.map(([source, name, allNodes], i) => {
      const key = responseKeys.get(source) ?? source;
      const named = { source, key, head: `${i === 0 ? '{' : ','}${JSON.stringify(key)}:` };
      if (name === '__typename') return { ...named, ...typenameField(type) };
      const field = metaFields.get(name) ?? type.getFields()[name];
      if (!field) throw new Error(`There is no field ${type.name}.${name}.`);
      const coordinate = `${type.name}.${name}`;
      const nonNull = isNonNullType(field.type) ? coordinate : undefined;
      const here = `${path}/${source}`;
      // A field that may not be seen through an interface may be seen of this type.
      const seenNodes = allNodes.filter((node) => !denialOfSelection(node));
      const fieldNodes = seenNodes.length > 0 ? seenNodes : allNodes;
      const denial =
        fieldNodes.map(denialOfSelection).find((each) => each !== undefined) ??
        denialOn(type, name, source, here);
      const ownerTelling = naming?.ownerTelling(coordinate);
      const write = writer(field.type, fieldNodes, coordinate, here, ownerTelling ?? ledBy);
      return {
        ...named,
        write: holdsShared && isComposite(fieldNodes) ? once(write) : write,
        constant: undefined,
        nonNull,
        denial,
        leftOut: isListType(getNullableType(field.type)) ? undefined : leftOutOf(field.type),
        ownerTelling,
      };
    });
  }

  /** Where it is not known which type is behind an interface, all that could be are denied, or none. */
  const denialOn = (
    type: GraphQLObjectType | GraphQLInterfaceType,
    name: string,
    key: string,
    path: string,
  ) =>
    (isInterfaceType(type) ? schema.getPossibleTypes(type) : [type])
      .map((each) => denialOf(each.name, name, key, path))
      .find((denial) => denial !== undefined);

  function leftOutOf(output: GraphQLOutputType): LeftOut | undefined {
    const type = getNamedType(output);
    if (!isCompositeType(type)) return undefined;
    const denials = new Map(
      (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]).flatMap(({ name }) => {
        const denial = rowDenialOf(name);
        return denial ? [[name, denial] as const] : [];
      }),
    );
    if (denials.size === 0) return undefined;
    return (value, { layers }) => {
      if (!isObject(value)) return undefined;
      const name = isAbstractType(type) ? layers.read(value, '__typename') : type.name;
      const denial = denials.get(String(name));
      return denial && !isExempt(denial, value, layers) ? denial : undefined;
    };
  }

  function writer(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    coordinate: string,
    path: string,
    ledBy: Department | undefined,
  ): Write {
    if (isNonNullType(type)) return writer(type.ofType, nodes, coordinate, path, ledBy);
    if (isListType(type)) {
      const nonNull = isNonNullType(type.ofType) ? coordinate : undefined;
      const leftOut = isListType(getNullableType(type.ofType)) ? undefined : leftOutOf(type.ofType);
      return list(writer(type.ofType, nodes, coordinate, path, ledBy), nonNull, leftOut);
    }
    if (isEnumType(type)) {
      const texts = new Map<unknown, string>(
        type.getValues().map(({ name }) => [name, JSON.stringify(name)]),
      );
      return (value, state) => texts.get(value) ?? mismatch(state, `a value of enum ${type.name}`);
    }
    if (isLeafType(type)) return writeJson;
    return isObjectType(type) ? object(type, nodes, path, ledBy) : abstract(type, nodes, path, ledBy);
  }

  return { object };
}

/** What an object is, is known from its type; what only passes for an interface, is not. */
const typenameField = (
  type: GraphQLNamedType,
): Pick<Field, 'write' | 'constant' | 'nonNull' | 'leftOut' | 'ownerTelling'> => ({
  write: (_, state) => mismatch(state, `the type of an object behind ${type.name}`),
  constant: isObjectType(type) ? JSON.stringify(type.name) : undefined,
  nonNull: `${type.name}.__typename`,
  leftOut: undefined,
  ownerTelling: undefined,
});

const metaFields = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

const isComposite = (nodes: readonly FieldNode[]) => nodes.some((node) => node.selectionSet !== undefined);

/** Writes each value once in a request; a value with gaps is written anew, because each place needs its own errors. */
function once(write: Write): Write {
  return (value, state) => {
    let texts = state.written.get(write);
    if (!texts) {
      texts = new Map();
      state.written.set(write, texts);
    }
    const one = isObject(value) ? state.layers.representative(value) : value;
    const known = texts.get(one);
    if (known !== undefined) return known;
    const gapsBefore = state.gaps.length;
    const text = write(one, state);
    if (text !== undefined && state.gaps.length === gapsBefore) texts.set(one, text);
    return text;
  };
}

function writeObject(fields: readonly Field[], from: Json, state: State): string | undefined {
  const { gaps, layers } = state;
  let text = '';
  for (const { source, key, head, write, constant, nonNull, denial, leftOut } of fields) {
    let part = constant;
    if (part === undefined) {
      const value = layers.read(from, source);
      const gapsBefore = gaps.length;
      const rowDenial = leftOut?.(value, state);
      if (denial && !isExempt(denial, from, layers)) {
        part = writeDenied(denial, value, state) ?? (nonNull === undefined ? 'null' : undefined);
      } else if (rowDenial) {
        part = nonNull === undefined ? writeLeftOut(state) : writeDenied(rowDenial, null, state);
      } else if (value === null || value === undefined) part = writeNull(nonNull, state);
      else part = write(value, state) ?? (nonNull === undefined ? 'null' : undefined);
      if (gaps.length > gapsBefore) placeGaps(gaps, gapsBefore, key);
      if (part === undefined) return undefined;
    }
    text += head + part;
  }
  return text === '' ? '{}' : `${text}}`;
}

const list =
  (write: Write, nonNull: string | undefined, leftOut: LeftOut | undefined): Write =>
  (value, state) => {
    if (!Array.isArray(value)) return mismatch(state, 'a list');
    const { gaps } = state;
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      const item = value[index];
      if (leftOut?.(item, state)) {
        gaps.push({ message: '', isLeftOut: true, reversedPath: [index] });
        continue;
      }
      const gapsBefore = gaps.length;
      const part =
        item === null || item === undefined
          ? writeNull(nonNull, state)
          : (write(item, state) ?? (nonNull === undefined ? 'null' : undefined));
      if (gaps.length > gapsBefore) placeGaps(gaps, gapsBefore, index);
      if (part === undefined) return undefined;
      text += text === '[' ? part : `,${part}`;
    }
    return `${text}]`;
  };

const isExempt = ({ exempt }: Denial, row: Json, layers: Layers): boolean =>
  exempt?.includes((path) => readPath(path, row, layers)) ?? false;

/** Whose data, that are not for everybody, a row shows: of each such row, and of those rows of which a field is not denied. */
type Tellers = { readonly always: readonly Department[]; readonly ifShown: readonly Field[] };

function tellersIn(fields: readonly Field[], ledBy: Department | undefined): Tellers {
  const always = fields.flatMap(({ ownerTelling, denial }) => (denial ? [] : (ownerTelling ?? [])));
  return {
    always: [...new Set(ledBy ? [ledBy, ...always] : always)],
    ifShown: fields.filter(({ ownerTelling, denial }) => ownerTelling && denial),
  };
}

/** Names the enterprise that a row is about, for those whose data tell of it. */
function noteEnterprise(
  path: readonly string[],
  { always, ifShown }: Tellers,
  row: Json,
  { layers, told }: State,
): void {
  if (!told) return;
  const shown = ifShown.flatMap(({ ownerTelling, denial }) =>
    ownerTelling && denial && isExempt(denial, row, layers) ? [ownerTelling] : [],
  );
  const owners = shown.length === 0 ? always : [...new Set([...always, ...shown])];
  if (owners.length === 0) return;
  const id = readPath(path, row, layers);
  if (typeof id === 'string') told.add(id, owners);
}

/** What the owner gives in place of a value; undefined for null. */
function writeDenied(denial: Denial, value: unknown, { gaps }: State): string | undefined {
  gaps.push({ message: denial.message, denial, reversedPath: [] });
  return denial.mask && value != null ? writeJson(denial.mask(value)) : undefined;
}

function writeLeftOut({ gaps }: State): string {
  gaps.push({ message: '', isLeftOut: true, reversedPath: [] });
  return 'null';
}

/** Undefined where a null breaks a non-null type: then the parent becomes null. */
function writeNull(nonNull: string | undefined, { gaps }: State): string | undefined {
  if (nonNull === undefined) return 'null';
  gaps.push({ message: `Cannot return null for non-nullable field ${nonNull}.`, reversedPath: [] });
  return undefined;
}

function mismatch({ gaps }: State, expected: string): undefined {
  gaps.push({
    message: `Expected ${expected}, but a subgraph answered with something else.`,
    reversedPath: [],
  });
}

function placeGaps(gaps: readonly Gap[], from: number, segment: string | number): void {
  for (let i = from; i < gaps.length; i++) gaps[i]?.reversedPath.push(segment);
}

/** All but the characters that JSON writes as they are: quotes, backslashes, control characters, surrogates. */
const special = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function writeJson(value: unknown): string {
  if (typeof value === 'string') return special.test(value) ? JSON.stringify(value) : `"${value}"`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return JSON.stringify(value);
}

type PlaceOf = ReturnType<typeof placesBeside>;

/** A field that is denied is denied in each row: more of them tell nothing new. Each field is told of at least once. */
const denialsToldOfField = 100;

/** So many of all fields; then each is told of once. */
const denialsTold = 1_000;

/** Says of each place of a denied field, named without its positions in lists, whether it is told of. */
function chooseDenials(): (field: string) => boolean {
  const ofField = new Map<string, number>();
  let told = 0;
  return (field) => {
    const count = ofField.get(field) ?? 0;
    if (count >= denialsToldOfField || (count > 0 && told >= denialsTold)) return false;
    ofField.set(field, count + 1);
    told++;
    return true;
  };
}

/** Puts errors where they lie in the answer, but for those in rows that are left out. */
function move(errors: GraphQLError[], placeOf: PlaceOf): void {
  const moved = errors.flatMap((error) => {
    const place = placeOf(error.path ?? []);
    return place ? [withPath(error, place)] : [];
  });
  errors.splice(0, errors.length, ...moved);
}

/** Adds an error for each gap, unless one at, above or below its place already says why. */
function explain(
  gaps: readonly Gap[],
  errors: GraphQLError[],
  placeOf: PlaceOf,
  denied: Run['denied'],
): void {
  const told = new Set<string>();
  /** Paths above an error. */
  const above = new Set<string>();
  const tell = (path: ResponsePath) => {
    told.add(JSON.stringify(path));
    for (let length = 0; length < path.length; length++) above.add(JSON.stringify(path.slice(0, length)));
  };
  for (const error of errors) tell(error.path ?? []);
  const isTold = chooseDenials();
  for (const { message, denial, reversedPath } of gaps) {
    const path = placeOf(reversedPath.toReversed());
    if (!path) continue;
    if (denial) {
      const field = path.filter((segment) => typeof segment === 'string').join('.');
      denied?.add(field);
      if (isTold(field)) errors.push(new ExecutionError(denial.code, message, path, denial.details));
      tell(path);
      continue;
    }
    const isExplained =
      above.has(JSON.stringify(path)) ||
      Array.from({ length: path.length + 1 }, (_, length) => path.slice(0, length)).some((part) =>
        told.has(JSON.stringify(part)),
      );
    if (isExplained) continue;
    errors.push(new ExecutionError('INTERNAL_SERVER_ERROR', message, path));
    tell(path);
  }
}

function* entriesOf(fields: FieldsByKey) {
  for (const [source, nodes] of fields) {
    const [first] = nodes;
    if (first && source !== placeholder) yield [source, first.name.value, nodes] as const;
  }
}

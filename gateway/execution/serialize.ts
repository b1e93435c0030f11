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
import { isObject } from '../lib/json.ts';
import { collectFields, type FieldsByKey } from '../planning/collect-fields.ts';
import { placeholder } from '../planning/empty-selection.ts';
import type { PlannedOperation } from '../planning/operation.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type DisclosedOwners, disclosedOwnersIn, noteEnterprise } from './disclose.ts';
import { settleGaps } from './gaps.ts';
import type { Run } from './run.ts';
import {
  type Field,
  type HiddenRow,
  isExempt,
  mismatch,
  once,
  type State,
  type Write,
  writeJson,
  writeList,
  writeObject,
} from './writers.ts';

/**
 * Writes the answer's `data` as JSON: the requested fields in their order, under the caller's names, with nulls as the
 * GraphQL specification defines them. A null that no error explains adds one.
 * https://spec.graphql.org/October2021/#sec-Executing-Selection-Sets
 */
export type Serialize = (
  run: Pick<Run, 'data' | 'mergedData' | 'rows' | 'disclosed' | 'denied'>,
  errors: GraphQLError[],
) => string;

/**
 * Compiles the serializer. `isEntityAt` says whether entities were fetched at a path of field names without list
 * positions. Such an entity can occur at many places as the same object; its text is written once and reused (bench
 * case `wide`).
 */
export function compileSerializer(
  operation: PlannedOperation,
  supergraph: Supergraph,
  isEntityAt: (path: string) => boolean,
): Serialize {
  const { publicSchema: schema } = supergraph;
  const rootType = schema.getRootType(operation.definition.operation);
  if (!rootType) throw new Error(`The graph has no ${operation.definition.operation}.`);
  const write = new WriterCompiler(operation, supergraph, isEntityAt).object(
    rootType,
    [operation.definition],
    '',
  );
  return ({ data, mergedData, rows, disclosed, denied }, errors) => {
    const state: State = { mergedData, rows, disclosed, gaps: [], written: new Map() };
    const text = write(data, state) ?? 'null';
    if (state.gaps.length > 0) settleGaps(state.gaps, errors, denied);
    return text;
  };
}

type Nodes = readonly { selectionSet?: FieldNode['selectionSet'] }[];

/** Compiles writers of values from types and selections. */
class WriterCompiler {
  readonly #operation: PlannedOperation;
  readonly #supergraph: Supergraph;
  readonly #isEntityAt: (path: string) => boolean;

  constructor(operation: PlannedOperation, supergraph: Supergraph, isEntityAt: (path: string) => boolean) {
    this.#operation = operation;
    this.#supergraph = supergraph;
    this.#isEntityAt = isEntityAt;
  }

  /** Returns the writer of an object type. Its fields are compiled when its first object is written. */
  object(
    type: GraphQLObjectType | GraphQLInterfaceType,
    nodes: Nodes,
    path: string,
    /** Department whose non-public data led here. */
    ledBy?: Department,
  ): Write {
    const isEntity = this.#supergraph.plainKeysOf(type.name).length > 0;
    const toEnterprise = this.#operation.disclosure?.pathOf(type.name);
    let fields: readonly Field[] | undefined;
    let owners: DisclosedOwners | undefined;
    const write: Write = (value, state) => {
      if (!isObject(value)) return mismatch(state, `an object of type ${type.name}`);
      fields ??= this.#compileFields(type, nodes, path, ledBy);
      if (isEntity) state.rows?.set(type.name, (state.rows.get(type.name) ?? 0) + 1);
      if (toEnterprise) {
        owners ??= disclosedOwnersIn(fields, ledBy);
        noteEnterprise(toEnterprise, owners, value, state);
      }
      return writeObject(fields, value, state);
    };
    return this.#isEntityAt(path) ? once(write) : write;
  }

  #abstract(
    type: GraphQLInterfaceType | GraphQLUnionType,
    nodes: readonly FieldNode[],
    path: string,
    ledBy: Department | undefined,
  ): Write {
    const writeByType = new Map<unknown, Write>();
    const writeOf = (name: unknown) => {
      const runtimeType = this.#supergraph.publicSchema.getType(String(name));
      if (!isObjectType(runtimeType) && !(isInterfaceType(runtimeType) && runtimeType === type))
        return undefined;
      const write = this.object(runtimeType, nodes, path, ledBy);
      writeByType.set(name, write);
      return write;
    };
    return (value, state) => {
      // A plan may not request the type of an object when only interface fields are requested.
      const name = (isObject(value) && state.mergedData.read(value, '__typename')) || type.name;
      const write = writeByType.get(name) ?? writeOf(name);
      return write ? write(value, state) : mismatch(state, `an object of type ${type.name}`);
    };
  }

  #compileFields(
    type: GraphQLObjectType | GraphQLInterfaceType,
    nodes: Nodes,
    path: string,
    ledBy: Department | undefined,
  ): readonly Field[] {
    const selectionSets = nodes.flatMap((node) => node.selectionSet ?? []);
    const entries = [
      ...entriesOf(
        collectFields(this.#supergraph.publicSchema, this.#operation.fragments, type, selectionSets),
      ),
    ];
    const holdsShared = this.#isEntityAt(path);
    return entries.map(([source, name, allNodes], i) => {
      const key = this.#operation.responseKeys.get(source) ?? source;
      const named = { source, key, head: `${i === 0 ? '{' : ','}${JSON.stringify(key)}:` };
      if (name === '__typename') return { ...named, ...typenameField(type) };
      const field = metaFields.get(name) ?? type.getFields()[name];
      if (!field) throw new Error(`There is no field ${type.name}.${name}.`);
      const coordinate = `${type.name}.${name}`;
      const nonNull = isNonNullType(field.type) ? coordinate : undefined;
      const here = `${path}/${source}`;
      // A field that is denied on an interface may be allowed on this type.
      const seenNodes = allNodes.filter((node) => !this.#operation.denialOfSelection(node));
      const fieldNodes = seenNodes.length > 0 ? seenNodes : allNodes;
      const absence =
        this.#operation.failureOf(source, here) ??
        fieldNodes.map(this.#operation.denialOfSelection).find((each) => each !== undefined) ??
        this.#denialOn(type, name, source);
      const disclosedOwner = this.#operation.disclosure?.disclosedOwner(coordinate);
      const write = this.#writer(field.type, fieldNodes, coordinate, here, disclosedOwner ?? ledBy);
      return {
        ...named,
        write: holdsShared && isComposite(fieldNodes) ? once(write) : write,
        constant: undefined,
        nonNull,
        absence,
        hiddenRow: isListType(getNullableType(field.type)) ? undefined : this.#hiddenRowOf(field.type),
        disclosedOwner,
      };
    });
  }

  /** Returns the denial of an interface field. When the type is not known, all possible types must be denied alike. */
  #denialOn(type: GraphQLObjectType | GraphQLInterfaceType, name: string, key: string) {
    return (isInterfaceType(type) ? this.#supergraph.publicSchema.getPossibleTypes(type) : [type])
      .map((each) => this.#operation.denialOf(each.name, name, key))
      .find((denial) => denial !== undefined);
  }

  #hiddenRowOf(output: GraphQLOutputType): HiddenRow | undefined {
    const type = getNamedType(output);
    if (!isCompositeType(type)) return undefined;
    const denials = new Map(
      (isAbstractType(type) ? this.#supergraph.publicSchema.getPossibleTypes(type) : [type]).flatMap(
        ({ name }) => {
          const denial = this.#operation.rowDenialOf(name);
          return denial ? [[name, denial] as const] : [];
        },
      ),
    );
    if (denials.size === 0) return undefined;
    return (value, { mergedData }) => {
      if (!isObject(value)) return undefined;
      const name = isAbstractType(type) ? mergedData.read(value, '__typename') : type.name;
      const denial = denials.get(String(name));
      return denial && !isExempt(denial, value, mergedData) ? denial : undefined;
    };
  }

  #writer(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    coordinate: string,
    path: string,
    ledBy: Department | undefined,
    mayBeNull = true,
  ): Write {
    if (isNonNullType(type)) return this.#writer(type.ofType, nodes, coordinate, path, ledBy, false);
    if (isListType(type)) {
      const nonNull = isNonNullType(type.ofType) ? coordinate : undefined;
      const hiddenRow = isListType(getNullableType(type.ofType)) ? undefined : this.#hiddenRowOf(type.ofType);
      const write = this.#writer(type.ofType, nodes, coordinate, path, ledBy);
      return writeList(write, nonNull, hiddenRow, mayBeNull);
    }
    if (isEnumType(type)) {
      const texts = new Map<unknown, string>(
        type.getValues().map(({ name }) => [name, JSON.stringify(name)]),
      );
      return (value, state) => texts.get(value) ?? mismatch(state, `a value of enum ${type.name}`);
    }
    if (isLeafType(type)) return writeJson;
    return isObjectType(type)
      ? this.object(type, nodes, path, ledBy)
      : this.#abstract(type, nodes, path, ledBy);
  }
}

/** Writes `__typename`: an object type is known, an interface is not. */
const typenameField = (
  type: GraphQLNamedType,
): Pick<Field, 'write' | 'constant' | 'nonNull' | 'hiddenRow' | 'disclosedOwner'> => ({
  write: (_, state) => mismatch(state, `the type of an object behind ${type.name}`),
  constant: isObjectType(type) ? JSON.stringify(type.name) : undefined,
  nonNull: `${type.name}.__typename`,
  hiddenRow: undefined,
  disclosedOwner: undefined,
});

const metaFields = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

const isComposite = (nodes: readonly FieldNode[]) => nodes.some((node) => node.selectionSet !== undefined);

function* entriesOf(fields: FieldsByKey) {
  for (const [source, nodes] of fields) {
    const [first] = nodes;
    if (first && source !== placeholder) yield [source, first.name.value, nodes] as const;
  }
}

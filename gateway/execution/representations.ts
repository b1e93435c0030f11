import type { InputRewrite, RequiresSelection } from '@graphql-hive/router-query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { MergedData } from './merged-data.ts';
import { compileRewrites } from './rewrites.ts';

export type Representation = Json & { readonly __typename: string };

/** Makes representations of entities. Both functions return undefined for an object that cannot be requested. */
export type Represent = {
  /** Returns the fields that a subgraph needs to find the entity. */
  represent(object: Json, mergedData: MergedData): Representation | undefined;
  /** Returns a key of the representation, if possible without making it. */
  identify(object: Json, mergedData: MergedData): string | undefined;
};

export function compileRepresentation(
  subgraph: string,
  requires: readonly RequiresSelection[],
  inputRewrites: readonly InputRewrite[] | undefined,
  supergraph: Supergraph,
): Represent {
  const select = compileSelection(requires, supergraph);
  const selectAsInterface = compileInterfaceSelection(requires, inputRewrites, supergraph);
  const rewrite = compileRewrites(inputRewrites, supergraph);
  const keysByType = new Map<string, readonly SelectionSetNode[]>();
  const keysOf = (typeName: string) => {
    const known = keysByType.get(typeName) ?? supergraph.keysOf(subgraph, typeName);
    keysByType.set(typeName, known);
    return known;
  };

  const represent: Represent['represent'] = (object, mergedData) => {
    const representation: Json = {};
    if (!select(object, representation, mergedData)) return undefined;
    if (representation.__typename === undefined && !selectAsInterface(object, representation, mergedData))
      return undefined;
    rewrite(representation);
    if (!isRepresentation(representation)) return undefined;
    const keys = keysOf(representation.__typename);
    const isFound = keys.length === 0 || keys.some((key) => isComplete(key, representation));
    return isFound ? representation : undefined;
  };
  const identifySlowly: Represent['identify'] = (object, mergedData) => {
    const representation = represent(object, mergedData);
    return representation && JSON.stringify(representation);
  };
  const leaves = inputRewrites?.length ? undefined : leavesOf(requires);
  return { represent, identify: leaves ? identifyByLeaves(leaves, identifySlowly) : identifySlowly };
}

/** Returns the fields of a selection set with one type and only leaves, as most are. */
function leavesOf(requires: readonly RequiresSelection[]): readonly string[] | undefined {
  const [only, ...more] = requires;
  if (only?.kind !== 'InlineFragment' || more.length > 0) return undefined;
  const names = only.selections.map((each) =>
    each.kind === 'Field' && !each.selections?.length && !each.alias ? each.name : undefined,
  );
  const leaves = names.filter((name) => name !== undefined);
  return leaves.length === names.length && leaves.includes('__typename') ? leaves : undefined;
}

/**
 * Joins strings with their lengths, so that two different lists never give the same key. Returns undefined for other
 * values.
 */
const identifyByLeaves =
  (names: readonly string[], identifySlowly: Represent['identify']): Represent['identify'] =>
  (object, mergedData) => {
    let identity = '';
    for (const name of names) {
      const value = mergedData.read(object, name);
      if (typeof value !== 'string') return identifySlowly(object, mergedData);
      identity += `${value.length}:${value}`;
    }
    return identity;
  };

const isRepresentation = (value: Json): value is Representation => typeof value.__typename === 'string';

/**
 * Copies the selected fields. Returns false when one is missing, so that no subgraph computes from a part of what it
 * requires.
 */
type Select = (from: Json, into: Json, mergedData: MergedData) => boolean;

function compileSelection(selections: readonly RequiresSelection[], supergraph: Supergraph): Select {
  const steps = selections.map(compileOne);
  return (from, into, mergedData) => steps.every((step) => step(from, into, mergedData));

  function compileOne(selection: RequiresSelection): Select {
    if (selection.kind === 'Field') return compileField(selection, supergraph);
    if (selection.kind === 'FragmentSpread') {
      throw new Error('A plan requires fields by fragment, which its planner never does.');
    }
    const { typeCondition } = selection;
    const select = compileSelection(selection.selections, supergraph);
    return (from, into, mergedData) => {
      const known = mergedData.read(from, '__typename');
      const typeName = typeof known === 'string' ? known : typeCondition;
      const applies =
        supergraph.satisfies(typeName, typeCondition) || supergraph.satisfies(typeCondition, typeName);
      return applies ? select(from, into, mergedData) : true;
    };
  }
}

/**
 * Compiles a selection on an interface. Each type behind it can be sent, also one that the planner (0.0.38) omitted
 * when it joined two fetches.
 */
function compileInterfaceSelection(
  requires: readonly RequiresSelection[],
  inputRewrites: readonly InputRewrite[] = [],
  supergraph: Supergraph,
): Select {
  const names = inputRewrites.flatMap((rewrite) =>
    'ValueSetter' in rewrite ? rewrite.ValueSetter.setValueTo : [],
  );
  const stands = (typeName: string) => names.some((name) => supergraph.satisfies(typeName, name));
  const fragment = requires.find((each) => each.kind === 'InlineFragment' && stands(each.typeCondition));
  if (fragment?.kind !== 'InlineFragment') return () => false;
  const select = compileSelection(fragment.selections, supergraph);
  return (from, into, mergedData) => {
    const typeName = mergedData.read(from, '__typename');
    return typeof typeName === 'string' && stands(typeName) && select(from, into, mergedData);
  };
}

/** Compiles a field. `name` is its name in the data, `alias` its name in the subgraph. */
function compileField(field: Extract<RequiresSelection, { kind: 'Field' }>, supergraph: Supergraph): Select {
  const { name, alias = name, selections } = field;
  if (selections === undefined || selections.length === 0) {
    return (from, into, mergedData) => {
      const value = readEither(from, name, alias, mergedData);
      if (value !== undefined) into[alias] = value;
      return value !== undefined;
    };
  }
  const select = compileSelection(selections, supergraph);
  const copy = (value: unknown, mergedData: MergedData): unknown => {
    if (value === null) return null;
    if (Array.isArray(value)) {
      const items = value.map((item) => copy(item, mergedData));
      return items.includes(undefined) ? undefined : items;
    }
    if (!isObject(value)) return undefined;
    const nested: Json = {};
    return select(value, nested, mergedData) ? nested : undefined;
  };
  return (from, into, mergedData) => {
    const value = copy(readEither(from, name, alias, mergedData), mergedData);
    if (value === undefined) return false;
    into[alias] = isObject(value) && isObject(into[alias]) ? { ...into[alias], ...value } : value;
    return true;
  };
}

function readEither(from: Json, name: string, alias: string, mergedData: MergedData): unknown {
  const value = mergedData.read(from, name);
  return value === undefined && alias !== name ? mergedData.read(from, alias) : value;
}

/** Whether all fields of a key are present: an entity without an identity cannot be requested. */
function isComplete(key: SelectionSetNode, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => isComplete(key, item));
  if (!isObject(value)) return false;
  return key.selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return true;
    const field = value[selection.name.value];
    if (field === undefined || field === null) return false;
    return selection.selectionSet === undefined || isComplete(selection.selectionSet, field);
  });
}

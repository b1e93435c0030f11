import type { InputRewrite, RequiresSelection } from '@graphql-hive/router-query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import { isObject, type Json } from './json.ts';
import { compileRewrites } from './rewrites.ts';
import type { Supergraph } from './supergraph.ts';

export type Representation = Json & { readonly __typename: string };

/** Makes of an object what a subgraph needs to find it, or undefined where it cannot be asked for it. */
export type Represent = (object: Json) => Representation | undefined;

export function compileRepresentation(
  subgraph: string,
  requires: readonly RequiresSelection[],
  inputRewrites: readonly InputRewrite[] | undefined,
  supergraph: Supergraph,
): Represent {
  const select = compileSelection(requires, supergraph);
  const selectAsInterface = compileInterfaceSelection(requires, inputRewrites, supergraph);
  const rewrite = compileRewrites(inputRewrites, supergraph);
  return (object) => {
    const representation: Json = {};
    if (!select(object, representation)) return undefined;
    if (representation.__typename === undefined && !selectAsInterface(object, representation))
      return undefined;
    rewrite(representation);
    if (!isRepresentation(representation)) return undefined;
    const keys = supergraph.keysOf(subgraph, representation.__typename);
    const isFound = keys.length === 0 || keys.some((key) => isComplete(key, representation));
    return isFound ? representation : undefined;
  };
}

const isRepresentation = (value: Json): value is Representation => typeof value.__typename === 'string';

/** Copies the selected fields; false when one is absent, so that no subgraph computes from half of what it requires. */
type Select = (from: Json, into: Json) => boolean;

function compileSelection(selections: readonly RequiresSelection[], supergraph: Supergraph): Select {
  const steps = selections.map(compileOne);
  return (from, into) => steps.every((step) => step(from, into));

  function compileOne(selection: RequiresSelection): Select {
    if (selection.kind === 'Field') return compileField(selection, supergraph);
    if (selection.kind === 'FragmentSpread') {
      throw new Error('A plan requires fields by fragment, which its planner never does.');
    }
    const { typeCondition } = selection;
    const select = compileSelection(selection.selections, supergraph);
    return (from, into) => {
      const typeName = typeof from.__typename === 'string' ? from.__typename : typeCondition;
      const applies =
        supergraph.satisfies(typeName, typeCondition) || supergraph.satisfies(typeCondition, typeName);
      return applies ? select(from, into) : true;
    };
  }
}

/**
 * Where entities go to a subgraph as their interface, each type behind it can go, also
 * one that the planner (0.0.38) forgot when it joined two fetches into one.
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
  return (from, into) => typeof from.__typename === 'string' && stands(from.__typename) && select(from, into);
}

/** `name` is what the data calls it, `alias` what the subgraph calls it. */
function compileField(field: Extract<RequiresSelection, { kind: 'Field' }>, supergraph: Supergraph): Select {
  const { name, alias = name, selections } = field;
  if (selections === undefined || selections.length === 0) {
    return (from, into) => {
      const value = from[name] === undefined ? from[alias] : from[name];
      if (value !== undefined) into[alias] = value;
      return value !== undefined;
    };
  }
  const select = compileSelection(selections, supergraph);
  const copy = (value: unknown): unknown => {
    if (value === null) return null;
    if (Array.isArray(value)) {
      const items = value.map(copy);
      return items.includes(undefined) ? undefined : items;
    }
    if (!isObject(value)) return undefined;
    const nested: Json = {};
    return select(value, nested) ? nested : undefined;
  };
  return (from, into) => {
    const value = copy(from[name] === undefined ? from[alias] : from[name]);
    if (value === undefined) return false;
    into[alias] = isObject(value) && isObject(into[alias]) ? { ...into[alias], ...value } : value;
    return true;
  };
}

/** Whether no field of the key is null: an entity without an identity cannot be asked for. */
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

import type { FetchNodePathSegment, FetchRewrite } from '@graphql-hive/router-query-planner';
import { isObject } from '../lib/json.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';

/** Changes a value in place: an input of a subgraph, or its answer. */
export type Rewrite = (value: unknown) => void;

/**
 * Compiles the planner's rewrites. It uses other names where names would collide, and interface types where a subgraph
 * knows only these (`@interfaceObject`).
 */
export function compileRewrites(
  rewrites: readonly FetchRewrite[] | undefined,
  supergraph: Supergraph,
): Rewrite {
  const steps = (rewrites ?? []).map((rewrite) => compileRewrite(rewrite, supergraph));
  return (value) => {
    for (const step of steps) step(value);
  };
}

function compileRewrite(rewrite: FetchRewrite, supergraph: Supergraph): Rewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return atPath(path, supergraph, (object, key) => {
      if (!(key in object) || key === renameKeyTo) return;
      object[renameKeyTo] = object[key];
      delete object[key];
    });
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return atPath(path, supergraph, (object, key) => {
    object[key] = setValueTo;
  });
}

type Change = (object: Record<string, unknown>, key: string) => void;

function atPath(path: readonly FetchNodePathSegment[], supergraph: Supergraph, change: Change): Rewrite {
  const [segment, ...rest] = path;
  if (segment === undefined) return () => {};
  const next = 'Key' in segment && rest.length === 0 ? undefined : atPath(rest, supergraph, change);
  const rewrite: Rewrite = (value) => {
    if (Array.isArray(value)) value.forEach(rewrite);
    else if (!isObject(value)) return;
    else if ('Key' in segment) next === undefined ? change(value, segment.Key) : next(value[segment.Key]);
    else if (isOneOf(value.__typename, segment.TypenameEquals, supergraph)) next?.(value);
  };
  return rewrite;
}

const isOneOf = (typeName: unknown, conditions: readonly string[], supergraph: Supergraph) =>
  typeof typeName !== 'string' || conditions.some((condition) => supergraph.satisfies(typeName, condition));

import { holdTheSame, isObject, type Json } from '../lib/json.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { SelectionTree } from './fetch-document.ts';
import type { PlanPaths } from './plan-paths.ts';

/** Fields of an answer that hold objects, and whether equal objects in them may be merged into one. */
export type Internable = ReadonlyMap<string, InternableField>;

type InternableField = { readonly below: Internable; readonly mayBeOne: (object: Json) => boolean };

/**
 * Finds which fields may be interned. An addition to a shared object shows at all its places, so equal objects may be
 * merged only if they are the same entity, by the key in them, or if no other fetch can add to them.
 */
export function compileInternable(
  tree: SelectionTree,
  plan: Pick<PlanPaths, 'isBroughtInParts'>,
  supergraph: Supergraph,
): Internable {
  const isEntity = (object: Json, declaredType: string | undefined) => {
    const { __typename: typeName = declaredType } = object;
    return (
      typeof typeName === 'string' &&
      supergraph.plainKeysOf(typeName).some((key) => key.every((name) => object[name] != null))
    );
  };
  const internable = new Map<string, InternableField>();
  for (const [name, { type, below }] of tree) {
    if (!below) continue;
    internable.set(name, {
      below: compileInternable(below, plan, supergraph),
      mayBeOne: plan.isBroughtInParts(name) ? (object) => isEntity(object, type) : () => true,
    });
  }
  return internable;
}

/** Maximum number of values with the same first part that are compared with a new one. */
const bucketSize = 8;

/**
 * Replaces equal objects, and equal lists of them, by one. An object that occurs often, such as the author of many
 * reviews, is then read, extended and written once (bench case `wide`). It changes the answer in place, before anybody reads
 * it.
 */
export class Interning {
  /** Seen values, by their first significant part. */
  readonly #seen = new Map<unknown, object[]>();

  /** Returns the value that stands for this one. */
  intern(value: unknown, below: Internable, mayBeOne: (object: Json) => boolean = () => true): unknown {
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = this.intern(value[i], below, mayBeOne);
      return isObject(value[0]) ? this.#oneOf(value[0], value, listTheSame) : value;
    }
    if (!isObject(value)) return value;
    for (const [name, field] of below) {
      const part = value[name];
      if (typeof part === 'object' && part !== null) {
        value[name] = this.intern(part, field.below, field.mayBeOne);
      }
    }
    return mayBeOne(value) ? this.#oneOf(firstPart(value), value, holdTheSame) : value;
  }

  #oneOf<Value extends object>(part: unknown, value: Value, isSame: (a: Value, b: Value) => boolean): Value {
    const bucket = this.#seen.get(part);
    if (!bucket) {
      this.#seen.set(part, [value]);
      return value;
    }
    for (const known of bucket) {
      if (Array.isArray(known) === Array.isArray(value) && isSame(known as Value, value))
        return known as Value;
    }
    if (bucket.length < bucketSize) bucket.push(value);
    return value;
  }
}

/** Returns a part that few other objects share: not the type, and not a boolean. */
function firstPart(object: Json): unknown {
  for (const key in object) {
    const part = object[key];
    if (key !== '__typename' && part !== null && typeof part !== 'boolean') return part;
  }
  return undefined;
}

const listTheSame = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((item, i) => item === b[i]);

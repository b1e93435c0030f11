import type { SelectionTree } from './fetch-document.ts';
import { holdTheSame, isObject, type Json } from './json.ts';

/** The fields of an object that hold objects, and whether those may be shared by places that hold the same. */
export type Internable = ReadonlyMap<string, { readonly isShared: boolean; readonly below: Internable }>;

/**
 * Which objects of a fetch's answer may be interned: all but those that another fetch adds
 * to by their place and not by their key (`isJoinedAt`), because what is added to one place
 * would show in all others.
 */
export const compileInternable = (
  tree: SelectionTree,
  places: readonly string[],
  isJoinedAt: (path: string) => boolean,
): Internable =>
  new Map(
    [...tree].map(([key, fields]) => {
      const paths = places.map((place) => `${place}/${key}`);
      const below = compileInternable(fields, paths, isJoinedAt);
      return [key, { isShared: !paths.some(isJoinedAt), below }];
    }),
  );

/** How many values with the same first part are compared with a new one. */
const bucketSize = 8;

/**
 * Makes one object of those that hold the same, and one list of those. What stands in many
 * places of an answer, as the author of each review with all that is below, is then read,
 * extended and written once. Values are replaced in place: this comes before anybody reads the answer.
 */
export class Interning {
  /** What was seen, by the first part of it that tells something. */
  readonly #seen = new Map<unknown, object[]>();

  /** The value that stands for this one. */
  intern(value: unknown, below: Internable, isShared = true): unknown {
    if (Array.isArray(value)) return this.#internList(value, below, isShared);
    if (!isObject(value)) return value;
    for (const [key, field] of below) {
      const part = value[key];
      if (typeof part === 'object' && part !== null) {
        value[key] = this.intern(part, field.below, field.isShared);
      }
    }
    return isShared ? this.#oneOf(firstPart(value), value, holdTheSame) : value;
  }

  #internList(list: unknown[], below: Internable, isShared: boolean): unknown[] {
    for (let i = 0; i < list.length; i++) list[i] = this.intern(list[i], below, isShared);
    return isShared && isObject(list[0]) ? this.#oneOf(list[0], list, listTheSame) : list;
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

/** A part that few other objects have: neither their type nor a yes or no. */
function firstPart(object: Json): unknown {
  for (const key in object) {
    const part = object[key];
    if (key !== '__typename' && part !== null && typeof part !== 'boolean') return part;
  }
  return undefined;
}

const listTheSame = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((item, i) => item === b[i]);

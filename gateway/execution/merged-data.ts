import { holdTheSame, isObject, type Json } from '../lib/json.ts';

/**
 * Answers of subgraphs, merged by object. The answers themselves are never changed, so one answer can serve many
 * requests, and an entity at many places stays one object. Several answers can be merged under one name because in a
 * planned operation a name means one field with one set of arguments (see operation.ts).
 */
export class MergedData {
  /** Further answers about an object, in the order of their arrival. */
  readonly #below = new Map<Json, Json[]>();
  /** Objects that are aliases of an equal object of the same entity. */
  readonly #same = new Map<Json, Json>();
  /** The few fields of an object that no single answer holds in their final form. */
  readonly #above = new Map<Json, Json>();
  readonly #isAbstract: (typeName: string) => boolean;

  constructor(isAbstract: (typeName: string) => boolean) {
    this.#isAbstract = isAbstract;
  }

  /** Reads a field: the first value that is not null, because one of several agencies may have failed. */
  read(object: Json, key: string): unknown {
    if (this.#above.size > 0) {
      const value = this.#above.get(this.representative(object))?.[key];
      if (value !== undefined) return value;
    }
    const own = object[key];
    if (own !== undefined && own !== null) return own;
    const below = this.#below.get(this.representative(object));
    if (below === undefined) return own;
    let found = own;
    for (const answer of below) {
      const value = answer[key];
      if (value !== undefined && value !== null) return value;
      if (value === null) found = null;
    }
    return found;
  }

  /** Returns the object that stands for this one and its aliases. */
  representative(object: Json): Json {
    const other = this.#same.get(object);
    // The other object may be an alias itself by now.
    return other === undefined ? object : this.representative(other);
  }

  /** Makes an object an alias of another with the same content. Returns whether that was possible. */
  alias(object: Json, other: Json): boolean {
    if (object === other) return true;
    if (this.#below.has(object) || this.#above.has(object) || !holdTheSame(object, other)) return false;
    this.#same.set(object, this.representative(other));
    return true;
  }

  /** Adds an answer about an object. */
  add(to: Json, answer: Json): void {
    const object = this.representative(to);
    if (object === answer) return;
    const below = this.#below.get(object);
    if (below?.includes(answer)) return;
    for (const key in answer) {
      const value = answer[key];
      if (value === null || value === undefined) continue;
      // A known leaf stays the same; only objects and lists can add something.
      if (typeof value === 'object') this.#join(object, key, value);
      else if (key === '__typename') this.#refine(object, value);
    }
    if (below) below.push(answer);
    else this.#below.set(object, [answer]);
  }

  /** Merges two values of one field: objects by field, lists by position. */
  #join(object: Json, key: string, value: object): void {
    const known = this.read(object, key);
    if (known === undefined || known === null || known === value) return;
    const joined = this.#joinValues(known, value);
    if (joined !== known) this.#override(object, key, joined);
  }

  #joinValues(known: unknown, value: unknown): unknown {
    if (known === null || known === undefined) return value;
    if (isObject(known) && isObject(value)) this.add(known, value);
    else if (Array.isArray(known) && Array.isArray(value)) return this.#joinLists(known, value);
    return known;
  }

  #joinLists(known: readonly unknown[], value: readonly unknown[]): readonly unknown[] {
    const length = Math.max(known.length, value.length);
    const joined = Array.from({ length }, (_, index) => this.#joinValues(known[index], value[index]));
    return joined.length === known.length && joined.every((item, index) => item === known[index])
      ? known
      : joined;
  }

  /** Keeps a known type, unless it was only an interface, as with `@interfaceObject`. */
  #refine(object: Json, typeName: unknown): void {
    const known = this.read(object, '__typename');
    if (typeof known === 'string' && known !== typeName && this.#isAbstract(known)) {
      this.#override(object, '__typename', typeName);
    }
  }

  #override(object: Json, key: string, value: unknown): void {
    const fields = this.#above.get(object);
    if (fields) fields[key] = value;
    else this.#above.set(object, { [key]: value });
  }
}

/** Returns the value at a path of field names below an object. */
export const readPath = (path: readonly string[], from: Json, mergedData: MergedData): unknown =>
  path.reduce<unknown>((value, name) => {
    const read = (each: unknown) => (isObject(each) ? mergedData.read(each, name) : undefined);
    return Array.isArray(value) ? value.map(read) : read(value);
  }, from);

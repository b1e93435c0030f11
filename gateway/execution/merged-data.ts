import { holdTheSame, isObject, type Json } from '../lib/json.ts';

/**
 * What subgraphs answered, laid over each other. The answers themselves are never
 * written to, so one answer can serve many requests at once, and an entity that stands
 * in many places stays one object. That several answers may lie under one name is safe
 * because in a planned operation one name means one field with one set of arguments
 * (see operation.ts).
 */
export class MergedData {
  /** What else is known of an object, in the order in which it was answered. */
  readonly #below = new Map<Json, Json[]>();
  /** Objects that stand for the same entity and hold the same: what is known of one is known of the other. */
  readonly #same = new Map<Json, Json>();
  /** The few fields of an object that none of its layers tells as they are. */
  readonly #above = new Map<Json, Json>();
  readonly #isAbstract: (typeName: string) => boolean;

  constructor(isAbstract: (typeName: string) => boolean) {
    this.#isAbstract = isAbstract;
  }

  /** A field of an object: the first answer that is not null, because one of several agencies may have failed. */
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
    for (const layer of below) {
      const value = layer[key];
      if (value !== undefined && value !== null) return value;
      if (value === null) found = null;
    }
    return found;
  }

  /** The one of several objects alike that stands for all of them. */
  representative(object: Json): Json {
    const other = this.#same.get(object);
    // That one may have been united with another since.
    return other === undefined ? object : this.representative(other);
  }

  /** Lets one object stand for another, where both hold the same; says whether it could. */
  alias(object: Json, other: Json): boolean {
    if (object === other) return true;
    if (this.#below.has(object) || this.#above.has(object) || !holdTheSame(object, other)) return false;
    this.#same.set(object, this.representative(other));
    return true;
  }

  /** Adds what a subgraph answered about an object. */
  add(to: Json, answer: Json): void {
    const object = this.representative(to);
    if (object === answer) return;
    const below = this.#below.get(object);
    if (below?.includes(answer)) return;
    for (const key in answer) {
      const value = answer[key];
      if (value === null || value === undefined) continue;
      // A leaf that is known already is the same; only what has parts of its own can tell more.
      if (typeof value === 'object') this.#join(object, key, value);
      else if (key === '__typename') this.#refine(object, value);
    }
    if (below) below.push(answer);
    else this.#below.set(object, [answer]);
  }

  /** Two answers of one field: objects are laid over each other, lists item by item. */
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

  /** A type stays once it is known, unless it only named an interface, as an `@interfaceObject` does. */
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

/** What is at a path of field names from an object on. */
export const readPath = (path: readonly string[], from: Json, mergedData: MergedData): unknown =>
  path.reduce<unknown>((value, name) => (isObject(value) ? mergedData.read(value, name) : undefined), from);

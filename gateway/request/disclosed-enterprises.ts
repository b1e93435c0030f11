import type { Department } from '@wenshu/schema/caller.ts';

/** The number of enterprises that a record names. An answer that discloses more counts as a disclosure in bulk. */
export const mostNamed = 100;

/** Collects the enterprises whose non-public data one answer discloses, in all and by the owner of the data. */
export class DisclosedEnterprises {
  readonly #all = new Named();
  readonly #byOwner = new Map<Department, Named>();

  /** Adds an enterprise that the data of these owners disclose. */
  add(id: string, owners: readonly Department[]): void {
    this.#all.add(id);
    for (const owner of owners) this.#of(owner).add(id);
  }

  /** Marks that the data of these owners disclose too many enterprises to name, or unknown ones. */
  addAll(owners: readonly Department[]): void {
    this.#all.addAll();
    for (const owner of owners) this.#of(owner).addAll();
  }

  /** The ids in the order of the answer; null in bulk, undefined if there are none. */
  get ids(): readonly string[] | null | undefined {
    return this.#all.ids;
  }

  /** The ids for each owner whose data disclose an enterprise; undefined if there is none. */
  get byOwner(): Readonly<Record<string, readonly string[] | null>> | undefined {
    if (this.#byOwner.size === 0) return undefined;
    return Object.fromEntries([...this.#byOwner].map(([owner, { ids = [] }]) => [owner, ids]));
  }

  #of(owner: Department): Named {
    let named = this.#byOwner.get(owner);
    if (!named) {
      named = new Named();
      this.#byOwner.set(owner, named);
    }
    return named;
  }
}

class Named {
  readonly #ids = new Set<string>();
  #isInBulk = false;

  add(id: string): void {
    if (this.#isInBulk) return;
    this.#ids.add(id);
    if (this.#ids.size > mostNamed) this.addAll();
  }

  addAll(): void {
    this.#isInBulk = true;
    this.#ids.clear();
  }

  get ids(): readonly string[] | null | undefined {
    if (this.#isInBulk) return null;
    return this.#ids.size > 0 ? [...this.#ids] : undefined;
  }
}
